//! A comment and its parts.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::text;
use crate::{Invalid, NoteKey, Timestamp, Username};

/// A comment on a note, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comment {
    /// Its name among the comments of its note.
    pub id: CommentId,
    /// The note's key.
    pub key: NoteKey,
    /// Who wrote it.
    pub author: Username,
    /// What it says.
    pub message: Message,
    /// When it was written.
    pub created: Timestamp,
}

/// The id of a comment: a `UUIDv7` of ours, so that ids sort as comments were written. A page of comments goes on
/// after the last id of the one before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CommentId(String);

text!(CommentId);

impl CommentId {
    /// The id of a new comment.
    #[must_use]
    pub fn generate() -> Self {
        Self(uuid::Uuid::now_v7().to_string())
    }

    /// Reads an id, in the one spelling that ours have.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let id = uuid::Uuid::try_parse(text).ok().filter(|id| id.get_version_num() == 7);
        let id = id.map(|id| id.to_string()).filter(|id| id == text);
        id.map(Self).ok_or(Invalid::Value("must be the id of a comment"))
    }
}

/// What a comment says: 1 to 1024 characters once trimmed. Its debug form says only how long it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Message(String);

text!(Message);

impl Message {
    /// Reads a message, without the white space around it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
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
    fn ids_of_ours_are_ids_and_sort_as_they_were_made() {
        let (one, other) = (CommentId::generate(), CommentId::generate());
        assert_eq!(CommentId::parse(one.as_str()), Ok(one.clone()));
        assert!(one < other);
    }

    #[test]
    fn other_ids_and_other_spellings_of_ours_are_refused() {
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
