//! The table of notes.

use std::time::Instant;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    Put, ReturnItemCollectionMetrics, ReturnValuesOnConditionCheckFailure as OnConditionCheckFailure, Select,
    TransactWriteItem,
};
use futures_util::{StreamExt as _, stream};
use serde_dynamo::aws_sdk_dynamodb_1::to_item;

use crate::tables::{BY_LISTED, NOTES, Row, number, read_or_log, text};
use crate::tombstone::{Stored, Tombstone, former_or_free, take_key};
use crate::{
    BoardId, Cursor, DocumentId, Draft, Note, NoteKey, StoreError, Timestamp, Title, TitlePage, TitleRow,
    Username, Version, WriteError, board_size, transaction, trash,
};

/// The number of notes that are deleted at the same time.
const CONCURRENCY: usize = 16;

/// The notes of a board. Every write is one conditional request, so that no writer overwrites an unknown version. Their texts
/// are edited as documents ([`Documents`](crate::Documents)).
#[derive(Debug, Clone)]
pub struct NotesStore {
    client: Client,
    table: String,
    board: BoardId,
}

impl NotesStore {
    /// Creates the store of the notes of a board in `table`.
    pub fn new(client: Client, table: impl Into<String>, board: BoardId) -> Self {
        Self { client, table: table.into(), board }
    }

    /// Returns the store of the notes of another board.
    #[must_use]
    pub fn on(&self, board: &BoardId) -> Self {
        Self { board: board.clone(), ..self.clone() }
    }

    /// Returns the board.
    #[must_use]
    pub fn board(&self) -> &BoardId {
        &self.board
    }

    /// Creates a note. One request, and one more under the key of a note that was deleted.
    ///
    /// # Errors
    /// [`WriteError::Exists`] if the key is taken, or if the table fails.
    pub async fn create(&self, key: &NoteKey, draft: &Draft, author: &Username) -> Result<Note, WriteError> {
        let now = Timestamp::now();
        let mut note = Note {
            key: key.clone(),
            title: draft.title.clone(),
            body: draft.body.clone(),
            author: author.clone(),
            editor: author.clone(),
            version: Version::FIRST,
            created: now,
            updated: now,
            listed: now,
            document: DocumentId::generate(),
            importer: None,
        };
        let mut former: Option<Tombstone> = None;
        loop {
            let put = self
                .client
                .put_item()
                .table_name(&self.table)
                .set_item(Some(note.row(&self.board).map_err(StoreError::from)?));
            let error = match take_key(put, former.as_ref()).send().await {
                Ok(done) => {
                    board_size::record(done.item_collection_metrics());
                    return Ok(note);
                }
                Err(error) => error,
            };
            match Stored::from_failed_condition(error)? {
                // The SDK repeats a request whose response was lost, and then finds its own note.
                Some(Stored::Note(ours)) if ours == note => return Ok(note),
                Some(Stored::Note(taken)) => return Err(WriteError::Exists(Box::new(taken))),
                Some(Stored::Tombstone(tombstone)) => {
                    note.version = tombstone.version.next();
                    former = Some(tombstone);
                }
                None => return Err(WriteError::NotFound),
            }
        }
    }

