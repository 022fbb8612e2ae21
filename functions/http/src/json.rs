//! JSON from outside, read into values of ours.

use axum::extract::{FromRequest, Request};
use notes::{Body, Invalid};
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};

use crate::body;
use crate::fields::{FieldErrors, LONGEST_NAME, cut};
use crate::problem::Problem;
use crate::utf8::without_mark;

/// The media type of JSON.
pub(crate) const MEDIA_TYPE: &str = "application/json";

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
        let bytes = body::read(request, MEDIA_TYPE, LARGEST_REQUEST, Problem::too_large).await?;
        let text = without_mark(&bytes)
            .map_err(|reason| Problem::malformed(format!("This is not JSON: {reason}.")))?;
        match serde_json::from_slice(text) {
            Ok(Value::Object(object)) => Members::read(object).map(Self),
            Ok(_) => Err(Problem::not_an_object()),
            Err(error) => Err(Problem::malformed(
                explain_lone_surrogate(&error, text).unwrap_or_else(|| format!("This is not JSON: {error}.")),
            )),
        }
    }
}

/// Says in words where half a character is, if JSON was not read for that.
pub(crate) fn explain_lone_surrogate(error: &serde_json::Error, json: &[u8]) -> Option<String> {
    if !is_lone_surrogate(error) {
        return None;
    }
    let mut json = serde_json::Deserializer::from_slice(json);
    let found: Result<Value, _> = serde_path_to_error::deserialize(&mut json);
    let known = |path: &Path| path.iter().len() > 0 && !path.iter().any(|it| matches!(it, Segment::Unknown));
    // Without a path a member's name is wrong, or all of it is a text.
    let path = found.err().filter(|error| known(error.path())).map(|error| error.path().to_string());
    let place = cut(path.unwrap_or_else(|| "The text".into()), LONGEST_NAME);
    let (line, column) = (error.line(), error.column());
    Some(format!(
        "{place} contains half a character at line {line} column {column}: a lone surrogate such as \\ud83d. Send whole \
         characters."
    ))
}

/// Whether JSON was not read because an escape is half of a pair. JavaScript writes and reads such texts; Unicode has
/// no such character, and the tables hold none.
fn is_lone_surrogate(error: &serde_json::Error) -> bool {
    let error = error.to_string();
    // Another escape after the first half, or none.
    error.contains("surrogate") || error.contains("unexpected end of hex escape")
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use axum::http::header::CONTENT_TYPE;
    use axum::response::IntoResponse as _;
    use notes::Draft;

    use super::*;

    async fn read(content_type: &str, body: impl Into<axum::body::Body>) -> Result<Draft, StatusCode> {
        let request = Request::builder().header(CONTENT_TYPE, content_type).body(body.into()).unwrap();
        let draft = FromJson::<Draft>::from_request(request, &()).await;
        draft.map(|draft| draft.0).map_err(|problem| problem.into_response().status())
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

    #[test]
    fn half_a_character_is_named_by_its_member_and_place() {
        let explained = |json: &str| {
            explain_lone_surrogate(&serde_json::from_str::<Value>(json).unwrap_err(), json.as_bytes())
        };
        for (json, beginning) in [
            (r#"{"title": "cut \ud83d"}"#, "title contains half a character at line 1 column "),
            (r#"{"title": "\ud83d\n"}"#, "title contains half a character"),
            (r#"{"title": "\ud83d\u0041"}"#, "title contains half a character"),
            (r#"{"title": "\ud83d\ud83d"}"#, "title contains half a character"),
            (r#"{"title": "\ude00"}"#, "title contains half a character"),
            (r#"{"title": "\ude00\ud83d"}"#, "title contains half a character"),
            (
                "{\"title\": \"A\",\n\"body\": \"\\uDFFF\"}",
                "body contains half a character at line 2 column ",
            ),
            (r#"{"note": {"tags": ["a", "\ud800"]}}"#, "note.tags[1] contains half a character"),
            (r#"{"\ud83d": 1}"#, "The text contains half a character"),
            (r#""\ud83d""#, "The text contains half a character"),
        ] {
            let explained = explained(json).unwrap();
            assert!(explained.starts_with(beginning), "{json}: {explained}");
            assert!(explained.contains("lone surrogate") && !explained.contains("hex"), "{explained}");
        }
        for json in [r#"{"title": "\ud8"}"#, r#"{"title": "\ud83d"#, r#""\ux""#, "{", "\"\n\""] {
            assert_eq!(explained(json), None, "{json}");
        }
        assert!(serde_json::from_str::<Value>(r#""\ud83d\ude00""#).is_ok());
        let long = format!("{{\"{}\": \"\\ud83d\"}}", "n".repeat(10_000));
        assert!(explained(&long).unwrap().len() < 250);
    }
}
