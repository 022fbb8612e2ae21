//! The id of a note in the trash.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{BoardId, Invalid, Note, NoteKey, Thread, Timestamp};

/// The id of a note in the trash of a board: its key and its time of creation. So notes that had the same key one after the
/// other are different notes in the trash.
///
/// Its text, `shopping@2026-11-23T20:15:00.000Z`, is the sort key of the row. No key of a note contains `@`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TrashId {
    /// The note's key.
    pub key: NoteKey,
    /// When the note was created.
    pub created: Timestamp,
}

impl TrashId {
    /// Returns the id of a note.
    #[must_use]
    pub fn of(note: &Note) -> Self {
        Self { key: note.key.clone(), created: note.created }
    }

    /// Parses the text that [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    /// If the text has another form.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let (key, created) =
            text.split_once('@').ok_or(Invalid::Value("must be the id of a note in the trash"))?;
        Ok(Self { key: NoteKey::parse(key)?, created: Timestamp::parse(created)? })
    }

    /// Returns the thread of the note, which is in the trash of a board.
    pub(crate) fn thread(self, board: BoardId) -> Thread {
        Thread { board, key: self.key, created: self.created }
    }
}

impl fmt::Display for TrashId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.key, self.created)
    }
}

impl From<&Thread> for TrashId {
    fn from(thread: &Thread) -> Self {
        Self { key: thread.key.clone(), created: thread.created }
    }
}

impl From<TrashId> for String {
    fn from(id: TrashId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for TrashId {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ids_text_round_trips() {
        let id = TrashId { key: NoteKey::parse("a.b~c").unwrap(), created: Timestamp::now() };
        assert_eq!(TrashId::parse(&id.to_string()), Ok(id));
    }

    #[test]
    fn invalid_ids_are_refused() {
        for text in [
            "",
            "nothing",
            "@",
            "shopping@",
            "shopping@today",
            "@2026-11-23T20:15:00.000Z",
            "a@b@2026-11-23T20:15:00.000Z",
            "shopping@2026-11-23T20:15:00Z",
            "..@2026-11-23T20:15:00.000Z",
        ] {
            assert!(TrashId::parse(text).is_err(), "{text:?}");
        }
    }
}