    /// Changes the title of a note that was read, whatever has changed in it since. The last title wins. One request, and one
    /// more after each change in the meantime.
    ///
    /// # Errors
    /// [`WriteError::NotFound`] if it does not exist, or if the table fails.
    pub async fn rename(&self, note: &Note, title: &Title, editor: &Username) -> Result<Note, WriteError> {
        let mut note = note.clone();
        loop {
            let draft = Draft { title: title.clone(), body: note.body.clone() };
            let changed = note.changed(&draft, editor, Timestamp::now());
            let update = self
                .client
                .update_item()
                .table_name(&self.table)
                .set_key(Some(self.row_key(&note.key)))
                .condition_expression("version = :version AND attribute_not_exists(deleted)")
                .update_expression(
                    "SET title = :title, editor = :editor, version = :next, updated = :updated, listed = :listed",
                )
                .expression_attribute_values(":version", number(&note.version))
                .expression_attribute_values(":next", number(&changed.version))
                .expression_attribute_values(":title", text(&changed.title))
                .expression_attribute_values(":editor", text(&changed.editor))
                .expression_attribute_values(":updated", text(&changed.updated))
                .expression_attribute_values(":listed", text(&changed.listed))
                .return_item_collection_metrics(ReturnItemCollectionMetrics::Size)
                .return_values_on_condition_check_failure(OnConditionCheckFailure::AllOld);
            let error = match update.send().await {
                Ok(updated) => {
                    board_size::record(updated.item_collection_metrics());
                    return Ok(changed);
                }
                Err(error) => error,
            };
            match Stored::from_failed_condition(error)?.and_then(Stored::into_note) {
                // As in `create`: this request's own update, whose response was lost.
                Some(ours) if ours == changed => return Ok(changed),
                Some(current) => note = current,
                None => return Err(WriteError::NotFound),
            }
        }
    }

    /// Deletes a note that was read, if it is still the same: moves it into the trash of the board. Its key and version remain
    /// as a tombstone. One request, and one more if it fails.
    ///
    /// # Errors
    /// [`WriteError::Stale`] if it has another version, [`WriteError::NotFound`] if it does not exist, or if the table
    /// fails.
    pub async fn destroy(&self, note: &Note, by: &Username) -> Result<(), WriteError> {
        let (key, version, deleted) = (note.key.clone(), note.version, Timestamp::now());
        let leave = self.leave(&Tombstone { key, version, deleted, moved_to: None })?;
        let parts = vec![leave, trash::put(&self.table, &self.board, note, deleted, by)?];
        match transaction::write(&self.client, parts).await? {
            Ok(()) => Ok(()),
            Err(_) => Err(self.why_not_left(&note.key).await?),
        }
    }

    /// Moves a note to another board, under the same key, if it still has this version. Its comments follow
    /// ([`Contents::settle`](crate::Contents::settle)). One request, and two more if a note was deleted under that key.
    ///
    /// # Errors
    /// As [`create`](Self::create) on the other board, and as [`destroy`](Self::destroy) on this one.
    pub async fn move_to(
        &self,
        note: &Note,
        version: Version,
        to: &BoardId,
        editor: &Username,
    ) -> Result<Note, WriteError> {
        let now = Timestamp::now().max(note.updated);
        let mut moved = Note {
            version: version.next(),
            updated: now,
            listed: now,
            editor: editor.clone(),
            ..note.clone()
        };
        let tombstone =
            Tombstone { key: note.key.clone(), version, deleted: now, moved_to: Some(to.clone()) };
        let mut former: Option<Tombstone> = None;
        let target = self.on(to);
        loop {
            let arrive = Put::builder()
                .table_name(&self.table)
                .set_item(Some(moved.row(to).map_err(StoreError::from)?));
            let arrive = former_or_free(arrive, former.as_ref()).build().map_err(StoreError::from)?;
            let arrive = TransactWriteItem::builder().put(arrive).build();
            match transaction::write(&self.client, vec![self.leave(&tombstone)?, arrive]).await? {
                Ok(()) => return Ok(moved),
                Err(0) => return Err(self.why_not_left(&note.key).await?),
                Err(_) => match target.stored(&note.key).await? {
                    Some(Stored::Note(taken)) => return Err(WriteError::Exists(Box::new(taken))),
                    Some(Stored::Tombstone(tombstone)) => {
                        moved.version = version.max(tombstone.version).next();
                        former = Some(tombstone);
                    }
                    None => former = None,
                },
            }
        }
    }

