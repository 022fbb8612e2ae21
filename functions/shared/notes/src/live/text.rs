//! The payloads about the text of a note that people edit together.

use serde::Serialize;

use super::json_length;
use crate::{BoardId, DocumentId, Edit, NoteKey, Username};

/// The payload of [`DOCUMENT`](super::DOCUMENT): what a page lacks of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextDocument {
    /// The board of the note.
    pub board: BoardId,
    /// The note's key.
    pub key: NoteKey,
    /// The document that the text is.
    pub document: DocumentId,
    /// An update of Yjs in base64. Without it, the page asks over HTTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update: Option<String>,
}

impl TextDocument {
    /// Leaves out the update if the JSON would be longer than `max_bytes`.
    #[must_use]
    pub fn fitting(mut self, max_bytes: usize) -> Self {
        if json_length(&self) > max_bytes {
            self.update = None;
        }
        self
    }
}

/// The payload of [`EDIT`](super::EDIT): an edit of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextEdit {
    /// The board of the note.
    pub board: BoardId,
    /// The note's key.
    pub key: NoteKey,
    /// The document that the text is.
    pub document: DocumentId,
    /// An update of Yjs in base64.
    pub update: String,
    /// Who edits. Absent if the edits of several people are repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Sender>,
    /// Where the sender's cursor is then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

impl TextEdit {
    /// Creates the payload of an edit.
    #[must_use]
    pub fn new(board: BoardId, key: NoteKey, document: DocumentId, edit: &Edit) -> Self {
        Self { board, key, document, update: edit.to_base64(), from: None, cursor: None }
    }
}

/// The payload of [`CURSOR`](super::CURSOR): where somebody's cursor is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cursor {
    /// The board of the note.
    pub board: BoardId,
    /// The note's key.
    pub key: NoteKey,
    /// Whose cursor it is.
    pub from: Sender,
    /// The cursor as the page describes it. Absent if it is hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// The socket of an event, and the user of its session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sender {
    /// The socket's id.
    pub socket: String,
    /// The user, whatever the event says.
    pub username: Username,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_that_does_not_fit_is_left_out() {
        let document = TextDocument {
            board: BoardId::team(),
            key: NoteKey::parse("a").unwrap(),
            document: DocumentId::generate(),
            update: Some("AAA=".repeat(100)),
        };
        let length = json_length(&document);
        assert_eq!(document.clone().fitting(length), document);
        assert_eq!(document.clone().fitting(length - 1), TextDocument { update: None, ..document });
    }

    #[test]
    fn the_longest_edit_of_a_frame_fits_into_a_frame_with_everything_else() {
        let edit = TextEdit {
            board: BoardId::generate(),
            key: NoteKey::parse(&"k".repeat(NoteKey::LONGEST)).unwrap(),
            document: DocumentId::generate(),
            update: "A".repeat(Edit::LONGEST_IN_A_FRAME.div_ceil(3) * 4),
            from: Some(Sender {
                socket: "s".repeat(20),
                username: Username::parse(&"u".repeat(32)).unwrap(),
            }),
            cursor: Some("\"".repeat(1024)),
        };
        assert!(json_length(&edit) < 32 * 1024 - 100, "{}", json_length(&edit));
    }
}
