//! Extracts the lines of an import: newline-delimited JSON, each line parsed on its own.

use axum::extract::{FromRequest, Request};
use notes::{ArchivePage, Line, NoteKey};
use serde_json::{Map, Value};

use super::fields::truncate;
use super::members::{FromMembers, Members};
use super::{body, surrogates, utf8};
use crate::media_type;
use crate::problem::Problem;

/// The maximum length of a request in bytes: the same as that of an exported page. In base64 it fits into Lambda's
/// 6 MB event.
const MAX_PAGE_LENGTH: usize = ArchivePage::LARGEST;

/// The maximum number of lines. Their outcomes must fit into one response, and the writes into one request.
const MAX_LINES: usize = 1000;

/// The maximum length of the reason for an invalid line, in characters. The names of members have any length.
const MAX_REASON_LENGTH: usize = 200;

/// The numbered lines of a request, parsed as lines of the archive. Blank lines are counted and left out.
pub(crate) struct ArchiveLines(pub(crate) Vec<(usize, Result<Line, InvalidLine>)>);

/// A line that cannot be imported.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InvalidLine {
    /// The key of its note, if the line has a valid one.
    pub(crate) key: Option<NoteKey>,
    /// The reason, as a clause: `title is missing`.
    pub(crate) reason: String,
}

impl<S: Sync> FromRequest<S> for ArchiveLines {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let too_large = || Problem::too_large_page("Send at most 4 MiB at once.");
        let bytes = body::read(request, media_type::NDJSON, MAX_PAGE_LENGTH, too_large).await?;
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        if lines.len() > MAX_LINES {
            return Err(Problem::too_large_page("Send at most 1000 lines at once."));
        }
        // All lines have the same encoding. One error for the request is clearer than one for each line.
        utf8::strip_byte_order_mark(&bytes).map_err(Problem::not_json)?;
        let numbered = (1..).zip(lines);
        Ok(Self(numbered.filter_map(|(number, line)| Some((number, parse_line(line)?))).collect()))
    }
}

/// Parses a line of the archive. Returns `None` for a blank one.
///
/// Removes a byte order mark from every line, because joined files may have one in the middle.
fn parse_line(line: &[u8]) -> Option<Result<Line, InvalidLine>> {
    let line = utf8::strip_byte_order_mark(line).unwrap_or(line);
    (!line.trim_ascii().is_empty()).then(|| parse_json(line))
}

