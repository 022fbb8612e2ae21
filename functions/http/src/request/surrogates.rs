//! Explains the JSON error of a lone surrogate, such as `\ud83d` without its second half.
//!
//! JavaScript reads and writes such strings. They are not valid Unicode, so the tables cannot store them.

use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use super::fields::{MAX_NAME_LENGTH, truncate};

/// Returns an explanation with the member and position of a lone surrogate, if that is the error.
pub(super) fn explain(error: &serde_json::Error, json: &[u8]) -> Option<String> {
    if !is_lone_surrogate(error) {
        return None;
    }
    let mut json = serde_json::Deserializer::from_slice(json);
    let found: Result<Value, _> = serde_path_to_error::deserialize(&mut json);
    let is_known = |path: &Path| {
        path.iter().len() > 0 && !path.iter().any(|segment| matches!(segment, Segment::Unknown))
    };
    // There is no path if the name of a member is invalid, or if the whole text is one string.
    let path = found.err().filter(|error| is_known(error.path())).map(|error| error.path().to_string());
    let place = truncate(path.unwrap_or_else(|| "The text".into()), MAX_NAME_LENGTH);
    let (line, column) = (error.line(), error.column());
    Some(format!(
        "{place} contains half a character at line {line} column {column}: a lone surrogate such as \\ud83d. Send whole \
         characters."
    ))
}

/// Returns whether an escape sequence is only one half of a surrogate pair.
fn is_lone_surrogate(error: &serde_json::Error) -> bool {
    let error = error.to_string();
    // The first half is followed by another escape, or by no escape.
    error.contains("surrogate") || error.contains("unexpected end of hex escape")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_surrogate_is_reported_with_its_member_and_position() {
        let explained =
            |json: &str| explain(&serde_json::from_str::<Value>(json).unwrap_err(), json.as_bytes());
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
