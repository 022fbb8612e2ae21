//! What belongs to a note in rows of its own: its comments, and the document of its text. It stays with the note, and is deleted
//! when the note is gone for good.
//!
//! The table's stream reports every note that leaves its place, on a board or in the trash. [`Contents::settle`] then looks for
//! the note. It may be repeated, and reports may come late and in another order: what counts is where the note is now.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use serde::Deserialize;
use serde_dynamo::aws_sdk_dynamodb_1::from_item;

use crate::comments::check_note_is_at;
use crate::tables::{NOTES, Row, text};
use crate::{
    BoardId, DocumentId, Documents, LeftNote, StoreError, Thread, Timestamp, batch, places, transaction,
};

/// The most comments that are copied in one transaction, which holds 100 items and 4 MiB.
const COPIES: usize = 50;

/// How often a note may be moved while its contents follow.
const MOST_MOVES: usize = 10;

/// The contents of notes.
#[derive(Debug, Clone)]
pub struct Contents {
    client: Client,
    table: String,
    documents: Documents,
}

/// What is known of a note that has left its place.
#[derive(Default)]
struct Found {
    /// Where it is now. `None` if it is gone for good.
    place: Option<Place>,
    /// Whether its text is still the same document.
    has_document: bool,
    /// Where the last note under its key was moved.
    moved_to: Option<BoardId>,
}

/// The place of a note: its row, and the thread of its comments.
struct Place {
    row: Row,
    thread: Thread,
}

/// What is read of a row: a note has been created and has a document, and a tombstone may say where a note was moved.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Trace {
    created: Option<Timestamp>,
    document: Option<DocumentId>,
    moved_to: Option<BoardId>,
}

impl Contents {
    /// Creates the store of the contents in `table`, which is that of the notes, and of their documents.
    pub fn new(client: Client, table: impl Into<String>, documents: Documents) -> Self {
        Self { client, table: table.into(), documents }
    }

    /// Settles the contents of a note that has left its board or its trash. Returns how many comments were moved or deleted.
    ///
    /// If it was moved to another board, its comments follow; the document needs not. If it is gone for good, on no board and
    /// in no trash, both are deleted. Otherwise nothing happens: it was restored, or is in the trash. Calling it again does no
    /// harm, and finishes what another call left.
    ///
    /// One request for each board on which the note was. Then one query and one request per 1 MB of comments, one per 50 that
    /// follow, and one per 25 rows that are deleted.
    ///
    /// # Errors
    /// If a table fails, or `DynamoDB` postpones deletions.
    pub async fn settle(&self, note: &LeftNote) -> Result<usize, StoreError> {
        let Found { place, has_document, .. } = self.find(note).await?;
        if !has_document {
            self.documents.delete(&note.document).await?;
        }
        match place {
            Some(place) if place.thread == note.thread => return Ok(0),
            Some(place) => self.copy_comments(&note.thread, &place).await?,
            None => {}
        }
        self.delete_comments(note).await
    }

    /// Settles the document alone, after an edit that came too late. Calling it again does no harm.
    ///
    /// # Errors
    /// As [`settle`](Self::settle).
    pub async fn settle_document(&self, note: &LeftNote) -> Result<(), StoreError> {
        if !self.find(note).await?.has_document {
            self.documents.delete(&note.document).await?;
        }
        Ok(())
    }

    /// Finds a note on its board or in its trash, or where it was moved from there, perhaps more than once.
    async fn find(&self, note: &LeftNote) -> Result<Found, StoreError> {
        let mut board = note.moved_to.as_ref().unwrap_or(&note.thread.board).clone();
        let mut has_document = false;
        for _ in 0..MOST_MOVES {
            let found = self.look(&Thread { board, ..note.thread.clone() }, &note.document).await?;
            has_document |= found.has_document;
            match found {
                Found { place: None, moved_to: Some(next), .. } => board = next,
                found => return Ok(Found { has_document, ..found }),
            }
        }
        Err(StoreError::Throttled("the note was moved again and again".into()))
    }

    /// Looks for a note on one board and in its trash. One request.
    async fn look(&self, thread: &Thread, document: &DocumentId) -> Result<Found, StoreError> {
        let attributes = Some("created, document, movedTo");
        let rows = places::read(&self.client, &self.table, thread, attributes).await?;
        let mut found = Found::default();
        for (key, row) in places::keys(thread).into_iter().zip(rows) {
            let trace: Trace = row.map(from_item).transpose()?.unwrap_or_default();
            if found.place.is_none() && trace.created == Some(thread.created) {
                found.place = Some(Place { row: key, thread: thread.clone() });
            }
            found.has_document |= trace.document.as_ref() == Some(document);
            found.moved_to = found.moved_to.or(trace.moved_to);
        }
        Ok(found)
    }

    /// Copies all comments of a thread to the place of its note.
    async fn copy_comments(&self, thread: &Thread, place: &Place) -> Result<(), StoreError> {
        let mut pages = NOTES.query(&self.client, &self.table, thread).into_paginator().send();
        while let Some(page) = pages.try_next().await? {
            let rows: Vec<Row> = page.items.unwrap_or_default();
            for rows in rows.chunks(COPIES) {
                self.copy(rows, place).await?;
            }
        }
        Ok(())
    }

    /// Copies comments to the place of their note. Copies nothing if the note has left it.
    async fn copy(&self, rows: &[Row], Place { row, thread }: &Place) -> Result<(), StoreError> {
        let mut parts = vec![check_note_is_at(&self.table, row.clone(), thread)?];
        for row in rows {
            let mut row = row.clone();
            row.insert(NOTES.partition_key.to_owned(), text(thread));
            let put = Put::builder().table_name(&self.table).set_item(Some(row)).build()?;
            parts.push(TransactWriteItem::builder().put(put).build());
        }
        match transaction::write(&self.client, parts).await? {
            Ok(()) => Ok(()),
            Err(_) => Err(StoreError::Throttled("the note was moved again".into())),
        }
    }

    /// Deletes all comments of a thread, and returns how many there were. Looks again before each page: an import may have
    /// restored the note, with its comments.
    async fn delete_comments(
        &self,
        LeftNote { thread, document, .. }: &LeftNote,
    ) -> Result<usize, StoreError> {
        let mut pages = NOTES
            .query(&self.client, &self.table, thread)
            .projection_expression("board, #key")
            .expression_attribute_names("#key", "key")
            .into_paginator()
            .send();
        let mut deleted = 0;
        while let Some(page) = pages.try_next().await? {
            let keys = page.items.unwrap_or_default();
            if !keys.is_empty() && self.look(thread, document).await?.place.is_some() {
                break;
            }
            for keys in keys.chunks(batch::MOST) {
                batch::delete(&self.client, &self.table, keys).await?;
                deleted += keys.len();
            }
        }
        Ok(deleted)
    }
}
