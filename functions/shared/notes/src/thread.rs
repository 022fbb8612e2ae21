//! The thread of a note, which holds its comments.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_dynamo::{AttributeValue, Item};

use crate::{Invalid, Note, NoteKey, Timestamp};

/// The thread of a note: its key and its time of creation. A later note with the same key has another thread, and so
/// other comments.
///
/// Its text, `comments#shopping#2026-11-23T20:15:00.000Z`, is the partition of the comments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Thread {
    /// The note's key.
    pub key: NoteKey,
    /// When the note was created.
    pub created: Timestamp,
}

impl Thread {
    /// The prefix of the partitions that hold comments. No board's name begins with it.
    pub const PARTITION_PREFIX: &str = "comments#";

    /// Returns the thread of a note.
    #[must_use]
    pub fn of(note: &Note) -> Self {
        Self { key: note.key.clone(), created: note.created }
    }

    /// Returns whether a row of the Notes table, which has this key, is in a thread. Otherwise it is on a board.
    #[must_use]
    pub fn holds(key: &Item) -> bool {
        matches!(key.get("board"), Some(AttributeValue::S(partition)) if partition.starts_with(Self::PARTITION_PREFIX))
    }
}

impl fmt::Display for Thread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}#{}", Self::PARTITION_PREFIX, self.key, self.created)
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
        let parts = text.strip_prefix(Self::PARTITION_PREFIX).and_then(|rest| rest.split_once('#'));
        let (key, created) = parts.ok_or(Invalid::Value("must look like comments#key#moment"))?;
        Ok(Self { key: NoteKey::parse(key)?, created: Timestamp::parse(created)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threads_text_round_trips() {
        let thread = Thread { key: NoteKey::parse("a.b~c").unwrap(), created: Timestamp::now() };
        assert_eq!(Thread::try_from(thread.to_string()), Ok(thread));
    }

    #[test]
    fn invalid_threads_are_refused() {
        for text in [
            "",
            "home",
            "comments#a",
            "comments##2026-11-23T20:15:00.000Z",
            "comments#a#today",
            "comments#a#b#2026-11-23T20:15:00.000Z",
            "a#2026-11-23T20:15:00.000Z",
        ] {
            assert!(Thread::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn rows_of_threads_and_of_boards_are_distinguished() {
        let row = |board: &str| serde_dynamo::to_item(serde_json::json!({ "board": board })).unwrap();
        assert!(Thread::holds(&row("comments#a#2026-11-23T20:15:00.000Z")));
        assert!(!Thread::holds(&row(crate::Board::default().as_str())));
        assert!(!Thread::holds(&Item::default()));
    }
}
