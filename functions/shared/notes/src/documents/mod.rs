//! The texts of notes, as documents that several people edit at once.
//!
//! The truth is the set of edits that were acknowledged. They commute, so neither their order nor a repetition matters. An edit
//! is a row; [`Documents::merge`] puts the edits of a document into its state, and the text into the note. That text is a copy,
//! some seconds behind. Whoever needs the current one reads the edits too ([`Documents::open`]).
//!
//! A note that nobody has edited has no rows here. Its document is made from its text, by whoever needs it, and is always the
//! same ([`documents::Document::seed`]). The note's text changes only in one transaction with the first state, and the note is
//! read before the rows. So a reader that finds no state has the text that the document began with.

mod edit;
mod id;
mod merge;
mod note_document;
mod rows;
mod write;

use aws_sdk_dynamodb::Client;
pub use edit::{Edit, Vector};
pub use id::DocumentId;
pub use merge::{Merged, StoredEdit};
pub use note_document::{CurrentNote, NoteDocument};

use self::rows::{Rows, edit_row};
use crate::tables::{EDITS, NOTES, Row};
use crate::tombstone::Stored;
use crate::{BoardId, Body, EditError, Note, NoteKey, StoreError, Thread, Username, batch, history};

/// How much longer than a body a text may become by one edit. The page holds the limit itself, but what it replaces may not be
/// merged yet.
const SLACK: usize = 16 * 1024;

/// The documents of notes, in the table of edits.
#[derive(Debug, Clone)]
pub struct Documents {
    client: Client,
    edits: String,
    notes: String,
}

impl Documents {
    /// Creates the store of the documents in the table `edits`, of the notes in the table `notes`.
    pub fn new(client: Client, edits: impl Into<String>, notes: impl Into<String>) -> Self {
        Self { client, edits: edits.into(), notes: notes.into() }
    }

    /// Reads the document of a note that was read before. One query per 1 MB of edits.
    ///
    /// # Errors
    /// If the table fails, or a row cannot be read.
    pub async fn open(&self, note: &Note) -> Result<NoteDocument, StoreError> {
        let rows = self.rows(&note.document).await?;
        NoteDocument::new(note, rows)
    }

    /// Stores an edit of a note on a board, which a socket has sent, or a request. After that, it is part of the document. One
    /// request.
    ///
    /// # Errors
    /// [`EditError::NotYours`] if it contains what somebody else has inserted. [`EditError::Full`] if the text would be too
    /// long. It is compared with the note's row, so people who write at the same time may exceed it by a little. Otherwise if
    /// the table fails. The edit may be stored nevertheless, and may be stored again.
    pub async fn append(
        &self,
        board: &BoardId,
        note: &Note,
        Edit(update): &Edit,
        author: &Username,
        socket: Option<&str>,
    ) -> Result<(), EditError> {
        if !update.is_by(author.as_str()) {
            return Err(EditError::NotYours);
        }
        let length = note.body.as_str().len() + update.inserted();
        if update.inserted() > 0 && length > Body::LONGEST + SLACK {
            return Err(EditError::Full);
        }
        if update.is_empty() {
            return Ok(());
        }
        let row = edit_row(&note.document, &Thread::of(board, note), update.as_bytes(), author, socket);
        let put = self.client.put_item().table_name(&self.edits).set_item(Some(row));
        put.send().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// Deletes a document, and the history of its note. Two queries, one more per 1 MB, and one request for each 25 rows. Calling
    /// it again does no harm.
    ///
    /// # Errors
    /// If the table fails, or `DynamoDB` postpones deletions. Another call deletes the rest.
    pub async fn delete(&self, document: &DocumentId) -> Result<usize, StoreError> {
        let mut deleted = 0;
        for partition in [document.to_string(), history::partition(document)] {
            let mut pages = EDITS
                .query(&self.client, &self.edits, &partition)
                .projection_expression("document, id")
                .into_paginator()
                .send();
            while let Some(page) = pages.try_next().await? {
                for keys in page.items.unwrap_or_default().chunks(batch::MOST) {
                    batch::delete(&self.client, &self.edits, keys).await?;
                    deleted += keys.len();
                }
            }
        }
        Ok(deleted)
    }

    /// Reads a note, strongly consistent.
    async fn note(&self, board: &BoardId, key: &NoteKey) -> Result<Option<Note>, StoreError> {
        Ok(self.stored(board, key).await?.and_then(Stored::into_note))
    }

    async fn stored(&self, board: &BoardId, key: &NoteKey) -> Result<Option<Stored>, StoreError> {
        let key = NOTES.key(&[board, key]);
        let get = self.client.get_item().table_name(&self.notes).set_key(Some(key)).consistent_read(true);
        Ok(get.send().await?.item.map(Stored::read).transpose()?)
    }

    async fn rows(&self, document: &DocumentId) -> Result<Rows, StoreError> {
        let mut pages = EDITS.query(&self.client, &self.edits, document).into_paginator().send();
        let mut rows: Vec<Row> = Vec::new();
        while let Some(page) = pages.try_next().await? {
            rows.extend(page.items.unwrap_or_default());
        }
        Rows::read(rows)
    }
}
