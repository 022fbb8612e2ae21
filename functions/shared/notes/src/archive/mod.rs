//! The archive: all notes and comments as lines of JSON, exported page by page, and imported.
//!
//! A line is a note, `{"note": {...}}`, or a comment, `{"comment": {...}}`. So no line is longer than
//! [`Line::LONGEST`]. Lines are sorted by the key of their note: the note, then its comments, oldest first. A comment
//! names its note by key and time of creation, so that a page may begin anywhere.

mod cursor;
mod export;
mod import;
mod line;
mod put;
mod steps;

use aws_sdk_dynamodb::Client;

use crate::BoardId;

pub use cursor::ArchiveCursor;
pub use export::ArchivePage;
pub use import::{Imported, NotReached};
pub use line::{ArchivedComment, Line};
pub use put::Refusal;

/// The archive of a board.
#[derive(Debug, Clone)]
pub struct Archive {
    client: Client,
    table: String,
    board: BoardId,
}

impl Archive {
    /// Creates the archive of the notes in `table`.
    pub fn new(client: Client, table: impl Into<String>, board: BoardId) -> Self {
        Self { client, table: table.into(), board }
    }

    /// Returns the archive of another board.
    #[must_use]
    pub fn on(&self, board: &BoardId) -> Self {
        Self { board: board.clone(), ..self.clone() }
    }
}
