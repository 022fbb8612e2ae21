//! What can go wrong: with a value ([`Invalid`]), with a table ([`StoreError`]), with a write ([`WriteError`]), with a
//! comment ([`CreateCommentError`], [`DeleteCommentError`]), with a sign-up ([`SignUpError`]) or a password
//! ([`SignInError`]).

use std::error::Error;
use std::time::Duration;

use aws_sdk_dynamodb::error::{BuildError, ProvideErrorMetadata, SdkError};

use crate::Note;

/// A table that did not do what was asked. For operators, not for visitors.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// `DynamoDB` refused.
    #[error("DynamoDB: {0}")]
    DynamoDb(String),
    /// `DynamoDB` had too much to do, after all retries. It may do it later.
    #[error("DynamoDB: {0}")]
    Throttled(String),
    /// `DynamoDB` was not reached, did not answer in time, or failed, after all retries. It may do it later; and it may
    /// have done it already: what it was to write may be written.
    #[error("DynamoDB: {0}")]
    Unavailable(String),
    /// A partition holds as much as `DynamoDB` takes. It still takes what makes it smaller.
    #[error("DynamoDB: {0}")]
    Full(String),
    /// A row that does not say what it should.
    #[error("unreadable row: {0}")]
    Row(#[from] serde_dynamo::Error),
    /// A password could not be hashed, or a stored hash not be read.
    #[error("password hash: {0}")]
    PasswordHash(String),
}

/// What `DynamoDB` calls having too much to do: of a request, and of a part of a transaction.
const THROTTLED: [&str; 6] = [
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
    "ThrottlingError",
    "LimitExceededException",
];

/// What `DynamoDB` calls a partition that holds all that it may: of a request, and of a part of a transaction.
const FULL: [&str; 2] = ["ItemCollectionSizeLimitExceededException", "ItemCollectionSizeLimitExceeded"];

/// What `DynamoDB` calls a fault of its own.
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
        // Code and message only, or what was displayed of causes: the rest can hold rows, which hold what people wrote.
        let said = match error.code() {
            Some(code) => format!("{code}: {}", error.message().unwrap_or("no message")),
            None => causes(&error),
        };
        match error.code() {
            _ if is_one_of(&FULL) => Self::Full(said),
            _ if is_one_of(&THROTTLED) => Self::Throttled(said),
            Some(code) if !FAILED.contains(&code) => Self::DynamoDb(said),
            // What has no code is no answer of `DynamoDB`'s.
            _ => Self::Unavailable(said),
        }
    }
}

/// What an error says, and what is behind it.
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

/// Why a note was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The key is taken, by this note.
    #[error("a note with this key exists")]
    Exists(Box<Note>),
    /// There is no such note.
    #[error("there is no such note")]
    NotFound,
    /// The note has another version than the writer knew; this is how it stands now.
    #[error("the note has changed")]
    Stale(Box<Note>),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a comment was not written.
#[derive(Debug, thiserror::Error)]
pub enum CreateCommentError {
    /// There is no such note.
    #[error("there is no such note")]
    NoNote,
    /// The id is another comment's: of somebody else, or with another text.
    #[error("another comment has this id")]
    IdTaken,
    /// The id was not made just now, and no comment has it.
    #[error("the id was not made just now")]
    OtherTime,
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a comment was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteCommentError {
    /// There is no such comment.
    #[error("there is no such comment")]
    NotFound,
    /// Who asked wrote neither the comment nor the note.
    #[error("only who wrote the comment or the note may delete it")]
    Forbidden,
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an account was not made.
#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// Somebody has this username, or had it.
    #[error("the username is taken")]
    Taken,
    /// Too many accounts were made from that address. The next may be made after this.
    #[error("too many accounts were made")]
    TooMany(Duration),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a password did not open an account.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// There is no such account, or it has another password.
    #[error("the username or the password is wrong")]
    Wrong,
    /// Too many tries have failed. The next may be made after this.
    #[error("too many tries have failed")]
    TooMany(Duration),
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
    fn an_answer_that_cannot_be_read_is_not_shown() {
        let answer = HttpResponse::new(200.try_into().unwrap(), "what somebody wrote".into());
        let error = SdkError::<GetItemError>::response_error("it ends too early", answer);
        let error = StoreError::from(error);
        assert!(matches!(error, StoreError::Unavailable(_)));
        assert!(error.to_string().ends_with("it ends too early"), "{error}");
        assert!(!format!("{error} {error:?}").contains("wrote"), "{error:?}");
    }
}
