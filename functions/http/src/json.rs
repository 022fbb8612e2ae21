//! JSON from outside, read into values of ours.

use std::fmt::Display;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use notes::{Body, Invalid};
use serde_json::{Map, Value};

use crate::fields::FieldErrors;
use crate::problem::Problem;
use crate::utf8::without_mark;

/// The largest request. JSON may write each byte of a body as six (`\u0000`), and something must be left for the rest.
const LARGEST_REQUEST: usize = 6 * Body::LONGEST + 64 * 1024;

/// Something that is read from the members of a JSON object.
pub(crate) trait FromMembers: Sized {
    /// Takes its members. Whatever comes of it, `members` knows which were wrong, and then the whole is refused.
    fn from_members(members: &mut Members) -> Option<Self>;
}

/// A request's JSON object, read into a `T`.
pub(crate) struct FromJson<T>(pub(crate) T);

/// The members of a JSON object that have not been taken, and what was wrong with those that have.
pub(crate) struct Members {
    left: Map<String, Value>,
    errors: FieldErrors,
}

impl Members {
    /// Takes a text that must be there.
    pub(crate) fn required<T>(&mut self, name: &str, parse: fn(&str) -> Result<T, Invalid>) -> Option<T> {
        if !self.left.contains_key(name) {
            self.errors.add(name, "is missing");
        }
        self.optional(name, parse)
    }

    /// Takes a text that may be there.
    pub(crate) fn optional<T>(&mut self, name: &str, parse: fn(&str) -> Result<T, Invalid>) -> Option<T> {
        let Value::String(text) = self.left.remove(name)? else {
            self.errors.add(name, "must be a text");
            return None;
        };
        self.errors.check(name, parse(&text))
    }

    /// Takes a number, whole and not negative, that must be there.
    pub(crate) fn required_number<T>(
        &mut self,
        name: &str,
        parse: fn(u64) -> Result<T, Invalid>,
    ) -> Option<T> {
        let Some(value) = self.left.remove(name) else {
            self.errors.add(name, "is missing");
            return None;
        };
        let Some(number) = value.as_u64() else {
            self.errors.add(name, "must be a whole number");
            return None;
        };
        self.errors.check(name, parse(number))
    }

    /// A value that was made of members, or a note of what is wrong with it.
    pub(crate) fn check<T>(&mut self, name: &str, value: Result<T, Invalid>) -> Option<T> {
        self.errors.check(name, value)
    }

    fn read<T: FromMembers>(object: Map<String, Value>) -> Result<T, Problem> {
        let (whole, errors) = Self::take_all(object);
        errors.finish(whole)
    }

    /// What the members of an object make, or what is wrong with them.
    pub(crate) fn read_part<T: FromMembers>(object: Map<String, Value>) -> Result<T, FieldErrors> {
        let (whole, errors) = Self::take_all(object);
        whole.filter(|_| errors.is_empty()).ok_or(errors)
    }

    fn take_all<T: FromMembers>(object: Map<String, Value>) -> (Option<T>, FieldErrors) {
        let mut members = Self { left: object, errors: FieldErrors::default() };
        let whole = T::from_members(&mut members);
        let Self { left, mut errors } = members;
        for name in left.into_iter().map(|(name, _)| name) {
            errors.add(name, "is not known here");
        }
        (whole, errors)
    }
}

impl<T: FromMembers, S: Sync> FromRequest<S> for FromJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::not_json());
        }
        let bytes = to_bytes(request.into_body(), LARGEST_REQUEST).await.map_err(|_| Problem::too_large())?;
        let not_json = |why: &dyn Display| Problem::malformed(format!("This is not JSON: {why}."));
        let text = without_mark(&bytes).map_err(|why| not_json(&why))?;
        match serde_json::from_slice(text) {
            Ok(Value::Object(object)) => Members::read(object).map(Self),
            Ok(_) => Err(Problem::not_an_object()),
            Err(error) => Err(not_json(&error)),
        }
    }
}

/// Whether the content type is `application/json`, whatever its parameters.
fn is_json(headers: &HeaderMap) -> bool {
    is_of_type(headers, "application/json")
}

/// Whether the content type is this, whatever its parameters.
pub(crate) fn is_of_type(headers: &HeaderMap, media_type: &str) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split_once(';').map_or(content_type, |(essence, _)| essence);
    essence.trim().eq_ignore_ascii_case(media_type)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, StatusCode};
    use axum::response::IntoResponse as _;
    use notes::Draft;

    use super::*;

    async fn read(content_type: &str, body: impl Into<axum::body::Body>) -> Result<Draft, StatusCode> {
        let request = Request::builder().header(CONTENT_TYPE, content_type).body(body.into()).unwrap();
        let draft = FromJson::<Draft>::from_request(request, &()).await;
        draft.map(|draft| draft.0).map_err(|problem| problem.into_response().status())
    }

    #[test]
    fn only_json_is_json() {
        for (content_type, json) in [
            ("application/json", true),
            ("Application/JSON ; charset=utf-8", true),
            ("application/jsonx", false),
            ("application/problem+json", false),
            ("text/plain", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]);
            assert_eq!(is_json(&headers), json, "{content_type}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }

    #[tokio::test]
    async fn a_request_is_refused_for_its_first_fault() {
        let note = r#"{"title": "A", "body": ""}"#;
        assert!(read("application/json", note).await.is_ok());
        assert!(read("application/json", format!("\u{feff}{note}")).await.is_ok());
        let in_utf16: Vec<u8> = note.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read("application/json", in_utf16).await, Err(StatusCode::BAD_REQUEST));
        assert_eq!(read("text/plain", note).await, Err(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        assert_eq!(read("application/json", "{").await, Err(StatusCode::BAD_REQUEST));
        assert_eq!(read("application/json", "").await, Err(StatusCode::BAD_REQUEST));
        assert_eq!(
            read("application/json", b"{\"title\":\"\xff\"}".as_slice()).await,
            Err(StatusCode::BAD_REQUEST)
        );
        assert_eq!(read("application/json", "[]").await, Err(StatusCode::UNPROCESSABLE_ENTITY));
        assert_eq!(
            read("application/json", r#"{"title": "A"}"#).await,
            Err(StatusCode::UNPROCESSABLE_ENTITY)
        );
    }

    #[tokio::test]
    async fn a_request_has_room_for_the_largest_body_however_it_is_written() {
        let escaped = |length| format!(r#"{{"title": "A", "body": "{}"}}"#, r"\u0001".repeat(length));
        assert!(read("application/json", escaped(Body::LONGEST)).await.is_ok());
        assert_eq!(
            read("application/json", escaped(Body::LONGEST + 1)).await,
            Err(StatusCode::PAYLOAD_TOO_LARGE)
        );
        let huge = " ".repeat(LARGEST_REQUEST + 1);
        assert_eq!(read("application/json", huge).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
    }
}
