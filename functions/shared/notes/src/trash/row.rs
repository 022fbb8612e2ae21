//! The rows of the trash, in the table of notes.
//!
//! A row is the whole note, and who deleted it when. `listed` is the time of the deletion, so the index of titles also lists
//! the trash, newest first.

use std::time::Duration;

use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::from_item;

use super::TrashId;
use crate::tables::{LISTED, NOTES, Row, number, text};
use crate::timestamp::seconds;
use crate::{BoardId, Note, StoreError, Timestamp, Title, Username};

/// The prefix of the partitions that hold the trash of a board. No board's id begins with it.
pub(super) const PARTITION_PREFIX: &str = "trash#";

/// How long a note stays in the trash.
const LIFETIME: Duration = Duration::from_hours(30 * 24);

/// A note in the list of the trash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrashedNote {
    /// The id.
    #[serde(rename(deserialize = "key"))]
    pub id: TrashId,
    /// The note's title.
    pub title: Title,
    /// When it was deleted.
    #[serde(rename(deserialize = "listed"))]
    pub deleted: Timestamp,
    /// The user who deleted it.
    pub deleted_by: Username,
    /// When it goes for good. The list leaves out expired rows, which TTL may delete days later.
    #[serde(skip_serializing, deserialize_with = "seconds::deserialize")]
    pub expires: Timestamp,
}

/// Returns the partition of the trash of a board.
pub(crate) fn partition(board: &BoardId) -> String {
    format!("{PARTITION_PREFIX}{board}")
}

/// Returns the key of a row.
pub(crate) fn key(board: &BoardId, id: &TrashId) -> Row {
    NOTES.key(&[&partition(board), id])
}

/// Returns the part of a transaction that puts a deleted note into the trash of its board. It replaces an older text of the
/// same note, which an import has restored in the meantime.
pub(crate) fn put(
    table: &str,
    board: &BoardId,
    note: &Note,
    deleted: Timestamp,
    by: &Username,
) -> Result<TransactWriteItem, StoreError> {
    let expires = deleted.saturating_add(LIFETIME).next_second();
    let mut row = note.row(board)?;
    row.extend(key(board, &TrashId::of(note)));
    row.extend([
        (LISTED.to_owned(), text(&deleted)),
        ("deletedBy".to_owned(), text(by)),
        ("expires".to_owned(), number(&expires.as_second())),
    ]);
    let put = Put::builder().table_name(table).set_item(Some(row)).build()?;
    Ok(TransactWriteItem::builder().put(put).build())
}

/// Returns the part of a transaction that takes a note out of the trash, if it is there with this version.
pub(super) fn take(table: &str, board: &BoardId, note: &Note) -> Result<TransactWriteItem, StoreError> {
    let delete = Delete::builder()
        .table_name(table)
        .set_key(Some(key(board, &TrashId::of(note))))
        .condition_expression("version = :version")
        .expression_attribute_values(":version", number(&note.version))
        .build()?;
    Ok(TransactWriteItem::builder().delete(delete).build())
}

/// Reads the whole note of a row. It is listed at the time of its deletion.
pub(crate) fn read(mut row: Row) -> Result<Note, StoreError> {
    let TrashedNote { id, .. } = from_item(row.clone())?;
    row.insert("key".to_owned(), text(&id.key));
    Ok(from_item(row)?)
}

/// Reads the whole note of a row that has not expired.
pub(super) fn read_unless_expired(row: Row) -> Result<Option<Note>, StoreError> {
    let TrashedNote { expires, .. } = from_item(row.clone())?;
    (Timestamp::now() < expires).then(|| read(row)).transpose()
}
