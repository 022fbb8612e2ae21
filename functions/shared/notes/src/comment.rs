//! A comment and its parts.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::text::{text, trim};
use crate::{Invalid, NoteKey, Timestamp, Username};

/// A comment on a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comment {
    /// Its id, unique in its note.
    pub id: CommentId,
    /// The note's key.
    pub key: NoteKey,
    /// The author.
    pub author: Username,
    /// The message.
    pub message: Message,
    /// When it was created.
    pub created: Timestamp,
    /// The user who imported it, if it was imported. Then nobody has verified the other fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub importer: Option<Username>,
}

/// How long an id may be older than its comment. A page that was offline sends it later.
const EARLY: Duration = Duration::from_hours(24);

/// How long an id may be newer than its comment, because clocks differ.
const LATE: Duration = Duration::from_mins(1);

/// The id of a comment: a `UUIDv7`, so that ids sort by time. It is also the cursor of a page of comments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CommentId(String);

text!(CommentId);

impl CommentId {
    /// Generates the id of a new comment.
    #[must_use]
    pub fn generate() -> Self {
        Self(uuid::Uuid::now_v7().to_string())
    }

    /// Parses an id in its canonical form.
    ///
    /// # Errors
    /// If the text is not a `UUIDv7` in lower case with hyphens.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let id = uuid::Uuid::try_parse(text).ok().filter(|id| id.get_version_num() == 7);
        let id = id.map(|id| id.to_string()).filter(|id| id == text);
        id.map(Self).ok_or(Invalid::Value("must be the id of a comment"))
    }

    /// Returns whether the id fits the time of creation: at most a day older, and at most a minute newer.
    ///
    /// Comments are listed by their ids. An id of another time would list its comment in the wrong place, for example
    /// above all later ones.
    #[must_use]
    pub fn agrees_with(&self, created: Timestamp) -> bool {
        let made = uuid::Uuid::try_parse(&self.0).ok().and_then(|id| id.get_timestamp());
        let made = made.map(|made| Duration::new(made.to_unix().0, made.to_unix().1).as_millis());
        let created = u128::try_from(created.as_millisecond()).ok();
        made.zip(created).is_some_and(|(made, created)| {
            made <= created + LATE.as_millis() && created <= made + EARLY.as_millis()
        })
    }
}

/// The message of a comment: 1 to 1024 characters after trimming. Its debug form shows only the length.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Message(String);

text!(Message);

impl Message {
    /// Parses a message, without the white space around it.
    ///
    /// # Errors
    /// If the text breaks the rules.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = trim(text);
        if !(1..=1024).contains(&text.chars().count()) {
            return Err(Invalid::Value("must be 1 to 1024 characters"));
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_ids_are_valid_and_sort_by_time() {
        let (one, other) = (CommentId::generate(), CommentId::generate());
        assert_eq!(CommentId::parse(one.as_str()), Ok(one.clone()));
        assert!(one < other);
    }

    #[test]
    fn other_ids_and_other_spellings_are_refused() {
        let id = "019ab2b5-8e30-7c4b-9d52-3f1c0e6a7b88";
        assert!(CommentId::parse(id).is_ok());
        let spellings = [
            id.to_uppercase(),
            id.replace('-', ""),
            format!("{{{id}}}"),
            format!("urn:uuid:{id}"),
            id.replace("-7", "-4"),
        ];
        for text in spellings.iter().map(String::as_str).chain(["", "1", "note"]) {
            assert!(CommentId::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_id_is_valid_from_a_minute_before_its_time_to_a_day_after() {
        // 1970-01-02T00:00:00.000Z, in milliseconds.
        let id = CommentId::parse("00000526-5c00-7fff-bfff-ffffffffffff").unwrap();
        for (created, agrees) in [
            ("1970-01-01T23:58:59.999Z", false),
            ("1970-01-01T23:59:00.000Z", true),
            ("1970-01-02T00:00:00.000Z", true),
            ("1970-01-03T00:00:00.000Z", true),
            ("1970-01-03T00:00:00.001Z", false),
            ("1969-12-31T23:59:59.999Z", false),
        ] {
            assert_eq!(id.agrees_with(Timestamp::parse(created).unwrap()), agrees, "{created}");
        }
        let last = CommentId::parse("ffffffff-ffff-7fff-bfff-ffffffffffff").unwrap();
        assert!(!last.agrees_with(Timestamp::now()));
        assert!(CommentId::generate().agrees_with(Timestamp::now()));
    }

    #[test]
    fn a_message_is_1_to_1024_characters_once_trimmed() {
        for empty in ["", " ", " \n\t"] {
            assert!(Message::parse(empty).is_err(), "{empty:?}");
        }
        assert_eq!(Message::parse(" a\nb ").unwrap().as_str(), "a\nb");
        assert!(Message::parse(&format!(" {} ", "🦀".repeat(1024))).is_ok());
        assert!(Message::parse(&"🦀".repeat(1025)).is_err());
    }

    #[test]
    fn a_message_stays_out_of_logs() {
        assert_eq!(format!("{:?}", Message::parse("secret").unwrap()), "Message(6 bytes)");
    }
}
