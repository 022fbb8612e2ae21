//! The archive: all notes with their comments as lines of JSON, to be taken out page by page, and put back.
//!
//! A line is one note, `{"note": {...}}`, or one comment, `{"comment": {...}}`: however many comments a note has, no
//! line is longer than [`Line::LONGEST`]. Lines come by key of their note: the note itself, then its comments, oldest
//! first. A comment says by key and birthday which note it was said of, so that a page may begin anywhere.

mod cursor;
mod export;
mod import;
mod line;
mod put;
mod steps;

use aws_sdk_dynamodb::Client;

use crate::Board;

pub use cursor::ArchiveCursor;
pub use export::ArchivePage;
pub use import::{Imported, NotReached};
pub use line::{ArchivedComment, Line};
pub use put::Refusal;

/// The board's notes with their comments, as lines.
#[derive(Debug, Clone)]
pub struct Archive {
    client: Client,
    table: String,
    board: Board,
}

impl Archive {
    /// The archive of the notes in `table`.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into(), board: Board::default() }
    }
}
