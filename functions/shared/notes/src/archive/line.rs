//! A line of the archive.

use serde::Serialize;

use crate::{BoardId, Body, Comment, Note, NoteKey, Thread, Timestamp};

/// A line: a note or a comment, as JSON with its kind as the only member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Line {
    /// A note, without its comments.
    Note(Note),
    /// A comment on a note.
    Comment(ArchivedComment),
}

/// A comment, and the note that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchivedComment {
    /// The comment, with the key of its note.
    #[serde(flatten)]
    pub comment: Comment,
    /// When its note was created. Another note may have had the same key.
    pub note_created: Timestamp,
}

impl ArchivedComment {
    /// Returns the thread of the comment on a board.
    #[must_use]
    pub fn thread(&self, board: &BoardId) -> Thread {
        Thread { board: board.clone(), key: self.comment.key.clone(), created: self.note_created }
    }
}

impl Line {
    /// The most bytes of a line. JSON may write a byte of a body as six (`\u0001`), and the rest is below 4 KiB.
    pub const LONGEST: usize = 6 * Body::LONGEST + 4 * 1024;

    /// Returns the key of the note that it is, or belongs to.
    #[must_use]
    pub fn key(&self) -> &NoteKey {
        match self {
            Self::Note(note) => &note.key,
            Self::Comment(archived) => &archived.comment.key,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{CommentId, DocumentId, Message, Title, Username, Version};

    fn username() -> Username {
        Username::parse(&"a".repeat(32)).unwrap()
    }

    fn longest_note() -> Note {
        Note {
            key: NoteKey::parse(&"k".repeat(NoteKey::LONGEST)).unwrap(),
            title: Title::parse(&"🦀".repeat(200)).unwrap(),
            body: Body::parse(&"\u{1}".repeat(Body::LONGEST)).unwrap(),
            author: username(),
            editor: username(),
            version: Version::new(u64::MAX).unwrap(),
            created: Timestamp::now(),
            updated: Timestamp::now(),
            listed: Timestamp::now(),
            document: DocumentId::generate(),
            importer: Some(username()),
        }
    }

    fn comment(message: &str) -> ArchivedComment {
        let comment = Comment {
            id: CommentId::parse("019ab2b5-8e30-7c4b-9d52-3f1c0e6a7b88").unwrap(),
            key: NoteKey::parse("shopping").unwrap(),
            author: Username::parse("ada").unwrap(),
            message: Message::parse(message).unwrap(),
            created: Timestamp::parse("2026-11-23T20:16:00.000Z").unwrap(),
            importer: Username::parse("eve").ok(),
        };
        ArchivedComment { comment, note_created: Timestamp::parse("2026-11-23T20:15:00.000Z").unwrap() }
    }

    #[test]
    fn no_line_exceeds_the_maximum_length() {
        let note = serde_json::to_string(&Line::Note(longest_note())).unwrap();
        let comment = format!("a{}b", "\u{1}".repeat(1022));
        let comment = serde_json::to_string(&Line::Comment(super::tests::comment(&comment))).unwrap();
        assert!(note.len() <= Line::LONGEST && comment.len() <= Line::LONGEST);
        assert!(note.len() > 6 * Body::LONGEST);
    }

    #[test]
    fn a_comments_line_names_its_note_by_key_and_creation_time() {
        let line = Line::Comment(comment("Milk?"));
        assert_eq!(
            serde_json::to_value(&line).unwrap(),
            json!({ "comment": {
                "id": "019ab2b5-8e30-7c4b-9d52-3f1c0e6a7b88",
                "key": "shopping",
                "author": "ada",
                "message": "Milk?",
                "created": "2026-11-23T20:16:00.000Z",
                "importer": "eve",
                "noteCreated": "2026-11-23T20:15:00.000Z",
            }})
        );
    }
}
