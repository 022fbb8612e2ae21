//! Transactions whose conditions may fail.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{ReturnItemCollectionMetrics, TransactWriteItem};
use aws_sdk_dynamodb::{Client, Error};

use crate::tables::{cancellation_reasons, is_condition_failure};
use crate::{StoreError, board_size};

/// Writes all items or none. Returns the index of the first item whose condition did not hold, if there is one. The SDK
/// gives each transaction a token, so that a retry does not repeat it.
pub(crate) async fn write(
    client: &Client,
    items: Vec<TransactWriteItem>,
) -> Result<Result<(), usize>, StoreError> {
    let write = client
        .transact_write_items()
        .set_transact_items(Some(items))
        .return_item_collection_metrics(ReturnItemCollectionMetrics::Size);
    match write.send().await.map_err(Error::from) {
        Ok(done) => {
            let written = done.item_collection_metrics().into_iter().flat_map(HashMap::values).flatten();
            written.for_each(|written| board_size::record(Some(written)));
            Ok(Ok(()))
        }
        Err(error) => match cancellation_reasons(&error).iter().position(is_condition_failure) {
            Some(failed) => Ok(Err(failed)),
            None => Err(error.into()),
        },
    }
}
