//! Merging edits into the state of a document, and into the text of its note.

use std::time::Duration;

use aws_sdk_dynamodb::types::{ReturnItemCollectionMetrics, TransactWriteItem};
use documents::Update;
use serde_dynamo::{AttributeValue, Item};

use super::id::EditId;
use super::rows::{EditRow, Rows, SOCKET, put_state};
use super::{DocumentId, Documents, Edit, NoteDocument};
use crate::tables::{EDITS, Row};
use crate::tombstone::{Stored, Tombstone};
use crate::{
    BoardId, Body, Draft, Invalid, LeftNote, Note, NoteKey, StoreError, Thread, Timestamp, Username, batch,
    board_size, places, transaction, trash,
};

/// How often a merge begins again because the note has changed in the meantime.
const ATTEMPTS: usize = 10;

/// How often a note may be moved while its edits are merged.
const MOST_MOVES: usize = 10;

/// How long an edit waits for one that it depends on. A page sends its edits until they are acknowledged. So a gap closes as
/// soon as the page is back, unless somebody's own program made it.
const PATIENCE: Duration = Duration::from_hours(24);

/// An edit in a record of the table's stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEdit {
    /// The document.
    pub document: DocumentId,
    /// The thread of its note when the edit was stored. The note may have been moved since.
    pub thread: Thread,
    /// The socket that sent it.
    pub socket: Option<String>,
    /// The edit.
    pub update: Edit,
}

impl StoredEdit {
    /// Reads the new image of a record. `None` if it is a part of a state.
    ///
    /// # Errors
    /// If the image is not one of the table.
    pub fn from_image(image: &Item) -> Result<Option<Self>, Invalid> {
        let text = |name: &str| match image.get(name) {
            Some(AttributeValue::S(text)) => Ok(text.as_str()),
            _ => Err(Invalid::Value("must be an edit")),
        };
        if EditId::of(text("id")?).is_none() {
            return Ok(None);
        }
        let Some(AttributeValue::B(update)) = image.get("update") else {
            return Err(Invalid::Value("must be an edit"));
        };
        Ok(Some(Self {
            document: DocumentId::parse(text(EDITS.partition_key)?)?,
            thread: Thread {
                board: BoardId::parse(text("board")?)?,
                key: NoteKey::parse(text("key")?)?,
                created: Timestamp::parse(text("created")?)?,
            },
            socket: text(SOCKET).ok().map(str::to_owned),
            update: Edit(Update::parse(update).map_err(|_| Invalid::Value("must be an update of a text"))?),
        }))
    }

    /// Returns the note of the edit, as one that may be gone.
    #[must_use]
    pub fn note(&self) -> LeftNote {
        LeftNote { thread: self.thread.clone(), document: self.document.clone(), moved_to: None }
    }

    /// Returns one edit that does what all of these do.
    ///
    /// # Errors
    /// If one of them cannot be read.
    pub fn together(edits: &[Self]) -> Result<Edit, Invalid> {
        let updates = edits.iter().map(|StoredEdit { update: Edit(update), .. }| update);
        let merged = documents::merge(updates).and_then(|bytes| Update::parse(&bytes));
        merged.map(Edit).map_err(|_| Invalid::Value("must be updates of a text"))
    }
}

/// The outcome of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merged {
    /// The edits are part of the text of the note, which is on this board.
    Into(BoardId),
    /// The edits are part of the text of the note, which is in the trash.
    IntoTrash,
    /// There was nothing to merge.
    Nothing,
    /// The note is gone for good. Its edits stay where they are.
    NoNote,
}

/// A note, and where it is.
struct Place {
    board: BoardId,
    note: Note,
    is_trashed: bool,
}

impl Place {
    /// Returns the key of the note's row.
    fn key(&self) -> Row {
        let [on_board, trashed] = places::keys(&Thread::of(&self.board, &self.note));
        if self.is_trashed { trashed } else { on_board }
    }

    /// Returns the note with another text. In the trash, it stays listed at the time of its deletion.
    fn with_text(&self, body: Body, editor: &Username) -> Note {
        let draft = Draft { title: self.note.title.clone(), body };
        let changed = self.note.changed(&draft, editor, Timestamp::now());
        Note { listed: if self.is_trashed { self.note.listed } else { changed.listed }, ..changed }
    }

    fn merged(self) -> Merged {
        if self.is_trashed { Merged::IntoTrash } else { Merged::Into(self.board) }
    }
}

