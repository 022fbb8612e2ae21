//! Boards: what notes stand on, and what a stream of changes is ordered by.

use std::fmt;

/// A board of notes, which is one partition of the table: its changes are streamed in order, its titles are one query.
/// There is one so far, [`Board::default`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Board(String);

impl Board {
    /// The board's name, as the attribute `board` holds it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Board {
    fn default() -> Self {
        Self("home".into())
    }
}

impl fmt::Display for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
