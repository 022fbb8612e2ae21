//! Turns the errors of `notes` into problems, and logs those that only an operator can fix.

use notes::{
    BoardError, EditError, PasskeyError, PasswordLinkError, PersonError, SignInError, SignUpError,
    StoreError, WriteError,
};

use super::{Kind, Problem};

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Throttled(_) => {
                tracing::warn!(%error, "DynamoDB is throttling: {error}");
                Self::overloaded()
            }
            StoreError::Full(_) => {
                tracing::error!(%error, "the board is full: {error}");
                Self::new(Kind::BoardFull)
            }
            StoreError::Unavailable(_) => {
                tracing::error!(%error, "DynamoDB is unavailable: {error}");
                Self::overloaded()
            }
            _ => {
                tracing::error!(%error, "request failed: {error}");
                Self::new(Kind::Internal)
            }
        }
    }
}

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Exists(note) => Self::key_taken(note),
            WriteError::NotFound => Self::no_such_note(),
            WriteError::Stale(note) => Self::stale(note),
            WriteError::Store(error) => error.into(),
        }
    }
}

impl From<EditError> for Problem {
    fn from(error: EditError) -> Self {
        match error {
            EditError::NotYours => Self::not_your_edit(),
            EditError::Full => Self::full_note(),
            EditError::Store(error) => error.into(),
        }
    }
}

impl From<SignUpError> for Problem {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::Taken => Self::username_taken(),
            SignUpError::TooMany(wait) => Self::too_many_attempts(wait),
            SignUpError::NotInvited => Self::invitation_required(),
            SignUpError::Store(error) => error.into(),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong => Self::wrong_credentials(),
            SignInError::WrongPasskey => Self::new(Kind::WrongPasskey),
            SignInError::TooMany(wait) => Self::too_many_attempts(wait),
            SignInError::Disabled => Self::new(Kind::AccountDisabled),
            SignInError::Store(error) => error.into(),
        }
    }
}

impl From<PasskeyError> for Problem {
    fn from(error: PasskeyError) -> Self {
        match error {
            // An account has it. The response does not say so: it may be another's.
            PasskeyError::Taken => Self::new(Kind::InvalidPasskey),
            PasskeyError::TooMany => Self::new(Kind::TooManyPasskeys),
            PasskeyError::SignedOut => Self::not_signed_in(),
            PasskeyError::Store(error) => error.into(),
        }
    }
}

impl From<PasswordLinkError> for Problem {
    fn from(error: PasswordLinkError) -> Self {
        match error {
            PasswordLinkError::Invalid => Self::new(Kind::InvalidLink),
            PasswordLinkError::Store(error) => error.into(),
        }
    }
}

impl From<BoardError> for Problem {
    fn from(error: BoardError) -> Self {
        Self::new(match error {
            BoardError::NotFound => Kind::NoSuchBoard,
            BoardError::Stale(_) => Kind::BoardChanged,
            BoardError::Permanent => Kind::PermanentBoard,
            BoardError::LastOwner => Kind::LastOwner,
            BoardError::NoSuchMember => Kind::NoSuchMember,
            BoardError::NoSuchAccount => Kind::NoSuchUser,
            BoardError::TooManyMembers => Kind::TooManyMembers,
            BoardError::TooManyBoards => Kind::TooManyBoards,
            BoardError::NotInvited => Kind::NoSuchInvitation,
            BoardError::Store(error) => return error.into(),
        })
    }
}

impl From<PersonError> for Problem {
    fn from(error: PersonError) -> Self {
        match error {
            PersonError::NotFound => Self::new(Kind::NoSuchUser),
            PersonError::LastAdministrator => Self::new(Kind::LastAdministrator),
            PersonError::Store(error) => error.into(),
        }
    }
}
