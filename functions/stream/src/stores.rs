//! The stores that handlers share.

use aws_sdk_dynamodb::Client;
use notes::{BoardId, Boards, Comments, Contents, Documents, NotesStore};

/// The stores that handlers share.
pub(crate) struct Stores {
    /// The notes of the first team board. [`NotesStore::on`] leads to those of others.
    pub(crate) notes: NotesStore,
    /// The comments on them.
    pub(crate) comments: Comments,
    /// What belongs to notes, and is deleted when they are gone for good.
    pub(crate) contents: Contents,
    /// The boards.
    pub(crate) boards: Boards,
}

impl Stores {
    /// Creates the stores on three tables.
    pub(crate) fn new(client: &Client, notes_table: &str, edits_table: &str, boards_table: &str) -> Self {
        Self {
            notes: NotesStore::new(client.clone(), notes_table, BoardId::team()),
            comments: Comments::new(client.clone(), notes_table),
            contents: Contents::new(
                client.clone(),
                notes_table,
                Documents::new(client.clone(), edits_table, notes_table),
            ),
            boards: Boards::new(client.clone(), boards_table),
        }
    }
}
