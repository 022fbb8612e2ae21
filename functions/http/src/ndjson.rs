//! Newline-delimited JSON: one value a line, each line read by itself.

use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use notes::{ArchivePage, Invalid, Version};
use notes::{
    ArchivedComment, Body, Comment, CommentId, Line, Message, Note, NoteKey, Timestamp, Title, Username,
};
use serde_json::{Map, Value};

use crate::body;
use crate::fields::cut;
use crate::json::{FromMembers, Members, explain_lone_surrogate};
use crate::problem::Problem;
use crate::utf8::without_mark;

/// Its media type. Gateways take it for binary, and pass it on in base64.
pub(crate) const MEDIA_TYPE: &str = "application/x-ndjson";

/// The largest page of lines that we take: any that we give. In base64 it fits into Lambda's event of 6 MB.
const LARGEST_PAGE: usize = ArchivePage::LARGEST;

/// The most lines that we take: their outcomes must fit into one answer, and be reached in one request.
const MOST_LINES: usize = 1000;

/// The longest word on what is wrong with a line, in characters. Members may have names of any length.
const LONGEST_WHY: usize = 200;

/// Lines of JSON, as an answer.
pub(crate) struct Ndjson(pub(crate) String);

impl IntoResponse for Ndjson {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, MEDIA_TYPE)], self.0).into_response()
    }
}

/// The lines of a request, each with its number and read as a line of the archive, or with what is wrong with it. Blank
/// lines are counted and left out.
pub(crate) struct ArchiveLines(pub(crate) Vec<(usize, Result<Line, Broken>)>);

/// A line that is none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// The key of the note that it is, or is said of, as far as it can be read.
    pub(crate) key: Option<NoteKey>,
    /// What is wrong with it.
    pub(crate) why: String,
}

impl<S: Sync> FromRequest<S> for ArchiveLines {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let too_large = || Problem::too_large_page("Send at most 4 MiB at once.");
        let bytes = body::read(request, MEDIA_TYPE, LARGEST_PAGE, too_large).await?;
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        if lines.len() > MOST_LINES {
            return Err(Problem::too_large_page("Send at most 1000 lines at once."));
        }
        // A text is in one encoding: were each line refused for it, nobody would see why.
        if let Err(why) = without_mark(&bytes) {
            return Err(Problem::malformed(format!("This is not JSON: {why}.")));
        }
        let numbered = (1..).zip(lines);
        Ok(Self(numbered.filter_map(|(number, line)| Some((number, read(line)?))).collect()))
    }
}

/// Reads a line of the archive, unless it is blank. A byte order mark may be before any line: files are joined.
fn read(line: &[u8]) -> Option<Result<Line, Broken>> {
    let line = without_mark(line).unwrap_or(line);
    (!line.trim_ascii().is_empty()).then(|| read_text(line))
}