fn parse_json(line: &[u8]) -> Result<Line, InvalidLine> {
    let invalid = |reason: &str| InvalidLine { key: None, reason: reason.into() };
    let value = serde_json::from_slice(line).map_err(|error| {
        let reason = surrogates::explain(&error, line);
        invalid(&reason.unwrap_or_else(|| format!("this is not JSON: {error}")))
    })?;
    let only_member = match value {
        Value::Object(object) if object.len() == 1 => object.into_iter().next(),
        _ => None,
    };
    match only_member {
        Some((kind, Value::Object(note))) if kind == "note" => parse_members(note).map(Line::Note),
        Some((kind, Value::Object(comment))) if kind == "comment" => {
            parse_members(comment).map(Line::Comment)
        }
        _ => Err(invalid(r#"must be {"note": {...}} or {"comment": {...}}"#)),
    }
}

fn parse_members<T: FromMembers>(members: Map<String, Value>) -> Result<T, InvalidLine> {
    let key = members.get("key").and_then(Value::as_str).and_then(|key| NoteKey::parse(key).ok());
    Members::parse_part(members).map_err(|errors| {
        let reason = truncate(errors.to_string(), MAX_REASON_LENGTH);
        InvalidLine { key, reason }
    })
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use axum::http::header::CONTENT_TYPE;
    use axum::response::IntoResponse as _;
    use notes::Body;
    use serde_json::json;

    use super::*;

    fn note() -> Value {
        json!({ "note": {
            "key": "shopping",
            "title": "Shopping",
            "body": "Milk",
            "author": "ada",
            "editor": "bob",
            "version": 3,
            "created": "2026-11-23T20:15:00.000Z",
            "updated": "2026-11-23T20:16:00.000Z",
        }})
    }

    fn comment() -> Value {
        json!({ "comment": {
            "id": "019ab2b5-8e30-7c4b-9d52-3f1c0e6a7b88",
            "key": "shopping",
            "author": "ada",
            "message": "Milk?",
            "created": "2026-11-23T20:17:00.000Z",
            "noteCreated": "2026-11-23T20:15:00.000Z",
        }})
    }

    fn with(mut line: Value, member: &str, value: Value) -> Result<Line, InvalidLine> {
        let inner = line.as_object_mut().unwrap().values_mut().next().unwrap();
        inner[member] = value;
        parse_line(line.to_string().as_bytes()).unwrap()
    }

    fn imported(mut line: Value) -> Value {
        line.as_object_mut().unwrap().values_mut().next().unwrap()["importer"] = "eve".into();
        line
    }

    #[test]
    fn a_line_survives_a_round_trip() {
        for line in [note(), comment(), imported(note()), imported(comment())] {
            for text in [format!("{line}"), format!("{line}\r\n"), format!("\u{feff}{line}\n")] {
                let parsed = parse_line(text.as_bytes()).unwrap().unwrap();
                assert_eq!(serde_json::to_value(&parsed).unwrap(), line);
            }
        }
    }

    #[test]
    fn every_invalid_member_is_reported_with_its_error() {
        for (member, value, reason) in [
            ("key", json!("a b"), "key must be of A-Z, a-z, 0-9, '.', '_', '~' and '-'"),
            ("title", json!(" "), "title must be 1 to 200 characters"),
            ("title", json!(7), "title must be a string"),
            ("body", json!("a".repeat(Body::LONGEST + 1)), "body must be at most 256 KiB"),
            ("author", json!("a"), "author must be 3 to 32 characters"),
            ("editor", json!(null), "editor must be a string"),
            ("version", json!("3"), "version must be a whole number"),
            ("version", json!(1.5), "version must be a whole number"),
            ("version", json!(0), "version must be a whole number from 1 to 9007199254740991"),
            ("version", json!(1_u64 << 53), "version must be a whole number from 1 to 9007199254740991"),
            ("created", json!("today"), "created must look like 2026-11-23T20:15:00.000Z"),
            ("updated", json!("today"), "updated must look like 2026-11-23T20:15:00.000Z"),
            ("importer", json!("e"), "importer must be 3 to 32 characters"),
            ("importer", json!(null), "importer must be a string"),
            ("imported", json!("eve"), "imported is unknown"),
        ] {
            assert_eq!(with(note(), member, value).unwrap_err().reason, reason);
        }
        for (member, value, reason) in [
            ("id", json!("1"), "id must be the id of a comment"),
            ("key", json!(".."), "key must not be '.' or '..'"),
            ("author", json!("a b"), "author must be of a-z, 0-9, '_' and '-'"),
            ("message", json!(""), "message must be 1 to 1024 characters"),
            ("created", json!(0), "created must be a string"),
            ("noteCreated", json!(""), "noteCreated must look like 2026-11-23T20:15:00.000Z"),
            ("title", json!("A"), "title is unknown"),
        ] {
            assert_eq!(with(comment(), member, value).unwrap_err().reason, reason);
        }
        assert!(with(note(), "version", json!((1_u64 << 53) - 1)).is_ok());
    }

    #[test]
    fn every_member_is_required() {
        for line in [note(), comment()] {
            let (kind, members) = line.as_object().unwrap().iter().next().unwrap();
            for member in members.as_object().unwrap().keys() {
                let mut fewer = members.clone();
                fewer.as_object_mut().unwrap().remove(member);
                let invalid = parse_line(json!({ kind: fewer }).to_string().as_bytes()).unwrap().unwrap_err();
                assert_eq!(invalid.reason, format!("{member} is missing"));
            }
        }
    }

    #[test]
    fn an_invalid_line_is_refused() {
        for line in [
            "null",
            "[]",
            "{}",
            r#"{"note": null}"#,
            r#"{"title": {}}"#,
            r#"{"note": {}, "comment": {}}"#,
            r#"{"note": {}} {}"#,
            "{",
            "\u{feff}\u{feff}{}",
        ] {
            let invalid = parse_line(line.as_bytes()).unwrap().unwrap_err();
            assert!(invalid.key.is_none() && !invalid.reason.is_empty(), "{line}: {invalid:?}");
        }
        assert!(parse_line(b"{\"note\": {\"key\": \"\xff\"}}").unwrap().is_err());
    }

    #[test]
    fn a_blank_line_is_skipped() {
        for line in ["", "\n", "\r\n", " \t\r\n", "\u{feff}", "\u{feff}\r\n"] {
            assert!(parse_line(line.as_bytes()).is_none(), "{line:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_briefly_and_with_the_key() {
        let mut line = note();
        for number in 0..1000 {
            line["note"][format!("{number}{}", "🦀".repeat(1000))] = json!(1);
        }
        let invalid = parse_line(line.to_string().as_bytes()).unwrap().unwrap_err();
        assert_eq!(invalid.key, NoteKey::parse("shopping").ok());
        assert_eq!(invalid.reason.chars().count(), MAX_REASON_LENGTH + 1);
    }

    #[tokio::test]
    async fn a_request_in_another_encoding_is_refused_as_a_whole() {
        let line = format!("{}\n", note());
        for text in [format!("\u{feff}{line}"), line] {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(count(media_type::NDJSON, bytes).await, Err(StatusCode::BAD_REQUEST));
        }
    }

    async fn count(media_type: &str, body: impl Into<axum::body::Body>) -> Result<usize, StatusCode> {
        let request = Request::builder().header(CONTENT_TYPE, media_type).body(body.into()).unwrap();
        let lines = ArchiveLines::from_request(request, &()).await;
        lines.map(|lines| lines.0.len()).map_err(|problem| problem.into_response().status())
    }

    #[tokio::test]
    async fn a_request_holds_up_to_1000_lines_and_4_mib_of_ndjson() {
        assert_eq!(count(media_type::NDJSON, "").await, Ok(0));
        assert_eq!(count(media_type::NDJSON, "{}\n{}").await, Ok(2));
        assert_eq!(count(media_type::NDJSON, "{}\n{}\n").await, Ok(2));
        assert_eq!(count("application/json", "{}").await, Err(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        assert_eq!(count(media_type::NDJSON, "{}\n".repeat(1000)).await, Ok(1000));
        assert_eq!(count(media_type::NDJSON, "{}\n".repeat(1001)).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
        assert_eq!(count(media_type::NDJSON, "{}\n\n{}\r\n\r\n").await, Ok(2));
        assert_eq!(count(media_type::NDJSON, " ".repeat(MAX_PAGE_LENGTH)).await, Ok(0));
        assert_eq!(
            count(media_type::NDJSON, " ".repeat(MAX_PAGE_LENGTH + 1)).await,
            Err(StatusCode::PAYLOAD_TOO_LARGE)
        );
    }
}
