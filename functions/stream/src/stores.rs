//! The stores that handlers share.

use aws_sdk_dynamodb::Client;
use notes::{BoardId, Boards, Comments, Contents, Documents, History, Links, NotesStore};

/// The stores that handlers share.
pub(crate) struct Stores {
    /// The notes of the first team board. [`NotesStore::on`] leads to those of others.
    pub(crate) notes: NotesStore,
    /// The comments on them.
    pub(crate) comments: Comments,
    /// What belongs to notes, and is deleted when they are gone for good.
    pub(crate) contents: Contents,
    /// The earlier texts of notes.
    pub(crate) history: History,
    /// The links between notes.
    pub(crate) links: Links,
    /// The boards.
    pub(crate) boards: Boards,
}

impl Stores {
    /// Creates the stores on three tables, with a history of this number of days.
    pub(crate) fn new(
        client: &Client,
        [notes_table, edits_table, boards_table]: [&str; 3],
        history_days: u32,
    ) -> Self {
        Self {
            notes: NotesStore::new(client.clone(), notes_table, BoardId::team()),
            comments: Comments::new(client.clone(), notes_table),
            contents: Contents::new(
                client.clone(),
                notes_table,
                Documents::new(client.clone(), edits_table, notes_table),
            ),
            history: History::new(client.clone(), edits_table).keeping(history_days),
            links: Links::new(client.clone(), edits_table),
            boards: Boards::new(client.clone(), boards_table),
        }
    }
}