fn read_text(line: &[u8]) -> Result<Line, Broken> {
    let broken = |why: &str| Broken { key: None, why: why.into() };
    let value = serde_json::from_slice(line).map_err(|error| {
        let said = explain_lone_surrogate(&error, line);
        broken(&said.unwrap_or_else(|| format!("this is not JSON: {error}")))
    })?;
    let one_member = match value {
        Value::Object(object) if object.len() == 1 => object.into_iter().next(),
        _ => None,
    };
    match one_member {
        Some((kind, Value::Object(note))) if kind == "note" => read_members(note).map(Line::Note),
        Some((kind, Value::Object(said))) if kind == "comment" => read_members(said).map(Line::Comment),
        _ => Err(broken(r#"must be {"note": {...}} or {"comment": {...}}"#)),
    }
}

fn read_members<T: FromMembers>(members: Map<String, Value>) -> Result<T, Broken> {
    let key = members.get("key").and_then(Value::as_str).and_then(|key| NoteKey::parse(key).ok());
    Members::read_part(members).map_err(|errors| Broken { key, why: cut(errors.to_string(), LONGEST_WHY) })
}

impl FromMembers for Note {
    fn from_members(members: &mut Members) -> Option<Self> {
        let key = members.required("key", NoteKey::parse);
        let title = members.required("title", Title::parse);
        let body = members.required("body", Body::parse);
        let author = members.required("author", Username::parse);
        let editor = members.required("editor", Username::parse);
        let version = members.required_number("version", read_version);
        let created = members.required("created", Timestamp::parse);
        let updated = members.required("updated", Timestamp::parse);
        let importer = members.optional("importer", Username::parse);
        Some(Self {
            key: key?,
            title: title?,
            body: body?,
            author: author?,
            editor: editor?,
            version: version?,
            created: created?,
            updated: updated?,
            importer,
        })
    }
}

impl FromMembers for ArchivedComment {
    fn from_members(members: &mut Members) -> Option<Self> {
        let id = members.required("id", CommentId::parse);
        let key = members.required("key", NoteKey::parse);
        let author = members.required("author", Username::parse);
        let message = members.required("message", Message::parse);
        let created = members.required("created", Timestamp::parse);
        let importer = members.optional("importer", Username::parse);
        let note_created = members.required("noteCreated", Timestamp::parse);
        let comment =
            Comment { id: id?, key: key?, author: author?, message: message?, created: created?, importer };
        Some(Self { comment, note_created: note_created? })
    }
}

/// A version that every reader of JSON reads as the same number, and that can be counted on.
fn read_version(number: u64) -> Result<Version, Invalid> {
    let version = Version::new(number).filter(|version| version.get() < 1 << 53);
    version.ok_or(Invalid::Value("must be a whole number from 1 to 9007199254740991"))
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
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

    fn with(mut line: Value, member: &str, value: Value) -> Result<Line, Broken> {
        let inner = line.as_object_mut().unwrap().values_mut().next().unwrap();
        inner[member] = value;
        read(line.to_string().as_bytes()).unwrap()
    }

    fn imported(mut line: Value) -> Value {
        line.as_object_mut().unwrap().values_mut().next().unwrap()["importer"] = "eve".into();
        line
    }

    #[test]
    fn a_line_reads_as_what_it_was_written_from() {
        for line in [note(), comment(), imported(note()), imported(comment())] {
            for text in [format!("{line}"), format!("{line}\r\n"), format!("\u{feff}{line}\n")] {
                let read = read(text.as_bytes()).unwrap().unwrap();
                assert_eq!(serde_json::to_value(&read).unwrap(), line);
            }
        }
    }

    #[test]
    fn every_wrong_member_is_named_with_what_is_wrong_with_it() {
        for (member, value, why) in [
            ("key", json!("a b"), "key must be of A-Z, a-z, 0-9, '.', '_', '~' and '-'"),
            ("title", json!(" "), "title must be 1 to 200 characters"),
            ("title", json!(7), "title must be a text"),
            ("body", json!("a".repeat(Body::LONGEST + 1)), "body must be at most 256 KiB"),
            ("author", json!("a"), "author must be 3 to 32 characters"),
            ("editor", json!(null), "editor must be a text"),
            ("version", json!("3"), "version must be a whole number"),
            ("version", json!(1.5), "version must be a whole number"),
            ("version", json!(0), "version must be a whole number from 1 to 9007199254740991"),
            ("version", json!(1_u64 << 53), "version must be a whole number from 1 to 9007199254740991"),
            ("created", json!("today"), "created must look like 2026-11-23T20:15:00.000Z"),
            ("updated", json!("today"), "updated must look like 2026-11-23T20:15:00.000Z"),
            ("importer", json!("e"), "importer must be 3 to 32 characters"),
            ("importer", json!(null), "importer must be a text"),
            ("imported", json!("eve"), "imported is not known here"),
        ] {
            assert_eq!(with(note(), member, value).unwrap_err().why, why);
        }
        for (member, value, why) in [
            ("id", json!("1"), "id must be the id of a comment"),
            ("key", json!(".."), "key must not be '.' or '..'"),
            ("author", json!("a b"), "author must be of a-z, 0-9, '_' and '-'"),
            ("message", json!(""), "message must be 1 to 1024 characters"),
            ("created", json!(0), "created must be a text"),
            ("noteCreated", json!(""), "noteCreated must look like 2026-11-23T20:15:00.000Z"),
            ("title", json!("A"), "title is not known here"),
        ] {
            assert_eq!(with(comment(), member, value).unwrap_err().why, why);
        }
        assert!(with(note(), "version", json!((1_u64 << 53) - 1)).is_ok());
    }

    #[test]
    fn every_member_must_be_there() {
        for line in [note(), comment()] {
            let (kind, members) = line.as_object().unwrap().iter().next().unwrap();
            for member in members.as_object().unwrap().keys() {
                let mut fewer = members.clone();
                fewer.as_object_mut().unwrap().remove(member);
                let broken = read(json!({ kind: fewer }).to_string().as_bytes()).unwrap().unwrap_err();
                assert_eq!(broken.why, format!("{member} is missing"));
            }
        }
    }

    #[test]
    fn what_is_no_line_is_refused() {
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
            let broken = read(line.as_bytes()).unwrap().unwrap_err();
            assert!(broken.key.is_none() && !broken.why.is_empty(), "{line}: {broken:?}");
        }
        assert!(read(b"{\"note\": {\"key\": \"\xff\"}}").unwrap().is_err());
    }

    #[test]
    fn a_blank_line_is_passed_over() {
        for line in ["", "\n", "\r\n", " \t\r\n", "\u{feff}", "\u{feff}\r\n"] {
            assert!(read(line.as_bytes()).is_none(), "{line:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_briefly_and_with_the_key() {
        let mut line = note();
        for number in 0..1000 {
            line["note"][format!("{number}{}", "🦀".repeat(1000))] = json!(1);
        }
        let broken = read(line.to_string().as_bytes()).unwrap().unwrap_err();
        assert_eq!(broken.key, NoteKey::parse("shopping").ok());
        assert_eq!(broken.why.chars().count(), LONGEST_WHY + 1);
    }

    #[tokio::test]
    async fn lines_in_another_encoding_are_refused_together() {
        let line = format!("{}\n", note());
        for text in [format!("\u{feff}{line}"), line] {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(count(MEDIA_TYPE, bytes).await, Err(StatusCode::BAD_REQUEST));
        }
    }

    async fn count(media_type: &str, body: impl Into<axum::body::Body>) -> Result<usize, StatusCode> {
        let request = Request::builder().header(CONTENT_TYPE, media_type).body(body.into()).unwrap();
        let lines = ArchiveLines::from_request(request, &()).await;
        lines.map(|lines| lines.0.len()).map_err(|problem| problem.into_response().status())
    }

    #[tokio::test]
    async fn a_request_holds_up_to_1000_lines_and_4_mib_of_ndjson() {
        assert_eq!(count(MEDIA_TYPE, "").await, Ok(0));
        assert_eq!(count(MEDIA_TYPE, "{}\n{}").await, Ok(2));
        assert_eq!(count(MEDIA_TYPE, "{}\n{}\n").await, Ok(2));
        assert_eq!(count("application/json", "{}").await, Err(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        assert_eq!(count(MEDIA_TYPE, "{}\n".repeat(1000)).await, Ok(1000));
        assert_eq!(count(MEDIA_TYPE, "{}\n".repeat(1001)).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
        assert_eq!(count(MEDIA_TYPE, "{}\n\n{}\r\n\r\n").await, Ok(2));
        assert_eq!(count(MEDIA_TYPE, " ".repeat(LARGEST_PAGE)).await, Ok(0));
        assert_eq!(count(MEDIA_TYPE, " ".repeat(LARGEST_PAGE + 1)).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
    }
}
