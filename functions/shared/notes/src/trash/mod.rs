//! The trash of a board: its deleted notes, for 30 days.
//!
//! Each step is one transaction or one request, so none can stop half-way:
//!
//! - A deletion puts the whole note into the trash, and a tombstone under its key
//!   ([`NotesStore::destroy`](crate::NotesStore::destroy)).
//! - [`Trash::restore`] puts the note back under its key, and takes it out of the trash.
//! - [`Trash::delete`] or TTL takes it out for good.
//!
//! So until it goes for good, a note is on its board or in the trash. Its comments stay where they are. When a row leaves the
//! trash, the table's stream reports it until [`Contents::settle`](crate::Contents::settle) has found where the note is now,
//! and deletes the comments only if it is nowhere.

mod id;
mod row;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use serde::Deserialize;
use serde_dynamo::{AttributeValue, Item};

pub use id::TrashId;
pub use row::TrashedNote;
pub(crate) use row::{key, partition, put, read};

use crate::tables::{BY_LISTED, NOTES, Row, read_or_log, text};
use crate::tombstone::{Stored, Tombstone, former_or_free};
use crate::{
    BoardId, Cursor, DocumentId, Invalid, LeftNote, Note, StoreError, Timestamp, Username, WriteError, batch,
    transaction,
};

/// A cursor of the list of the trash.
pub type TrashCursor = Cursor<TrashId>;

/// A page of the trash, newest deletion first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrashPage {
    /// The notes.
    pub notes: Vec<TrashedNote>,
    /// The cursor of the next page, if there is one.
    pub next: Option<TrashCursor>,
}

/// The trash of a board.
#[derive(Debug, Clone)]
pub struct Trash {
    client: Client,
    table: String,
    board: BoardId,
}

impl Trash {
    /// The prefix of the partitions that hold a trash.
    pub const PARTITION_PREFIX: &str = row::PARTITION_PREFIX;

    /// Creates the store of the trash of a board in `table`, which is that of the notes.
    pub fn new(client: Client, table: impl Into<String>, board: BoardId) -> Self {
        Self { client, table: table.into(), board }
    }

    /// Returns the store of the trash of another board.
    #[must_use]
    pub fn on(&self, board: &BoardId) -> Self {
        Self { board: board.clone(), ..self.clone() }
    }

    /// Returns whether a row of the Notes table, which has this key, is in a trash.
    #[must_use]
    pub fn holds(key: &Item) -> bool {
        matches!(key.get("board"), Some(AttributeValue::S(partition)) if partition.starts_with(Self::PARTITION_PREFIX))
    }

    /// Returns the note that has left a trash, from the old and new images of a stream record. `None` if none has.
    ///
    /// # Errors
    /// If an image is not a row of a trash.
    pub fn left(old: Option<Item>, new: Option<Item>) -> Result<Option<LeftNote>, serde_dynamo::Error> {
        #[derive(Deserialize)]
        struct Image {
            board: Partition,
            key: TrashId,
            document: DocumentId,
        }
        let image = |image: Option<Item>| image.map(serde_dynamo::from_item::<_, Image>).transpose();
        let (old, new) = (image(old)?, image(new)?);
        // A note that an import has restored has another document. Its deletion replaces the one that was in the trash.
        let old = old.filter(|old| new.is_none_or(|new| new.document != old.document));
        Ok(old.map(|Image { board: Partition(board), key: id, document }| LeftNote {
            thread: id.thread(board),
            document,
            moved_to: None,
        }))
    }