impl Documents {
    /// Writes the text of a document into its note, which may have been moved or be in the trash, and merges its edits into its
    /// state, once there are many.
    ///
    /// Dying anywhere loses nothing. A state is written in one transaction with the text, and only then are the edits deleted
    /// that it contains. Merging an edit again changes nothing. Two merges at the same time cannot both write the next
    /// generation, or the next version.
    ///
    /// It reads the note, then one query per 1 MB of edits. Then it writes the note, or once in 32 edits, the note and
    /// the state in one transaction, and deletes 25 merged rows per request.
    ///
    /// # Errors
    /// If a table fails, or a row cannot be read.
    pub async fn merge(&self, edit: &StoredEdit) -> Result<Merged, StoreError> {
        for _ in 0..ATTEMPTS {
            let Some(place) = self.find_note(edit).await? else { return Ok(Merged::NoNote) };
            let read = self.open(&place.note).await?;
            let Some(last) = read.rows.edits.iter().rfind(|edit| read.document.contains(&edit.update)) else {
                return Ok(Merged::Nothing);
            };
            let changed = place.with_text(read.body(), &last.author);
            if read.rows.are_many() {
                if self.write_state(&place, &changed, &read).await? {
                    self.delete_merged(&edit.document, read).await?;
                    return Ok(place.merged());
                }
            } else if changed.body == place.note.body || self.write_text(&place, &changed).await? {
                return Ok(place.merged());
            }
        }
        Err(StoreError::Throttled("the note changed again and again".into()))
    }

    /// Writes state and text. Returns whether nobody else has done so in the meantime.
    async fn write_state(
        &self,
        place: &Place,
        changed: &Note,
        read: &NoteDocument,
    ) -> Result<bool, StoreError> {
        let (note, state) = (&place.note, read.document.state());
        let mut items = put_state(&self.edits, &note.document, read.rows.next_generation(), &state)?;
        if changed.body != note.body {
            let update = self.text_update(place.key(), note, changed).build()?;
            items.push(TransactWriteItem::builder().update(update).build());
        }
        Ok(transaction::write(&self.client, items).await?.is_ok())
    }

    /// Writes the text alone, for half the price of a transaction. Returns whether the note still had this version.
    async fn write_text(&self, place: &Place, changed: &Note) -> Result<bool, StoreError> {
        let update = self.text_update(place.key(), &place.note, changed).build()?;
        let request = self
            .client
            .update_item()
            .table_name(update.table_name())
            .set_key(Some(update.key().clone()))
            .update_expression(update.update_expression())
            .set_condition_expression(update.condition_expression().map(str::to_owned))
            .set_expression_attribute_values(update.expression_attribute_values().cloned())
            .return_item_collection_metrics(ReturnItemCollectionMetrics::Size);
        match request.send().await.map_err(aws_sdk_dynamodb::Error::from) {
            Ok(written) => {
                board_size::record(written.item_collection_metrics());
                Ok(true)
            }
            Err(aws_sdk_dynamodb::Error::ConditionalCheckFailedException(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes the edits that a state contains, and the states before it. Edits that have waited too long go as well.
    async fn delete_merged(&self, document: &DocumentId, read: NoteDocument) -> Result<(), StoreError> {
        let NoteDocument { document: merged, rows: Rows { edits, state, replaced } } = read;
        let now = Timestamp::now();
        let is_done = |edit: &EditRow| {
            let waits_too_long = edit.id.time().is_some_and(|time| time.saturating_add(PATIENCE) < now);
            let is_merged = merged.contains(&edit.update);
            if waits_too_long && !is_merged {
                tracing::warn!(%document, author = %edit.author, "an edit was dropped: the one before it never came");
            }
            is_merged || waits_too_long
        };
        let states = state.into_iter().flat_map(|state| state.ids);
        let edits = edits.iter().filter(|edit| is_done(edit)).map(|edit| edit.id.as_str().to_owned());
        let ids: Vec<String> = edits.chain(states).chain(replaced).collect();
        let keys: Vec<Row> = ids.iter().map(|id| EDITS.key(&[document, id])).collect();
        for keys in keys.chunks(batch::MOST) {
            batch::delete(&self.client, &self.edits, keys).await?;
        }
        Ok(())
    }

    /// Finds the note of an edit, where it is now. One request, and one more for each board that it has left.
    async fn find_note(&self, edit: &StoredEdit) -> Result<Option<Place>, StoreError> {
        let StoredEdit { document, thread, .. } = edit;
        let mut thread = thread.clone();
        if let Some(note) =
            self.note(&thread.board, &thread.key).await?.filter(|note| note.document == *document)
        {
            return Ok(Some(Place { board: thread.board, note, is_trashed: false }));
        }
        for _ in 0..MOST_MOVES {
            let [stored, trashed] = places::read(&self.client, &self.notes, &thread, None).await?;
            let (stored, trashed) =
                (stored.map(Stored::read).transpose()?, trashed.map(trash::read).transpose()?);
            let board = thread.board;
            if let Some(note) = trashed.filter(|note| note.document == *document) {
                return Ok(Some(Place { board, note, is_trashed: true }));
            }
            match stored {
                Some(Stored::Note(note)) if note.document == *document => {
                    return Ok(Some(Place { board, note, is_trashed: false }));
                }
                Some(Stored::Tombstone(Tombstone { moved_to: Some(board), .. })) => {
                    thread = Thread { board, ..thread };
                }
                _ => return Ok(None),
            }
        }
        Err(StoreError::Throttled("the note was moved again and again".into()))
    }
}
