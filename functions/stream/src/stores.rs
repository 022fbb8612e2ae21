//! The stores that handlers share.

use aws_sdk_dynamodb::Client;
use notes::{BoardId, Boards, Comments, NotesStore};

/// The stores that handlers share.
pub(crate) struct Stores {
    /// The notes of the first team board. [`NotesStore::on`] leads to those of others.
    pub(crate) notes: NotesStore,
    /// The comments on them.
    pub(crate) comments: Comments,
    /// The boards.
    pub(crate) boards: Boards,
}

impl Stores {
    /// Creates the stores on two tables.
    pub(crate) fn new(client: &Client, notes_table: &str, boards_table: &str) -> Self {
        Self {
            notes: NotesStore::new(client.clone(), notes_table, BoardId::team()),
            comments: Comments::new(client.clone(), notes_table),
            boards: Boards::new(client.clone(), boards_table),
        }
    }
}
