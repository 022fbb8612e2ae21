//! Replacing the text of a note at once, as a request over HTTP does.

use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use documents::ClientId;

use super::rows::{edit_row, put_state};
use super::{CurrentNote, Documents, NoteDocument};
use crate::tables::{NOTES, Row, number, text};
use crate::{BoardId, Draft, Note, StoreError, Thread, Timestamp, Username, WriteError, transaction};

impl Documents {
    /// Changes a note from the document that was read to another text. What differs becomes an edit. So an edit that somebody
    /// else stores in the meantime merges with it. One transaction.
    ///
    /// # Errors
    /// [`WriteError::Stale`] if the note has changed since, [`WriteError::NotFound`] if it does not exist, or if a table fails.
    pub async fn write(
        &self,
        board: &BoardId,
        note: &Note,
        read: NoteDocument,
        draft: &Draft,
        editor: &Username,
    ) -> Result<Note, WriteError> {
        let (known, mut note, mut read) = (read.body(), note.clone(), read);
        loop {
            let changed = note.changed(draft, editor, Timestamp::now());
            let update = self
                .text_update(NOTES.key(&[board, &note.key]), &note, &changed)
                .build()
                .map_err(StoreError::from)?;
            let mut items = vec![TransactWriteItem::builder().update(update).build()];
            items.extend(self.rewrite(board, &note, &mut read, &changed)?);
            if transaction::write(&self.client, items).await?.is_ok() {
                return Ok(changed);
            }
            let current = self.note(board, &note.key).await?.ok_or(WriteError::NotFound)?;
            read = self.open(&current).await?;
            // A merge has written the text that was known. Anything else is news to the writer.
            if current.document != note.document || current.title != note.title || read.body() != known {
                return Err(WriteError::Stale(Box::new(CurrentNote::new(&current, &read))));
            }
            note = current;
        }
    }

    /// Builds the parts of a transaction that change the document to the text of a changed note.
    fn rewrite(
        &self,
        board: &BoardId,
        note: &Note,
        read: &mut NoteDocument,
        changed: &Note,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let update = if changed.body == read.body() {
            None
        } else {
            let client = ClientId::new(changed.editor.as_str(), random());
            let update = read.document.rewrite(changed.body.as_str(), client);
            Some(update.map_err(|_| StoreError::Document("update"))?)
        };
        let mut items = Vec::new();
        if read.rows.state.is_none() && (update.is_some() || changed.body != note.body) {
            // The note's text is what the document began with, and that is about to change.
            items.extend(put_state(&self.edits, &note.document, 1, &read.document.state())?);
        }
        if let Some(update) = update {
            // The edit is posted to open pages from its row, also if the state contains it.
            let row = edit_row(&note.document, &Thread::of(board, note), &update, &changed.editor, None);
            let put = Put::builder().table_name(&self.edits).set_item(Some(row)).build()?;
            items.push(TransactWriteItem::builder().put(put).build());
        }
        Ok(items)
    }

    /// Builds the update of a note in the row with this key to a changed one, if it still has the version of `note`.
    pub(super) fn text_update(&self, key: Row, note: &Note, changed: &Note) -> UpdateBuilder {
        Update::builder()
            .table_name(&self.notes)
            .set_key(Some(key))
            .condition_expression(
                "version = :version AND document = :document AND attribute_not_exists(deleted)",
            )
            .update_expression(
                "SET title = :title, body = :body, editor = :editor, version = :next, updated = :updated, \
                 listed = :listed",
            )
            .expression_attribute_values(":version", number(&note.version))
            .expression_attribute_values(":document", text(&note.document))
            .expression_attribute_values(":next", number(&changed.version))
            .expression_attribute_values(":title", text(&changed.title))
            .expression_attribute_values(":body", text(&changed.body))
            .expression_attribute_values(":editor", text(&changed.editor))
            .expression_attribute_values(":updated", text(&changed.updated))
            .expression_attribute_values(":listed", text(&changed.listed))
    }
}

/// Returns random bits for the id of a request. A document has far fewer ids of one person than there are.
fn random() -> u32 {
    let [.., a, b, c, d] = *uuid::Uuid::now_v7().as_bytes();
    u32::from_be_bytes([a, b, c, d])
}
