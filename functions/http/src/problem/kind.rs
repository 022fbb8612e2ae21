//! The kinds of problems. Programs distinguish them by `type`.

use axum::http::StatusCode;

/// A kind of problem. Its `type` is the address of its description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Malformed,
    NotSignedIn,
    WrongCredentials,
    WrongPasskey,
    NotThroughEdge,
    ForeignOrigin,
    WrongPassword,
    WrongSignUpCode,
    AccountDisabled,
    InvitationRequired,
    InvalidLink,
    NotAdministrator,
    ReadOnly,
    NotOwner,
    PermanentBoard,
    NoSuchRoute,
    NoSuchBoard,
    NoSuchNote,
    NoSuchVersion,
    NotInTrash,
    NoSuchUser,
    NoSuchMember,
    NoSuchSession,
    NoSuchPasskey,
    NoSuchInvitation,
    NoSuchProblem,
    MethodNotAllowed,
    UsernameTaken,
    LastAdministrator,
    LastOwner,
    TooManyMembers,
    TooManyBoards,
    TooManyPasskeys,
    BoardFull,
    KeyTaken,
    Stale,
    BoardChanged,
    TooLarge,
    NotJson,
    Encoded,
    WrongValues,
    InvalidPasskey,
    ConditionRequired,
    TooManyAttempts,
    QuotaReached,
    Internal,
    Overloaded,
}

impl Kind {
    /// All kinds, sorted by status.
    pub(crate) const ALL: [Self; 47] = [
        Self::Malformed,
        Self::NotSignedIn,
        Self::WrongCredentials,
        Self::WrongPasskey,
        Self::NotThroughEdge,
        Self::ForeignOrigin,
        Self::WrongPassword,
        Self::WrongSignUpCode,
        Self::AccountDisabled,
        Self::InvitationRequired,
        Self::InvalidLink,
        Self::NotAdministrator,
        Self::ReadOnly,
        Self::NotOwner,
        Self::PermanentBoard,
        Self::NoSuchRoute,
        Self::NoSuchBoard,
        Self::NoSuchNote,
        Self::NoSuchVersion,
        Self::NotInTrash,
        Self::NoSuchUser,
        Self::NoSuchMember,
        Self::NoSuchSession,
        Self::NoSuchPasskey,
        Self::NoSuchInvitation,
        Self::NoSuchProblem,
        Self::MethodNotAllowed,
        Self::UsernameTaken,
        Self::LastAdministrator,
        Self::LastOwner,
        Self::TooManyMembers,
        Self::TooManyBoards,
        Self::TooManyPasskeys,
        Self::BoardFull,
        Self::KeyTaken,
        Self::Stale,
        Self::BoardChanged,
        Self::TooLarge,
        Self::NotJson,
        Self::Encoded,
        Self::WrongValues,
        Self::InvalidPasskey,
        Self::ConditionRequired,
        Self::TooManyAttempts,
        Self::QuotaReached,
        Self::Internal,
        Self::Overloaded,
    ];

