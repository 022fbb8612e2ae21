//! Reads, writes and deletes many rows.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{DeleteRequest, KeysAndAttributes, WriteRequest};

use crate::StoreError;
use crate::tables::Row;

/// The most writes per request.
pub(crate) const MOST: usize = 25;

/// The most reads per request.
const MOST_READS: usize = 100;

/// Reads rows of several tables, strongly consistent, at most a hundred in all. Rows that do not exist are absent. One
/// request, and one more as often as `DynamoDB` postpones a part of the reads.
///
/// # Errors
/// If a table fails, or `DynamoDB` postpones all reads. The SDK has repeated these after a pause.
pub(crate) async fn read(
    client: &Client,
    mut keys: HashMap<String, Vec<Row>>,
) -> Result<HashMap<String, Vec<Row>>, StoreError> {
    let mut rows: HashMap<String, Vec<Row>> = HashMap::new();
    while !keys.is_empty() {
        let asked: usize = keys.values().map(Vec::len).sum();
        let batch = keys.into_iter().map(|(table, keys)| {
            let keys = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build()?;
            Ok((table, keys))
        });
        let batch = batch.collect::<Result<_, StoreError>>()?;
        let read = client.batch_get_item().set_request_items(Some(batch)).send().await?;
        for (table, found) in read.responses.unwrap_or_default() {
            rows.entry(table).or_default().extend(found);
        }
        let postponed = read.unprocessed_keys.unwrap_or_default().into_iter();
        keys = postponed.map(|(table, keys)| (table, keys.keys)).collect();
        if keys.values().map(Vec::len).sum::<usize>() == asked {
            return Err(StoreError::Throttled(format!("{asked} reads were postponed")));
        }
    }
    Ok(rows)
}

/// Reads rows of one table, as [`read`] does, in as many requests as necessary.
pub(crate) async fn read_all(client: &Client, table: &str, keys: &[Row]) -> Result<Vec<Row>, StoreError> {
    let mut rows = Vec::new();
    for keys in keys.chunks(MOST_READS) {
        rows.extend(read(client, [(table.to_owned(), keys.to_vec())].into()).await?.into_values().flatten());
    }
    Ok(rows)
}

/// Deletes at most [`MOST`] rows in one request.
///
/// # Errors
/// If the table fails, or `DynamoDB` postpones deletions.
pub(crate) async fn delete(client: &Client, table: &str, keys: &[Row]) -> Result<(), StoreError> {
    let delete = |key: &Row| {
        let delete = DeleteRequest::builder().set_key(Some(key.clone())).build();
        Ok(WriteRequest::builder().delete_request(delete?).build())
    };
    let deletions = keys.iter().map(delete).collect::<Result<_, StoreError>>()?;
    write(client, table, deletions).await
}

/// Writes at most [`MOST`] rows in one request.
///
/// # Errors
/// If the table fails, or `DynamoDB` postpones writes.
pub(crate) async fn write(client: &Client, table: &str, writes: Vec<WriteRequest>) -> Result<(), StoreError> {
    let write = client.batch_write_item().request_items(table, writes);
    let postponed = write.send().await?.unprocessed_items.unwrap_or_default();
    match postponed.into_values().map(|writes| writes.len()).sum() {
        0 => Ok(()),
        writes => Err(StoreError::Throttled(format!("{writes} writes were postponed"))),
    }
}
