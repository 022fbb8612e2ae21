//! What goes wrong, as the client is told: a problem document (RFC 9457).
//!
//! Two readers, kept apart: `detail` is for the client, and says what to do differently. What only an operator can
//! use (a table that failed) is logged here, once, and the client hears no more than that it was our fault.

mod kind;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Request};
use axum::http::HeaderValue;
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use notes::{Note, SignInError, SignUpError, StoreError, WriteError};
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use self::kind::Kind;
use crate::fields::{LONGEST_NAME, cut};
use crate::note_answer::etag;
use crate::openapi::schemas;
use crate::request_id::RequestId;

/// How long a client waits before it tries again what was too much for us.
const BREATHER: Duration = Duration::from_secs(2);

/// An answer that is not the one hoped for.
#[derive(Debug)]
pub(crate) struct Problem {
    kind: Kind,
    detail: Cow<'static, str>,
    errors: BTreeMap<String, String>,
    note: Option<Box<Note>>,
    retry_after: Option<Duration>,
    accept: Option<&'static str>,
}

/// The document.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Document<'a> {
    /// The kind of problem: where it is described.
    r#type: String,
    /// The kind of problem, in few words.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What to do differently.
    detail: &'a str,
    /// The request, as the operator's log names it.
    #[schema(required = false)]
    #[serde(skip_serializing_if = "str::is_empty")]
    request_id: &'a str,
    /// What is wrong with each value, by name: the end of a sentence that begins with it. Of many wrong values ten are
    /// named.
    #[schema(required = false, value_type = BTreeMap<String, String>)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    errors: &'a BTreeMap<String, String>,
    /// The note as it is, where it is not as the request wants it.
    #[schema(required = false, value_type = schemas::Note)]
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a Note>,
}

/// What a kind of problem is, and what to do about it: served where the documents' `type` points to.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KindOfProblem {
    r#type: String,
    title: &'static str,
    status: u16,
    description: &'static str,
}

impl Problem {
    /// A problem of a kind of which there is no more to say.
    pub(crate) fn new(kind: Kind) -> Self {
        let detail = kind.advice().into();
        Self { kind, detail, errors: BTreeMap::new(), note: None, retry_after: None, accept: None }
    }

    fn saying(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: detail.into(), ..Self::new(kind) }
    }

    fn of_field(kind: Kind, name: &str, error: &str) -> Self {
        Self { errors: BTreeMap::from([(name.into(), error.into())]), ..Self::new(kind) }
    }

    /// 400: the request is no JSON, or a header is no such header.
    pub(crate) fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::saying(Kind::Malformed, detail)
    }

    /// 401: this needs a session.
    pub(crate) fn not_signed_in() -> Self {
        Self::new(Kind::NotSignedIn)
    }

    /// 401: the same for an unknown user and a wrong password.
    pub(crate) fn wrong_credentials() -> Self {
        Self::new(Kind::WrongCredentials)
    }

    /// 403: another site's page sent this.
    pub(crate) fn foreign_origin() -> Self {
        Self::new(Kind::ForeignOrigin)
    }

    /// 403: it is not the password of who is signed in.
    pub(crate) fn wrong_password() -> Self {
        Self::of_field(Kind::WrongPassword, "password", "is wrong")
    }

    /// 403: the team wants a code, and this is not it.
    pub(crate) fn wrong_sign_up_code() -> Self {
        Self::of_field(Kind::WrongSignUpCode, "code", "is not your team's")
    }

    /// 404: there is nothing at this address.
    pub(crate) fn no_such_route() -> Self {
        Self::new(Kind::NoSuchRoute)
    }

    /// 404: there is no such note.
    pub(crate) fn no_such_note() -> Self {
        Self::new(Kind::NoSuchNote)
    }

    /// 405: the router adds `Allow`.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(Kind::MethodNotAllowed)
    }

    /// 412: the key is taken; the answer shows by what.
    pub(crate) fn key_taken(note: Box<Note>) -> Self {
        Self { note: Some(note), ..Self::new(Kind::KeyTaken) }
    }

    /// 412: the note is not as the client knew it; the answer shows how it is.
    pub(crate) fn stale(note: Box<Note>) -> Self {
        Self { note: Some(note), ..Self::new(Kind::Stale) }
    }

    /// 412: a file of the page is not the one that the client wants.
    pub(crate) fn another_file() -> Self {
        Self::saying(Kind::Stale, "This file is not as your conditions want it.")
    }

    /// 413: the request is larger than any that we take.
    pub(crate) fn too_large() -> Self {
        Self::saying(Kind::TooLarge, "The request is too large.")
    }

    /// 413: a page of lines holds more than it may.
    pub(crate) fn too_large_page(detail: &'static str) -> Self {
        Self::saying(Kind::TooLarge, detail)
    }

    /// 413: a value is larger than any that the tables take.
    pub(crate) fn too_large_fields(errors: BTreeMap<String, String>) -> Self {
        Self { errors, ..Self::saying(Kind::TooLarge, "A value is too large. See errors.") }
    }

    /// 415: the request's body is of another type.
    pub(crate) fn wrong_type(wanted: &'static str) -> Self {
        let detail = format!("Send the content type {wanted}.");
        Self { accept: Some(wanted), ..Self::saying(Kind::NotJson, detail) }
    }

    /// 415: the request's body is compressed, or encoded otherwise.
    pub(crate) fn encoded(encoding: &str, wanted: &'static str) -> Self {
        let encoding = cut(encoding.into(), LONGEST_NAME);
        let detail = format!(
            "The content encoding {encoding} is not supported. Send the body without Content-Encoding."
        );
        Self { accept: Some(wanted), ..Self::saying(Kind::Encoded, detail) }
    }

    /// 422: JSON, but not an object.
    pub(crate) fn not_an_object() -> Self {
        Self::saying(Kind::WrongValues, "Send a JSON object.")
    }

    /// 422: each wrong field, and what is wrong with it.
    pub(crate) fn wrong_values(errors: BTreeMap<String, String>) -> Self {
        Self { errors, ..Self::new(Kind::WrongValues) }
    }

    /// 428: the request must say what it knows of the note.
    pub(crate) fn condition_required(detail: &'static str) -> Self {
        Self::saying(Kind::ConditionRequired, detail)
    }

    /// 429: too many tries failed, or accounts were made.
    pub(crate) fn too_many_attempts(wait: Duration) -> Self {
        let seconds = whole_seconds(wait);
        let detail = format!("Too many attempts. Try again in {}.", in_words(seconds));
        Self { retry_after: Some(wait), ..Self::saying(Kind::TooManyAttempts, detail) }
    }

    /// 503: something that we need is too busy, or too slow.
    pub(crate) fn overloaded() -> Self {
        Self { retry_after: Some(BREATHER), ..Self::new(Kind::Overloaded) }
    }

    fn document<'a>(&'a self, request_id: &'a str) -> Document<'a> {
        Document {
            r#type: self.kind.address(),
            title: self.kind.title(),
            status: self.kind.status().as_u16(),
            detail: &self.detail,
            request_id,
            errors: &self.errors,
            note: self.note.as_deref(),
        }
    }
}

