//! Errors of the stores: of a table ([`StoreError`]), a note ([`WriteError`]), an edit ([`EditError`]), a comment ([`CreateCommentError`],
//! [`DeleteCommentError`]), a sign-up ([`SignUpError`]), a password ([`SignInError`], [`PasswordLinkError`]), a
//! passkey ([`SignInError`], [`PasskeyError`]), an account
//! ([`DeleteAccountError`], [`PersonError`]), and a board ([`BoardError`]).

use std::error::Error;
use std::time::Duration;

use aws_sdk_dynamodb::error::{BuildError, ProvideErrorMetadata, SdkError};

use crate::{Board, CurrentNote, Note};

/// Explains why a table failed. It is for operators, not for users.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// `DynamoDB` refused the request.
    #[error("DynamoDB: {0}")]
    DynamoDb(String),
    /// `DynamoDB` throttled the request, after all retries. It may succeed later.
    #[error("DynamoDB: {0}")]
    Throttled(String),
    /// `DynamoDB` was not reached, timed out, or failed, after all retries. It may succeed later, and a write may have
    /// happened.
    #[error("DynamoDB: {0}")]
    Unavailable(String),
    /// A partition is full. It accepts only writes that make it smaller.
    #[error("DynamoDB: {0}")]
    Full(String),
    /// A row cannot be read.
    #[error("unreadable row: {0}")]
    Row(#[from] serde_dynamo::Error),
    /// A row of a document cannot be read: this attribute.
    #[error("unreadable row of a document: {0}")]
    Document(&'static str),
    /// A password could not be hashed, or a stored hash could not be read.
    #[error("password hash: {0}")]
    PasswordHash(String),
}

/// The codes of throttling: of a request, and of a part of a transaction.
const THROTTLED: [&str; 6] = [
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
    "ThrottlingError",
    "LimitExceededException",
];

/// The codes of a full partition: of a request, and of a part of a transaction.
const FULL: [&str; 2] = ["ItemCollectionSizeLimitExceededException", "ItemCollectionSizeLimitExceeded"];

/// The codes of internal errors.
const FAILED: [&str; 3] = ["InternalServerError", "InternalFailure", "ServiceUnavailable"];

impl From<aws_sdk_dynamodb::Error> for StoreError {
    fn from(error: aws_sdk_dynamodb::Error) -> Self {
        let parts = match &error {
            aws_sdk_dynamodb::Error::TransactionCanceledException(cancelled) => {
                cancelled.cancellation_reasons()
            }
            _ => &[],
        };
        let codes: Vec<_> = parts.iter().map(|part| part.code()).chain([error.code()]).flatten().collect();
        let is_one_of = |names: &[&str]| codes.iter().any(|code| names.contains(code));
        // Only the code and the message, or the causes. The rest can contain rows, and so what users wrote.
        let said = match error.code() {
            Some(code) => format!("{code}: {}", error.message().unwrap_or("no message")),
            None => causes(&error),
        };
        match error.code() {
            _ if is_one_of(&FULL) => Self::Full(said),
            _ if is_one_of(&THROTTLED) => Self::Throttled(said),
            Some(code) if !FAILED.contains(&code) => Self::DynamoDb(said),
            // An error without a code is not a response of `DynamoDB`.
            _ => Self::Unavailable(said),
        }
    }
}

/// Returns the messages of an error and its causes.
fn causes(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl From<BuildError> for StoreError {
    fn from(error: BuildError) -> Self {
        aws_sdk_dynamodb::Error::from(error).into()
    }
}

impl<E, R> From<SdkError<E, R>> for StoreError
where
    aws_sdk_dynamodb::Error: From<SdkError<E, R>>,
{
    fn from(error: SdkError<E, R>) -> Self {
        aws_sdk_dynamodb::Error::from(error).into()
    }
}

/// Explains why a note was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The key is taken by this note.
    #[error("a note with this key exists")]
    Exists(Box<Note>),
    /// The note does not exist.
    #[error("there is no such note")]
    NotFound,
    /// The note is not as the writer expected. This is the current note.
    #[error("the note has changed")]
    Stale(Box<CurrentNote>),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Explains why an edit was not stored.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It contains what somebody else has inserted.
    #[error("the edit is not by its sender")]
    NotYours,
    /// The text would be too long.
    #[error("the text is too long")]
    Full,
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Explains why a comment was not written.
#[derive(Debug, thiserror::Error)]
pub enum CreateCommentError {
    /// There is no such note.
    #[error("there is no such note")]
    NoNote,
    /// The id belongs to another comment: of another author, or with another message.
    #[error("another comment has this id")]
    IdTaken,
    /// The id is too old or too new, and no comment has it.
    #[error("the id was not made just now")]
    OtherTime,
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Explains why a comment was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteCommentError {
    /// The comment does not exist.
    #[error("there is no such comment")]
    NotFound,
    /// The user wrote neither the comment nor the note.
    #[error("only the author of the comment or of the note may delete it")]
    Forbidden,
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Explains why an account was not created.
#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// The username is taken, or was.
    #[error("the username is taken")]
    Taken,
    /// The IP address created too many accounts. The next is allowed after this time.
    #[error("too many accounts were made")]
    TooMany(Duration),
    /// An invitation is required, and there is none, or it is used up, revoked or expired.
    #[error("an invitation is required")]
    NotInvited,
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Explains why a password or a passkey was refused.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The account does not exist, or has another password.
    #[error("the username or the password is wrong")]
    Wrong,
    /// The passkey is unknown or removed, or what it signed is wrong.
    #[error("the passkey is not accepted")]
    WrongPasskey,
    /// Too many attempts failed. The next is allowed after this time.
    #[error("too many tries have failed")]
    TooMany(Duration),
    /// The password or the passkey is right, but an administrator disabled the account.
    #[error("the account is disabled")]
    Disabled,
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Explains why a passkey was not added.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// An account has this passkey already.
    #[error("the passkey is taken")]
    Taken,
    /// The account has as many passkeys as it may have.
    #[error("too many passkeys")]
    TooMany,
    /// The session has ended meanwhile.
    #[error("the session has ended")]
    SignedOut,
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Explains why an account was not deleted by its user.
#[derive(Debug, thiserror::Error)]
pub enum DeleteAccountError {
    /// The password was refused, or a table failed.
    #[error(transparent)]
    Password(#[from] SignInError),
    /// It is the account of the last administrator.
    #[error("this is the last administrator")]
    LastAdministrator,
}

impl From<StoreError> for DeleteAccountError {
    fn from(error: StoreError) -> Self {
        Self::Password(error.into())
    }
}

/// Explains why a password was not set with a link.
#[derive(Debug, thiserror::Error)]
pub enum PasswordLinkError {
    /// The link was used or replaced, has expired, or never existed.
    #[error("the link is not valid")]
    Invalid,
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Explains why an administrator did not change an account.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// Nobody has an account with this username.
    #[error("there is no such account")]
    NotFound,
    /// There would be no administrator left.
    #[error("this is the last administrator")]
    LastAdministrator,
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Explains why a board, its members or its invitations were not changed.
#[derive(Debug, thiserror::Error)]
pub enum BoardError {
    /// The board does not exist.
    #[error("there is no such board")]
    NotFound,
    /// The board has another version than the writer expected. This is the current board.
    #[error("the board has changed")]
    Stale(Box<Board>),
    /// The first team board can be neither deleted nor made private.
    #[error("this board is permanent")]
    Permanent,
    /// A private board would have no owner.
    #[error("this is the last owner")]
    LastOwner,
    /// The person is not a member of the board.
    #[error("there is no such member")]
    NoSuchMember,
    /// Nobody has an account with this username.
    #[error("there is no such account")]
    NoSuchAccount,
    /// The board has as many members as it may have.
    #[error("the board has too many members")]
    TooManyMembers,
    /// The person is a member of as many boards as one may be.
    #[error("too many boards")]
    TooManyBoards,
    /// The invitation is used up, revoked or expired, or never existed.
    #[error("there is no such invitation")]
    NotInvited,
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::config::http::HttpResponse;
    use aws_sdk_dynamodb::operation::get_item::GetItemError;

    use super::*;

    #[test]
    fn an_unreadable_response_is_not_shown() {
        let answer = HttpResponse::new(200.try_into().unwrap(), "what somebody wrote".into());
        let error = SdkError::<GetItemError>::response_error("it ends too early", answer);
        let error = StoreError::from(error);
        assert!(matches!(error, StoreError::Unavailable(_)));
        assert!(error.to_string().ends_with("it ends too early"), "{error}");
        assert!(!format!("{error} {error:?}").contains("wrote"), "{error:?}");
    }
}
