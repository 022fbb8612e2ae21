//! The thread of a note, which holds its comments.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_dynamo::{AttributeValue, Item};

use crate::{BoardId, Invalid, Note, NoteKey, Timestamp};

/// The thread of a note: its board, its key and its time of creation. A later note with the same key has another thread,
/// and so other comments.
///
/// Its text, `comments#team#shopping#2026-11-23T20:15:00.000Z`, is the partition of the comments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Thread {
    /// The note's board.
    pub board: BoardId,
    /// The note's key.
    pub key: NoteKey,
    /// When the note was created.
    pub created: Timestamp,
}

impl Thread {
    /// The prefix of the partitions that hold comments. No board's id begins with it.
    pub const PARTITION_PREFIX: &str = "comments#";

    /// Returns the thread of a note on a board.
    #[must_use]
    pub fn of(board: &BoardId, note: &Note) -> Self {
        Self { board: board.clone(), key: note.key.clone(), created: note.created }
    }

    /// Returns whether a row of the Notes table, which has this key, is in a thread. Otherwise it is on a board.
    #[must_use]
    pub fn holds(key: &Item) -> bool {
        matches!(key.get("board"), Some(AttributeValue::S(partition)) if partition.starts_with(Self::PARTITION_PREFIX))
    }
}

impl fmt::Display for Thread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}#{}#{}", Self::PARTITION_PREFIX, self.board, self.key, self.created)
    }
}

impl From<Thread> for String {
    fn from(thread: Thread) -> Self {
        thread.to_string()
    }
}

impl TryFrom<String> for Thread {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        let rest = text.strip_prefix(Self::PARTITION_PREFIX).and_then(|rest| rest.split_once('#'));
        let parts = rest.and_then(|(board, rest)| Some((board, rest.split_once('#')?)));
        let (board, (key, created)) =
            parts.ok_or(Invalid::Value("must look like comments#board#key#moment"))?;
        let (board, key) = (BoardId::parse(board)?, NoteKey::parse(key)?);
        Ok(Self { board, key, created: Timestamp::parse(created)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threads_text_round_trips() {
        let (board, key) = (BoardId::generate(), NoteKey::parse("a.b~c").unwrap());
        let thread = Thread { board, key, created: Timestamp::now() };
        assert_eq!(Thread::try_from(thread.to_string()), Ok(thread));
    }

    #[test]
    fn invalid_threads_are_refused() {
        for text in [
            "",
            "team",
            "comments#team#a",
            "comments#a#2026-11-23T20:15:00.000Z",
            "comments#team##2026-11-23T20:15:00.000Z",
            "comments##a#2026-11-23T20:15:00.000Z",
            "comments#home#a#2026-11-23T20:15:00.000Z",
            "comments#team#a#today",
            "comments#team#a#b#2026-11-23T20:15:00.000Z",
            "team#a#2026-11-23T20:15:00.000Z",
        ] {
            assert!(Thread::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn rows_of_threads_and_of_boards_are_distinguished() {
        let row = |board: &str| serde_dynamo::to_item(serde_json::json!({ "board": board })).unwrap();
        assert!(Thread::holds(&row("comments#team#a#2026-11-23T20:15:00.000Z")));
        assert!(!Thread::holds(&row(BoardId::team().as_str())));
        assert!(!Thread::holds(&Item::default()));
    }
}
