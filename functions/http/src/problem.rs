//! What goes wrong, as the client is told: a problem document (RFC 9457).
//!
//! Two readers, kept apart: `detail` is for the client, and says what to do differently. What only an operator can
//! use (a table that failed) is logged here, once, and the client hears no more than that it was our fault.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::http::header::{ACCEPT, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use notes::{Note, SignUpError, StoreError, WriteError};
use serde::Serialize;

use crate::note_answer::etag;

/// An answer that is not the one hoped for.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    detail: Cow<'static, str>,
    errors: BTreeMap<String, String>,
    note: Option<Box<Note>>,
}

/// The document. Our problems need no type of their own: status and fields tell them apart.
#[derive(Serialize)]
struct Document<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    errors: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a Note>,
}

impl Problem {
    fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { status, detail: detail.into(), errors: BTreeMap::new(), note: None }
    }

    /// 400: the request is no JSON, or a header is no such header.
    pub(crate) fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 401: this needs a session.
    pub(crate) fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Sign in first.")
    }

    /// 401: the same for an unknown user and a wrong password.
    pub(crate) fn wrong_credentials() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "The username or the password is wrong.")
    }

    /// 403: another site's page sent this.
    pub(crate) fn foreign_origin() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Only the page of this site may do that.")
    }

    /// 404: there is nothing at this address.
    pub(crate) fn no_such_route() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is nothing at this address.")
    }

    /// 404: there is no such note.
    pub(crate) fn no_such_note() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is no such note.")
    }

    /// 405: the router adds `Allow`.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "This address does not do that. See the header Allow.")
    }

    /// 412: the key is taken; the answer shows by what.
    pub(crate) fn key_taken(note: Box<Note>) -> Self {
        Self {
            note: Some(note),
            ..Self::new(StatusCode::PRECONDITION_FAILED, "There is a note with this key.")
        }
    }

    /// 412: the note is not as the client knew it; the answer shows how it is.
    pub(crate) fn stale(note: Box<Note>) -> Self {
        let detail = "The note has changed since you read it.";
        Self { note: Some(note), ..Self::new(StatusCode::PRECONDITION_FAILED, detail) }
    }

    /// 413: the request is larger than any that we take.
    pub(crate) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "The request is too large.")
    }

    /// 413: fields, one of which is too large.
    pub(crate) fn too_large_fields(errors: BTreeMap<String, String>) -> Self {
        Self { errors, ..Self::new(StatusCode::PAYLOAD_TOO_LARGE, "A value is too large. See errors.") }
    }

    /// 415: the request is not in JSON.
    pub(crate) fn not_json() -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send the content type application/json.")
    }

    /// 422: JSON, but not an object.
    pub(crate) fn not_an_object() -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Send a JSON object.")
    }

    /// 422: each wrong field, and what is wrong with it.
    pub(crate) fn wrong_values(errors: BTreeMap<String, String>) -> Self {
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Some values are wrong. See errors.") }
    }

    /// 428: the request must say what it knows of the note.
    pub(crate) fn condition_required(detail: &'static str) -> Self {
        Self::new(StatusCode::PRECONDITION_REQUIRED, detail)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "request failed: {error}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "That was our fault. Try again in a while.")
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
            SignUpError::Taken => {
                let errors = BTreeMap::from([("username".into(), "is taken".into())]);
                Self { errors, ..Self::new(StatusCode::CONFLICT, "The username is taken.") }
            }
            SignUpError::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let document = Document {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Problem"),
            status: self.status.as_u16(),
            detail: &self.detail,
            errors: &self.errors,
            note: self.note.as_deref(),
        };
        let mut response = (self.status, axum::Json(document)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self.status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Cookie"));
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
            }
            _ => {}
        }
        if let Some(note) = &self.note {
            headers.extend([etag(note.version)]);
        }
        response
    }
}
