//! The error type of handlers, and its response.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderValue;
use axum::http::header::{ACCEPT, ACCEPT_ENCODING, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use notes::{CurrentNote, Note};

use super::{Document, Kind};
use crate::entity_tag;

/// How long a client waits before it retries a request after 503.
const RETRY_DELAY: Duration = Duration::from_secs(2);

/// An RFC 9457 error response.
#[derive(Debug)]
pub(crate) struct Problem {
    kind: Kind,
    detail: Cow<'static, str>,
    errors: BTreeMap<String, String>,
    note: Option<Box<CurrentNote>>,
    retry_after: Option<Duration>,
    accept: Option<&'static str>,
}

impl Problem {
    /// Creates a problem whose detail is the advice of its kind.
    pub(crate) fn new(kind: Kind) -> Self {
        let detail = kind.advice().into();
        Self { kind, detail, errors: BTreeMap::new(), note: None, retry_after: None, accept: None }
    }

    fn with_detail(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: detail.into(), ..Self::new(kind) }
    }

    fn of_field(kind: Kind, name: &str, error: &str) -> Self {
        Self { errors: BTreeMap::from([(name.into(), error.into())]), ..Self::new(kind) }
    }

    /// 400: the body, the path or a header cannot be parsed.
    pub(crate) fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::with_detail(Kind::Malformed, detail)
    }

    /// 400: the body is not JSON.
    pub(crate) fn not_json(reason: impl fmt::Display) -> Self {
        Self::malformed(format!("The body is not JSON: {reason}."))
    }

    /// 401: the request needs a session.
    pub(crate) fn not_signed_in() -> Self {
        Self::new(Kind::NotSignedIn)
    }

    /// 401: the username or the password is wrong. Does not reveal which.
    pub(crate) fn wrong_credentials() -> Self {
        Self::new(Kind::WrongCredentials)
    }

    /// 403: a page of another origin sent the request.
    pub(crate) fn foreign_origin() -> Self {
        Self::new(Kind::ForeignOrigin)
    }

    /// 403: the user is signed in and gave a wrong password.
    pub(crate) fn wrong_password() -> Self {
        Self::of_field(Kind::WrongPassword, "password", "is wrong")
    }

    /// 403: the sign-up code is missing or wrong.
    pub(crate) fn wrong_sign_up_code() -> Self {
        Self::of_field(Kind::WrongSignUpCode, "code", "is not your team's")
    }

    /// 403: an invitation is required, and there is none that is open.
    pub(crate) fn invitation_required() -> Self {
        Self::of_field(Kind::InvitationRequired, "invitation", "is missing, used up, revoked or expired")
    }

    /// 404: no route has this address.
    pub(crate) fn no_such_route() -> Self {
        Self::new(Kind::NoSuchRoute)
    }

    /// 404: no note has this key.
    pub(crate) fn no_such_note() -> Self {
        Self::new(Kind::NoSuchNote)
    }

    /// 405: the address does not support the method. The router adds `Allow`.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(Kind::MethodNotAllowed)
    }

    /// 409: another account has this username.
    pub(crate) fn username_taken() -> Self {
        Self::of_field(Kind::UsernameTaken, "username", "is taken")
    }

    /// 412: the key is taken. The response contains the note that has it.
    pub(crate) fn key_taken(note: Box<Note>) -> Self {
        Self { note: Some(Box::new((*note).into())), ..Self::new(Kind::KeyTaken) }
    }

    /// 412: the note is not as the client expects. The response contains the current note.
    pub(crate) fn stale(note: Box<CurrentNote>) -> Self {
        Self { note: Some(note), ..Self::new(Kind::Stale) }
    }

    /// 412: a file of the page has another entity tag than the client expects.
    pub(crate) fn stale_file() -> Self {
        Self::with_detail(Kind::Stale, "This file does not match your conditions. Request it without them.")
    }

    /// 413: the request is larger than any valid one.
    pub(crate) fn too_large() -> Self {
        Self::with_detail(Kind::TooLarge, "The request is too large. Send less.")
    }

    /// 413: the text of the note would be too long.
    pub(crate) fn full_note() -> Self {
        Self::of_field(Kind::TooLarge, "update", "makes the text longer than 256 KiB")
    }

    /// 422: an edit contains what somebody else has inserted.
    pub(crate) fn not_your_edit() -> Self {
        Self::of_field(Kind::WrongValues, "update", "must contain only your own edits")
    }

    /// 413: a page of lines exceeds a limit.
    pub(crate) fn too_large_page(detail: &'static str) -> Self {
        Self::with_detail(Kind::TooLarge, detail)
    }

    /// 413: a value exceeds the size that the tables can store.
    pub(crate) fn too_large_fields(errors: BTreeMap<String, String>) -> Self {
        Self { errors, ..Self::with_detail(Kind::TooLarge, "A value is too large. See errors.") }
    }

    /// 415: the body has another media type than `accept`.
    pub(crate) fn unsupported_media_type(accept: &'static str) -> Self {
        let detail = format!("Send the content type {accept}.");
        Self { accept: Some(accept), ..Self::with_detail(Kind::NotJson, detail) }
    }

    /// 415: the body is compressed or otherwise encoded.
    pub(crate) fn unsupported_encoding(encoding: &str, accept: &'static str) -> Self {
        let detail = format!(
            "The content encoding {encoding} is not supported. Send the body without Content-Encoding."
        );
        Self { accept: Some(accept), ..Self::with_detail(Kind::Encoded, detail) }
    }

    /// 422: the JSON is not an object.
    pub(crate) fn not_an_object() -> Self {
        Self::with_detail(Kind::WrongValues, "Send a JSON object.")
    }

    /// 422: some fields are invalid. The response lists their errors.
    pub(crate) fn wrong_values(errors: BTreeMap<String, String>) -> Self {
        Self { errors, ..Self::new(Kind::WrongValues) }
    }

    /// 428: the request must have a condition on the note.
    pub(crate) fn condition_required(detail: &'static str) -> Self {
        Self::with_detail(Kind::ConditionRequired, detail)
    }

    /// 429: the client failed to sign in too often, or its address created too many accounts.
    pub(crate) fn too_many_attempts(wait: Duration) -> Self {
        let detail = format!("Too many attempts. Try again in {}.", describe_wait(whole_seconds(wait)));
        Self { retry_after: Some(wait), ..Self::with_detail(Kind::TooManyAttempts, detail) }
    }

    /// 429: the user has reached the quota of a minute.
    pub(crate) fn quota_reached(wait: Duration) -> Self {
        let detail = format!(
            "You have changed as much as one person may in a minute. Wait {}, then try again.",
            describe_wait(whole_seconds(wait))
        );
        Self { retry_after: Some(wait), ..Self::with_detail(Kind::QuotaReached, detail) }
    }

    /// 503: `DynamoDB` is throttling, unavailable or too slow.
    pub(crate) fn overloaded() -> Self {
        Self { retry_after: Some(RETRY_DELAY), ..Self::new(Kind::Overloaded) }
    }

    /// Returns the document of the response to the request with this id.
    pub(crate) fn document<'a>(&'a self, request_id: &'a str) -> Document<'a> {
        Document {
            r#type: self.kind.address(),
            title: self.kind.title(),
            status: self.kind.status().as_u16(),
            detail: &self.detail,
            request_id,
            errors: &self.errors,
            note: self.note.as_deref().map(|current| &current.note),
        }
    }
}

