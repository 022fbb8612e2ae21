//! Deletes many rows of a table.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{DeleteRequest, WriteRequest};

use crate::StoreError;
use crate::tables::Row;

/// The most deletions per request.
pub(crate) const MOST: usize = 25;

/// Deletes at most [`MOST`] rows in one request.
///
/// # Errors
/// If the table fails, or `DynamoDB` postpones deletions.
pub(crate) async fn delete(client: &Client, table: &str, keys: &[Row]) -> Result<(), StoreError> {
    let delete = |key: &Row| {
        let delete = DeleteRequest::builder().set_key(Some(key.clone())).build();
        Ok(WriteRequest::builder().delete_request(delete?).build())
    };
    let deletions: Vec<_> = keys.iter().map(delete).collect::<Result<_, StoreError>>()?;
    let write = client.batch_write_item().request_items(table, deletions);
    let postponed = write.send().await?.unprocessed_items.unwrap_or_default();
    match postponed.into_values().map(|deletions| deletions.len()).sum() {
        0 => Ok(()),
        deletions => Err(StoreError::Throttled(format!("{deletions} deletions were postponed"))),
    }
}