/// Tell what a kind of problem is.
#[utoipa::path(
    get,
    path = "/api/problems/{kind}",
    operation_id = "describeProblem",
    tag = "about",
    params(("kind" = String, Path, description = "The last part of a problem's type.", example = "stale")),
    responses((status = 200, description = "What it is, and what to do about it.", body = KindOfProblem)),
    extensions(("x-problems" = json!(["no-such-problem"]))),
)]
pub(crate) async fn describe(Path(slug): Path<String>) -> Result<impl IntoResponse, Problem> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.slug() == slug);
    let kind = kind.ok_or_else(|| Problem::new(Kind::NoSuchProblem))?;
    let described = KindOfProblem {
        r#type: kind.address(),
        title: kind.title(),
        status: kind.status().as_u16(),
        description: kind.advice(),
    };
    Ok(([(CACHE_CONTROL, "public, max-age=300")], Json(described)))
}

/// Writes the documents of problems, which name the request that they answer.
pub(crate) async fn write_documents(RequestId(id): RequestId, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Arc<Problem>>() else { return response };
    let (parts, _) = response.into_parts();
    let mut response = (parts.status, parts.headers, Json(problem.document(&id))).into_response();
    let content_type = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

/// A wait in whole seconds, none too few.
fn whole_seconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u64::MAX).max(1)
}

/// As people say it: in minutes where these are many.
fn in_words(seconds: u64) -> String {
    match seconds {
        1 => "a second".into(),
        2..=120 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Throttled(_) => {
                tracing::warn!(%error, "too busy: {error}");
                Self::overloaded()
            }
            StoreError::Full(_) => {
                tracing::error!(%error, "the board is full: {error}");
                Self::new(Kind::BoardFull)
            }
            StoreError::Unavailable(_) => {
                tracing::error!(%error, "no answer: {error}");
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

impl From<SignUpError> for Problem {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::Taken => Self::of_field(Kind::UsernameTaken, "username", "is taken"),
            SignUpError::TooMany(wait) => Self::too_many_attempts(wait),
            SignUpError::Store(error) => error.into(),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong => Self::wrong_credentials(),
            SignInError::TooMany(wait) => Self::too_many_attempts(wait),
            SignInError::Store(error) => error.into(),
        }
    }
}

/// All but the document, which [`write_documents`] writes.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        let headers = response.headers_mut();
        if matches!(self.kind, Kind::NotSignedIn | Kind::WrongCredentials) {
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
            headers.extend([etag(note.version)]);
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_in_whole_seconds_none_too_few() {
        for (milliseconds, seconds) in [(0, 1), (1, 1), (1000, 1), (1001, 2), (900_000, 900)] {
            assert_eq!(whole_seconds(Duration::from_millis(milliseconds)), seconds);
        }
        assert_eq!(
            [1, 2, 120, 121, 900].map(in_words),
            ["a second", "2 seconds", "120 seconds", "3 minutes", "15 minutes"]
        );
    }
}