    /// Deletes all notes and tombstones of a deleted board, and its trash, until a moment. Returns whether all are deleted. Each
    /// deletion of a note also makes the stream delete its comments. Two queries, and one request per note.
    ///
    /// # Errors
    /// If the table fails. Another call deletes the rest.
    pub async fn purge(&self, until: Instant) -> Result<bool, StoreError> {
        for partition in [self.board.to_string(), trash::partition(&self.board)] {
            if !self.purge_partition(&partition, until).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Deletes all rows of a partition, until a moment. Returns whether all are deleted.
    async fn purge_partition(&self, partition: &str, until: Instant) -> Result<bool, StoreError> {
        let mut pages = NOTES
            .query(&self.client, &self.table, &partition)
            .projection_expression("board, #key")
            .expression_attribute_names("#key", "key")
            .into_paginator()
            .send();
        while let Some(page) = pages.try_next().await? {
            let deletions = page
                .items
                .unwrap_or_default()
                .into_iter()
                .map(|key| self.client.delete_item().table_name(&self.table).set_key(Some(key)).send());
            let mut deletions = stream::iter(deletions).buffer_unordered(CONCURRENCY);
            while let Some(deleted) = deletions.next().await {
                deleted?;
                if Instant::now() >= until {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Reads a note, strongly consistent.
    ///
    /// # Errors
    /// If the table fails, or the row cannot be read.
    pub async fn read(&self, key: &NoteKey) -> Result<Option<Note>, StoreError> {
        Ok(self.stored(key).await?.and_then(Stored::into_note))
    }

    async fn stored(&self, key: &NoteKey) -> Result<Option<Stored>, StoreError> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(self.row_key(key)))
            .consistent_read(true);
        Ok(get.send().await?.item.map(Stored::read).transpose()?)
    }

    /// Returns at most `limit` titles, newest change first, from the newest or after a cursor. One consistent query of
    /// the index, which contains no bodies.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn titles(&self, limit: usize, after: Option<&Cursor>) -> Result<TitlePage, StoreError> {
        // One more row shows whether there are more. A page is far below the 1 MB of a query.
        let one_more = i32::try_from(limit).unwrap_or(i32::MAX).saturating_add(1);
        let query = NOTES
            .query(&self.client, &self.table, &self.board)
            .index_name(BY_LISTED.name)
            .scan_index_forward(false)
            .limit(one_more)
            .set_exclusive_start_key(after.map(|cursor| self.index_key(cursor)));
        let mut notelist: Vec<_> = query.send().await?.items.unwrap_or_default();
        let more = notelist.len() > limit;
        notelist.truncate(limit);
        let notelist: Vec<TitleRow> =
            notelist.into_iter().filter_map(|row| read_or_log(row, "a title's row")).collect();
        let next = notelist.last().filter(|_| more).map(Cursor::from);
        Ok(TitlePage { notelist, next })
    }

    /// Returns the number of notes. One query per 1 MB of titles.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn count(&self) -> Result<u64, StoreError> {
        let mut pages = NOTES
            .query(&self.client, &self.table, &self.board)
            .index_name(BY_LISTED.name)
            .select(Select::Count)
            .into_paginator()
            .send();
        let mut count = 0;
        while let Some(page) = pages.try_next().await? {
            count += u64::try_from(page.count).unwrap_or_default();
        }
        Ok(count)
    }
}

impl NotesStore {
    /// Returns the part of a transaction that leaves a tombstone in place of a note with its version.
    fn leave(&self, tombstone: &Tombstone) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(to_item(tombstone)?))
            .item(NOTES.partition_key, text(&self.board))
            .condition_expression("version = :version AND attribute_not_exists(deleted)")
            .expression_attribute_values(":version", number(&tombstone.version));
        Ok(TransactWriteItem::builder().put(put.build()?).build())
    }

    /// Returns why a note could not leave its key. One request.
    async fn why_not_left(&self, key: &NoteKey) -> Result<WriteError, StoreError> {
        Ok(match self.read(key).await? {
            Some(note) => WriteError::Stale(Box::new(note.into())),
            None => WriteError::NotFound,
        })
    }

    fn row_key(&self, key: &NoteKey) -> Row {
        NOTES.key(&[&self.board, key])
    }

    fn index_key(&self, cursor: &Cursor) -> Row {
        let mut index_key = self.row_key(&cursor.key);
        let sort_key = BY_LISTED.sort_key.map(|name| (name.to_owned(), text(&cursor.listed)));
        index_key.extend(sort_key);
        index_key
    }
}