    /// Returns at most `limit` notes, newest deletion first, from the newest or after a cursor. One consistent query of the
    /// index of titles, which contains no bodies.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn page(&self, limit: usize, after: Option<&TrashCursor>) -> Result<TrashPage, StoreError> {
        // One more row shows whether there are more. A page is far below the 1 MB of a query.
        let one_more = i32::try_from(limit).unwrap_or(i32::MAX).saturating_add(1);
        let query = NOTES
            .query(&self.client, &self.table, &partition(&self.board))
            .index_name(BY_LISTED.name)
            .scan_index_forward(false)
            .limit(one_more)
            .set_exclusive_start_key(after.map(|cursor| self.index_key(cursor)));
        let mut rows = query.send().await?.items.unwrap_or_default();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let now = Timestamp::now();
        let notes: Vec<_> = rows
            .into_iter()
            .filter_map(|row| read_or_log::<TrashedNote>(row, "a row of the trash"))
            .filter(|note| now < note.expires)
            .collect();
        let next =
            notes.last().filter(|_| more).map(|last| Cursor { key: last.id.clone(), listed: last.deleted });
        Ok(TrashPage { notes, next })
    }

    /// Puts a note back under its key, and takes it out of the trash. Its version follows the one that it had, and its comments
    /// are still there. Restoring it again returns the note. Two requests.
    ///
    /// # Errors
    /// [`WriteError::Exists`] if another note has the key, [`WriteError::NotFound`] if the note is not in the trash, or if the
    /// table fails.
    pub async fn restore(&self, id: &TrashId, by: &Username) -> Result<Note, WriteError> {
        loop {
            let (trashed, stored) = self.find(id).await?;
            let Some(note) = trashed else {
                let restored = stored.and_then(Stored::into_note).filter(|note| note.created == id.created);
                return restored.ok_or(WriteError::NotFound);
            };
            let former = match stored {
                Some(Stored::Note(taken)) => return Err(WriteError::Exists(Box::new(taken))),
                Some(Stored::Tombstone(tombstone)) => Some(tombstone),
                None => None,
            };
            let back = restored(note.clone(), former.as_ref(), by);
            let put = Put::builder()
                .table_name(&self.table)
                .set_item(Some(back.row(&self.board).map_err(StoreError::from)?));
            let put = former_or_free(put, former.as_ref()).build().map_err(StoreError::from)?;
            let put = TransactWriteItem::builder().put(put).build();
            let parts = vec![put, row::take(&self.table, &self.board, &note)?];
            // If a condition fails, somebody else was faster. What is there now decides.
            if transaction::write(&self.client, parts).await?.is_ok() {
                return Ok(back);
            }
        }
    }

    /// Deletes a note for good. Succeeds if it is not in the trash. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn delete(&self, id: &TrashId) -> Result<(), StoreError> {
        let delete = self.client.delete_item().table_name(&self.table).set_key(Some(key(&self.board, id)));
        delete.send().await?;
        Ok(())
    }

    /// Reads the note in the trash, and the row under its key. One request.
    async fn find(&self, id: &TrashId) -> Result<(Option<Note>, Option<Stored>), StoreError> {
        let keys = vec![key(&self.board, id), NOTES.key(&[&self.board, &id.key])];
        let rows = batch::read(&self.client, [(self.table.clone(), keys)].into()).await?;
        let (mut trashed, mut stored) = (None, None);
        for found in rows.into_values().flatten() {
            if found.get("key") == Some(&text(id)) {
                trashed = row::read_unless_expired(found)?;
            } else {
                stored = Some(Stored::read(found)?);
            }
        }
        Ok((trashed, stored))
    }

    fn index_key(&self, cursor: &TrashCursor) -> Row {
        let mut index_key = key(&self.board, &cursor.key);
        let sort_key = BY_LISTED.sort_key.map(|name| (name.to_owned(), text(&cursor.listed)));
        index_key.extend(sort_key);
        index_key
    }
}

/// Returns a note as it is after it was restored over the tombstone under its key.
fn restored(note: Note, former: Option<&Tombstone>, by: &Username) -> Note {
    let now = Timestamp::now().max(note.updated);
    let last = former.map_or(note.version, |tombstone| tombstone.version.max(note.version));
    Note { version: last.next(), updated: now, listed: now, editor: by.clone(), ..note }
}

/// The partition of the trash of a board.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Partition(BoardId);

impl TryFrom<String> for Partition {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        let board = text.strip_prefix(Trash::PARTITION_PREFIX).unwrap_or_default();
        BoardId::parse(board).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "shopping@2026-11-23T20:15:00.000Z";

    fn row(board: &str, key: &str, document: &DocumentId) -> Item {
        let row = serde_json::json!({ "board": board, "key": key, "document": document });
        serde_dynamo::to_item(row).unwrap()
    }

    #[test]
    fn a_note_leaves_the_trash_when_its_row_goes_or_holds_another_document() {
        let (board, document) = (BoardId::generate(), DocumentId::generate());
        let image = |document: &DocumentId| Some(row(&partition(&board), KEY, document));
        let note = Trash::left(image(&document), None).unwrap().unwrap();
        assert_eq!(note.thread.to_string(), format!("comments#{board}#shopping#2026-11-23T20:15:00.000Z"));
        assert_eq!((&note.document, &note.moved_to), (&document, &None));
        assert_eq!(Trash::left(image(&document), image(&DocumentId::generate())).unwrap(), Some(note));
        assert_eq!(Trash::left(image(&document), image(&document)).unwrap(), None);
        assert_eq!(Trash::left(None, image(&document)).unwrap(), None);
    }

    #[test]
    fn other_rows_are_not_in_the_trash() {
        let document = DocumentId::generate();
        assert!(Trash::holds(&row("trash#team", KEY, &document)));
        assert!(!Trash::holds(&row("team", "shopping", &document)));
        assert!(!Trash::holds(&row("comments#team#a#2026-11-23T20:15:00.000Z", "a", &document)));
        assert!(!Trash::holds(&Item::default()));
        for (board, key) in [("team", KEY), ("trash#team", "shopping"), ("trash#home", KEY)] {
            assert!(Trash::left(Some(row(board, key, &document)), None).is_err(), "{board} {key}");
        }
    }
}