/// Creates the response without its document. `middleware::problem_documents` adds it, because it knows the request.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        let headers = response.headers_mut();
        if matches!(self.kind, Kind::NotSignedIn | Kind::WrongCredentials | Kind::WrongPasskey) {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Cookie"));
        }
        if let Some(media_type) = self.accept {
            headers.insert(ACCEPT, HeaderValue::from_static(media_type));
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        if let Some(wait) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(whole_seconds(wait)));
        }
        if let Some(note) = &self.note {
            headers.extend([entity_tag::header(&note.tag)]);
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Rounds a wait up to whole seconds, at least 1.
fn whole_seconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u64::MAX).max(1)
}

/// Describes a wait: in seconds up to two minutes, then in minutes.
fn describe_wait(seconds: u64) -> String {
    match seconds {
        1 => "1 second".into(),
        2..=120 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_rounded_up_and_described() {
        for (milliseconds, seconds) in [(0, 1), (1, 1), (1000, 1), (1001, 2), (900_000, 900)] {
            assert_eq!(whole_seconds(Duration::from_millis(milliseconds)), seconds);
        }
        assert_eq!(
            [1, 2, 120, 121, 900].map(describe_wait),
            ["1 second", "2 seconds", "120 seconds", "3 minutes", "15 minutes"]
        );
    }
}
