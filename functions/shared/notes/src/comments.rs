//! The comments in the table of notes.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{ConditionCheck, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

use crate::tables::{NOTES, Row, cancellation_reasons, is_condition_failure, read_or_log, text};
use crate::{
    Comment, CommentId, CreateCommentError, DeleteCommentError, Message, StoreError, Thread, Timestamp,
    Username,
};

/// A page of comments, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentPage {
    /// The comments.
    pub comments: Vec<Comment>,
    /// The cursor of the next page, if there is one.
    pub next: Option<CommentId>,
}

/// The comments of notes.
///
/// They are in the notes' table, each note's comments in a partition of its own ([`Thread`]). So they share the
/// stream, and are not in the index of titles.
#[derive(Debug, Clone)]
pub struct Comments {
    client: Client,
    table: String,
}

/// A comment's row. It has no attribute `listed`, so it is not in the index of titles.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CommentRow {
    board: Thread,
    key: CommentId,
    author: Username,
    message: Message,
    created: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    importer: Option<Username>,
}

impl CommentRow {
    /// Creates the row of a comment.
    pub(crate) fn new(thread: &Thread, comment: &Comment) -> Self {
        let Comment { id, key: _, author, message, created, importer } = comment.clone();
        Self { board: thread.clone(), key: id, author, message, created, importer }
    }

    /// Returns the thread.
    pub(crate) fn thread(&self) -> &Thread {
        &self.board
    }
}

impl From<CommentRow> for Comment {
    fn from(row: CommentRow) -> Self {
        let CommentRow { board: thread, key: id, author, message, created, importer } = row;
        Self { id, key: thread.key, author, message, created, importer }
    }
}

impl Comments {
    /// Creates the store of the comments in `table`, which is that of the notes.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }

    /// Writes a comment on an existing note, under an id that its author generated. A repeated request returns the
    /// existing comment, so that a lost acknowledgement does not duplicate it.
    ///
    /// One transaction: a note that is deleted at the same time takes the comment with it, or refuses it. An old id is
    /// only looked up, never written.
    ///
    /// # Errors
    /// If the note does not exist, the id is taken by another comment or is too old, or the table fails.
    pub async fn create(
        &self,
        thread: &Thread,
        id: &CommentId,
        message: &Message,
        author: &Username,
    ) -> Result<Comment, CreateCommentError> {
        let created = Timestamp::now();
        let row = CommentRow {
            board: thread.clone(),
            key: id.clone(),
            author: author.clone(),
            message: message.clone(),
            created,
            importer: None,
        };
        let there = if id.agrees_with(created) {
            let Some(there) = self.put(&row).await? else { return Ok(row.into()) };
            there
        } else {
            let get = self.client.get_item().table_name(&self.table).set_key(Some(comment_key(thread, id)));
            let found = get.consistent_read(true).send().await.map_err(StoreError::from)?;
            found.item.ok_or(CreateCommentError::OtherTime)?
        };
        let there: CommentRow = from_item(there).map_err(StoreError::from)?;
        if there.author != *author || there.message != *message {
            return Err(CreateCommentError::IdTaken);
        }
        Ok(there.into())
    }

    /// Writes a row in one transaction with a check of its note. Returns the row that has its key, if there is one.
    async fn put(&self, row: &CommentRow) -> Result<Option<Row>, CreateCommentError> {
        let write = self
            .client
            .transact_write_items()
            .transact_items(check_note_exists(&self.table, &row.board)?)
            .transact_items(put_new_comment(&self.table, to_item(row).map_err(StoreError::from)?)?);
        let Err(error) = write.send().await else { return Ok(None) };
        let error = aws_sdk_dynamodb::Error::from(error);
        // One for each part, in order.
        if let [of_note, of_comment] = cancellation_reasons(&error) {
            if is_condition_failure(of_note) {
                return Err(CreateCommentError::NoNote);
            }
            if let Some(existing) = of_comment.item.clone().filter(|_| is_condition_failure(of_comment)) {
                return Ok(Some(existing));
            }
        }
        Err(StoreError::from(error).into())
    }

