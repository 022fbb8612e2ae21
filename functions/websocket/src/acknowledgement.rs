//! Acknowledgements of events.

use std::borrow::Cow;
use std::time::Duration;

use notes::Comment;
use serde::Serialize;

/// The acknowledgement of an event. It is `{}` after a success without a result.
#[derive(Default, Serialize)]
pub(crate) struct Acknowledgement {
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<Comment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<FieldErrors>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
}

/// The errors of an event's fields.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FieldErrors {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) idempotency_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
}

/// An error with a code for programs and a message for people.
#[derive(Serialize)]
struct Failure {
    code: &'static str,
    message: Cow<'static, str>,
}

impl Acknowledgement {
    /// Acknowledges a comment that was written.
    pub(crate) fn comment(comment: Comment) -> Self {
        Self { comment: Some(comment), ..Self::default() }
    }

    /// Acknowledges an event that failed.
    pub(crate) fn failure(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { error: Some(Failure { code, message: message.into() }), ..Self::default() }
    }

    /// Acknowledges an event with invalid fields.
    pub(crate) fn wrong(errors: FieldErrors) -> Self {
        Self { errors: Some(errors), ..Self::default() }
    }

    /// Acknowledges an event with an invalid key.
    pub(crate) fn wrong_key(key: &str) -> Self {
        Self::wrong(FieldErrors { idempotency_key: Some(key.to_owned()), message: None })
    }

    /// Acknowledges an event of somebody whose session has ended.
    pub(crate) fn unauthenticated() -> Self {
        Self::failure("unauthenticated", "Sign in first.")
    }

    /// Acknowledges an event of somebody who has written as much as one person may in a minute.
    pub(crate) fn quota_reached(wait: Duration) -> Self {
        let seconds = wait.as_secs() + 1;
        let message = format!(
            "You have changed as much as one person may in a minute. Try again in {seconds} seconds."
        );
        Self::failure("quota-reached", message)
    }

    /// Acknowledges an event on a board that does not exist for the user.
    pub(crate) fn no_such_board() -> Self {
        Self::failure("no-such-board", "There is no such board, or you are not a member of it.")
    }
}