    /// Returns the name in the address of this kind.
    pub(crate) fn slug(self) -> &'static str {
        self.facts().slug
    }

    /// Returns the address of the description, which is the `type` of a problem document.
    pub(crate) fn address(self) -> String {
        format!("/api/problems/{}", self.slug())
    }

    /// Returns the status of the responses.
    pub(crate) fn status(self) -> StatusCode {
        self.facts().status
    }

    /// Returns a short name for people.
    pub(crate) fn title(self) -> &'static str {
        self.facts().title
    }

    /// Returns a text that says what to do next.
    pub(crate) fn advice(self) -> &'static str {
        self.facts().advice
    }

    #[expect(clippy::too_many_lines, reason = "it is a table with one row for each kind")]
    fn facts(self) -> Facts {
        use StatusCode as S;
        match self {
            Self::Malformed => facts(
                S::BAD_REQUEST,
                "malformed",
                "Malformed request",
                "The request cannot be read. See detail, and send what the API describes.",
            ),
            Self::NotSignedIn => facts(S::UNAUTHORIZED, "not-signed-in", "Not signed in", "Sign in first."),
            Self::WrongCredentials => facts(
                S::UNAUTHORIZED,
                "wrong-credentials",
                "Wrong username or password",
                "The username or the password is wrong.",
            ),
            Self::WrongPasskey => facts(
                S::UNAUTHORIZED,
                "wrong-passkey",
                "Passkey not accepted",
                "This passkey is not accepted here. Sign in with your password, or try again with another passkey.",
            ),
            Self::NotThroughEdge => facts(
                S::FORBIDDEN,
                "not-through-edge",
                "Not at this address",
                "Notes accepts requests only at the address of its CloudFront distribution. Use that address, which is the \
                 output Address of the stack.",
            ),
            Self::ForeignOrigin => facts(
                S::FORBIDDEN,
                "foreign-origin",
                "Sent by another site",
                "Only a page of this site may make changes. Open this site and try again.",
            ),
            Self::WrongPassword => facts(
                S::FORBIDDEN,
                "wrong-password",
                "Wrong password",
                "The password is not yours. Check it and try again.",
            ),
            Self::WrongSignUpCode => facts(
                S::FORBIDDEN,
                "wrong-sign-up-code",
                "Wrong sign-up code",
                "Creating an account requires your team's sign-up code. Ask your team for it.",
            ),
            Self::AccountDisabled => facts(
                S::FORBIDDEN,
                "account-disabled",
                "Account disabled",
                "An administrator disabled this account. Ask an administrator to enable it.",
            ),
            Self::InvitationRequired => facts(
                S::FORBIDDEN,
                "invitation-required",
                "Invitation required",
                "Creating an account requires an open invitation. Ask an administrator for a new link.",
            ),
            Self::InvalidLink => facts(
                S::FORBIDDEN,
                "invalid-link",
                "Invalid link",
                "The link has been used or replaced, or has expired. Ask an administrator for a new one.",
            ),
            Self::NotAdministrator => facts(
                S::FORBIDDEN,
                "not-administrator",
                "Not an administrator",
                "Only an administrator may do this. Ask one.",
            ),
            Self::ReadOnly => facts(
                S::FORBIDDEN,
                "read-only",
                "You may only read",
                "You may read this board, but not change it. Ask one of its owners for the role of an editor.",
            ),
            Self::NotOwner => facts(
                S::FORBIDDEN,
                "not-owner",
                "Not an owner",
                "Only an owner of this board may do this. Ask one.",
            ),
            Self::PermanentBoard => facts(
                S::FORBIDDEN,
                "permanent-board",
                "A permanent board",
                "The first board of the team can be neither deleted nor made private. Use another board.",
            ),
            Self::NoSuchRoute => facts(
                S::NOT_FOUND,
                "no-such-route",
                "Nothing here",
                "There is nothing at this address. Check the address.",
            ),
            Self::NoSuchBoard => facts(
                S::NOT_FOUND,
                "no-such-board",
                "No such board",
                "There is no such board, or you are not a member of it. List your boards, or ask for an invitation.",
            ),
            Self::NoSuchNote => facts(
                S::NOT_FOUND,
                "no-such-note",
                "No such note",
                "There is no such note. Check its key, or create it.",
            ),
            Self::NoSuchVersion => facts(
                S::NOT_FOUND,
                "no-such-version",
                "No such version",
                "The note has no earlier version with this number. Fewer are kept with age. List the versions again.",
            ),
            Self::NotInTrash => facts(
                S::NOT_FOUND,
                "not-in-trash",
                "Not in the trash",
                "This note is not in the trash. It may have been restored or deleted for good. List the trash again.",
            ),
            Self::NoSuchUser => facts(
                S::NOT_FOUND,
                "no-such-user",
                "No such user",
                "No user has this username. Check the username.",
            ),
            Self::NoSuchMember => facts(
                S::NOT_FOUND,
                "no-such-member",
                "No such member",
                "This person is not a member of the board. List its members again.",
            ),
            Self::NoSuchSession => facts(
                S::NOT_FOUND,
                "no-such-session",
                "No such session",
                "You have no such session. List your sessions again.",
            ),
            Self::NoSuchPasskey => facts(
                S::NOT_FOUND,
                "no-such-passkey",
                "No such passkey",
                "You have no such passkey. List your passkeys again.",
            ),
            Self::NoSuchInvitation => facts(
                S::NOT_FOUND,
                "no-such-invitation",
                "No such invitation",
                "There is no such invitation. List the invitations again.",
            ),
            Self::NoSuchProblem => facts(
                S::NOT_FOUND,
                "no-such-problem",
                "No such kind of problem",
                "There is no such kind of problem. Use the type of a problem document.",
            ),
            Self::MethodNotAllowed => facts(
                S::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "Method not allowed",
                "This address does not support this method. Use one that the header Allow lists.",
            ),
            Self::UsernameTaken => facts(
                S::CONFLICT,
                "username-taken",
                "Username taken",
                "The username is taken. Choose another one.",
            ),
            Self::LastAdministrator => facts(
                S::CONFLICT,
                "last-administrator",
                "Last administrator",
                "This is the only administrator. Make somebody else an administrator first.",
            ),
            Self::LastOwner => facts(
                S::CONFLICT,
                "last-owner",
                "Last owner",
                "A private board needs an owner. Make somebody else an owner first.",
            ),
            Self::TooManyMembers => facts(
                S::CONFLICT,
                "too-many-members",
                "Too many members",
                "The board has as many members as a board may have (1,000). Remove one first.",
            ),
            Self::TooManyBoards => facts(
                S::CONFLICT,
                "too-many-boards",
                "Too many boards",
                "This person is a member of as many boards as one may be (100). Leave one first.",
            ),
            Self::TooManyPasskeys => facts(
                S::CONFLICT,
                "too-many-passkeys",
                "Too many passkeys",
                "You have as many passkeys as an account may have (10). Remove one first.",
            ),
            Self::BoardFull => facts(
                S::CONFLICT,
                "board-full",
                "The board is full",
                "The notes of this board or its trash take up all available space (10 GB). Nothing was changed. Delete notes that \
                 nobody needs, or shorten this one, or empty the trash, then try again.",
            ),
            Self::KeyTaken => facts(
                S::PRECONDITION_FAILED,
                "key-taken",
                "Key taken",
                "A note with this key exists. The response contains it. Choose another key, or change that note.",
            ),
            Self::Stale => facts(
                S::PRECONDITION_FAILED,
                "stale",
                "Changed meanwhile",
                "The note does not match your conditions. The response contains the current note. Apply your change to it \
                 and try again.",
            ),
            Self::BoardChanged => facts(
                S::PRECONDITION_FAILED,
                "board-changed",
                "The board has changed",
                "The board does not match your conditions. Read it again, apply your change to it, and try again.",
            ),
            Self::TooLarge => facts(
                S::PAYLOAD_TOO_LARGE,
                "too-large",
                "Too large",
                "The request is too large. See detail and errors, and send less.",
            ),
            Self::NotJson => facts(
                S::UNSUPPORTED_MEDIA_TYPE,
                "not-json",
                "Not JSON",
                "The content type is not supported. Send the one in the header Accept.",
            ),
            Self::Encoded => facts(
                S::UNSUPPORTED_MEDIA_TYPE,
                "encoded",
                "Encoded body",
                "Send the body without Content-Encoding.",
            ),
            Self::WrongValues => facts(
                S::UNPROCESSABLE_ENTITY,
                "wrong-values",
                "Invalid values",
                "Some values are invalid. Correct those in errors and try again.",
            ),
            Self::InvalidPasskey => facts(
                S::UNPROCESSABLE_ENTITY,
                "invalid-passkey",
                "Passkey not added",
                "The passkey was not added. It may have taken too long, or be registered already. Start again.",
            ),
            Self::ConditionRequired => facts(
                S::PRECONDITION_REQUIRED,
                "condition-required",
                "A condition is required",
                "Send If-Match with the ETag of the note or the board, or If-None-Match: * to create a note.",
            ),
            Self::TooManyAttempts => facts(
                S::TOO_MANY_REQUESTS,
                "too-many-attempts",
                "Too many attempts",
                "Wait for the number of seconds in the header Retry-After, then try again.",
            ),
            Self::QuotaReached => facts(
                S::TOO_MANY_REQUESTS,
                "quota-reached",
                "Quota reached",
                "You have changed as much as one person may in a minute. Nothing was changed by this request. Wait for the \
                 number of seconds in the header Retry-After, then try again.",
            ),
            Self::Internal => facts(
                S::INTERNAL_SERVER_ERROR,
                "internal",
                "Internal error",
                "Something failed on the server. Try again later.",
            ),
            Self::Overloaded => facts(
                S::SERVICE_UNAVAILABLE,
                "overloaded",
                "Too busy",
                "Notes is too busy. Wait for the number of seconds in the header Retry-After, then try again. Check first \
                 whether your change was made.",
            ),
        }
    }
}

/// The facts about a kind of problem.
struct Facts {
    status: StatusCode,
    slug: &'static str,
    title: &'static str,
    advice: &'static str,
}

fn facts(status: StatusCode, slug: &'static str, title: &'static str, advice: &'static str) -> Facts {
    Facts { status, slug, title, advice }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_unique_slug() {
        let mut slugs: Vec<&str> = Kind::ALL.iter().map(|kind| kind.slug()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), Kind::ALL.len());
    }
}