    /// Deletes a comment, if `by` wrote it (one request) or wrote the note (three).
    ///
    /// # Errors
    /// If the comment does not exist, `by` wrote neither, or the table fails.
    pub async fn delete(
        &self,
        thread: &Thread,
        id: &CommentId,
        by: &Username,
    ) -> Result<(), DeleteCommentError> {
        let delete = self.client.delete_item().table_name(&self.table).set_key(Some(comment_key(thread, id)));
        let own = delete
            .clone()
            .condition_expression("author = :by")
            .expression_attribute_values(":by", text(by))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let Err(error) = own.send().await else { return Ok(()) };
        match aws_sdk_dynamodb::Error::from(error) {
            aws_sdk_dynamodb::Error::ConditionalCheckFailedException(failed) if failed.item.is_none() => {
                return Err(DeleteCommentError::NotFound);
            }
            aws_sdk_dynamodb::Error::ConditionalCheckFailedException(_) => {}
            error => return Err(StoreError::from(error).into()),
        }
        if self.note_author(thread).await?.as_ref() != Some(by) {
            return Err(DeleteCommentError::Forbidden);
        }
        delete.send().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// Returns at most `limit` comments, newest first, from the newest or after a cursor. One consistent query.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn page(
        &self,
        thread: &Thread,
        limit: usize,
        after: Option<&CommentId>,
    ) -> Result<CommentPage, StoreError> {
        // One more row shows whether there are more. A hundred are below the 1 MB of a query's page.
        let one_more = i32::try_from(limit).unwrap_or(i32::MAX).saturating_add(1);
        let query = NOTES
            .query(&self.client, &self.table, thread)
            .scan_index_forward(false)
            .limit(one_more)
            .set_exclusive_start_key(after.map(|id| comment_key(thread, id)));
        let mut rows = query.send().await?.items.unwrap_or_default();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let comments: Vec<_> = rows
            .into_iter()
            .filter_map(|row| read_or_log::<CommentRow>(row, "a comment's row"))
            .map(Comment::from)
            .collect();
        let next = comments.last().filter(|_| more).map(|comment| comment.id.clone());
        Ok(CommentPage { comments, next })
    }

    /// Returns whether the note of a thread exists. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn note_exists(&self, thread: &Thread) -> Result<bool, StoreError> {
        Ok(self.note_author(thread).await?.is_some())
    }

    /// Returns the author of a thread's note, if the note exists.
    async fn note_author(&self, thread: &Thread) -> Result<Option<Username>, StoreError> {
        // A tombstone has neither attribute.
        #[derive(Deserialize)]
        struct Origin {
            author: Option<Username>,
            created: Option<Timestamp>,
        }
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(NOTES.key(&[&thread.board, &thread.key])))
            .projection_expression("author, created")
            .consistent_read(true);
        let note: Option<Origin> = get.send().await?.item.map(from_item).transpose()?;
        Ok(note.filter(|note| note.created == Some(thread.created)).and_then(|note| note.author))
    }
}

/// Returns the part of a transaction that fails unless the note of a thread exists.
pub(crate) fn check_note_exists(table: &str, thread: &Thread) -> Result<TransactWriteItem, StoreError> {
    check_note_is_at(table, NOTES.key(&[&thread.board, &thread.key]), thread)
}

/// Returns the part of a transaction that fails unless the note of a thread is in the row with this key.
pub(crate) fn check_note_is_at(
    table: &str,
    key: Row,
    thread: &Thread,
) -> Result<TransactWriteItem, StoreError> {
    let check = ConditionCheck::builder()
        .table_name(table)
        .set_key(Some(key))
        .condition_expression("created = :created")
        .expression_attribute_values(":created", text(&thread.created))
        .build()?;
    Ok(TransactWriteItem::builder().condition_check(check).build())
}

/// Returns the part of a transaction that writes a comment's row, unless a row has its key.
pub(crate) fn put_new_comment(table: &str, row: Row) -> Result<TransactWriteItem, StoreError> {
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(row))
        .condition_expression("attribute_not_exists(#key)")
        .expression_attribute_names("#key", "key")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .build()?;
    Ok(TransactWriteItem::builder().put(put).build())
}

fn comment_key(thread: &Thread, id: &CommentId) -> Row {
    NOTES.key(&[thread, id])
}
