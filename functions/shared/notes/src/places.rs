//! The two rows in which a note can be: under its key on a board, and in the trash of that board.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{Get, TransactGetItem};

use crate::tables::{NOTES, Row};
use crate::{StoreError, Thread, TrashId, trash};

/// Returns the keys of the two rows: on the board, and in the trash.
pub(crate) fn keys(thread: &Thread) -> [Row; 2] {
    [NOTES.key(&[&thread.board, &thread.key]), trash::key(&thread.board, &TrashId::from(thread))]
}

/// Reads the two rows, or some of their attributes, in the order of [`keys`].
///
/// One request, which is a transaction: between two reads, a note may move from one row to the other, and be in neither.
pub(crate) async fn read(
    client: &Client,
    table: &str,
    thread: &Thread,
    attributes: Option<&str>,
) -> Result<[Option<Row>; 2], StoreError> {
    let mut reads = client.transact_get_items();
    for key in keys(thread) {
        let get = Get::builder().table_name(table).set_key(Some(key));
        let get = get.set_projection_expression(attributes.map(str::to_owned)).build()?;
        reads = reads.transact_items(TransactGetItem::builder().get(get).build());
    }
    let mut found = reads.send().await?.responses.unwrap_or_default().into_iter();
    let mut next = || found.next().and_then(|found| found.item).filter(|row| !row.is_empty());
    Ok([next(), next()])
}
