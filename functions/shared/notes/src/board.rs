//! Boards of notes.

use std::fmt;

/// A board of notes. It is one partition of the table, so its stream is in order, and its titles are one query. There
/// is one so far: [`Board::default`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Board(String);

impl Board {
    /// Returns the board's name, as in the attribute `board`.
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
