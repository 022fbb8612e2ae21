//! The remains of a deleted board.
//!
//! The transaction that deletes a board writes one more row. The stream reports it, and its handler deletes members and notes
//! for a while. If some are left, it changes that row, which the stream reports again. So no deletion is forgotten, and a
//! large board does not hold up the changes of others.
//!
//! A request that read the board before it was deleted may still write a note after the purge. So the row does not go with
//! the last note: it expires, and its end is reported too, which purges once more.

use std::time::Duration;

use aws_sdk_dynamodb::Error;
use aws_sdk_dynamodb::types::TransactWriteItem;
use serde::Deserialize;
use serde_dynamo::aws_sdk_dynamodb_1::from_item;

use super::rows::{PURGE, PURGED_UNTIL, listing_key};
use super::{BoardId, Boards};
use crate::tables::{BOARDS, number};
use crate::{StoreError, Timestamp, Username, transaction};

/// How long requests may still write to a board that they read before it was deleted. More than a function's timeout, 20 s.
const LAST_WRITES: Duration = Duration::from_mins(1);

/// The most items of a transaction.
const BATCH: usize = 100;

impl Boards {
    /// Deletes the memberships and the invitations of a deleted board. Calling it again does no harm. Does nothing while the
    /// board exists. One look at the board, one query, and one request per 50 members.
    ///
    /// # Errors
    /// If the table fails. Another call deletes the rest.
    pub async fn purge(&self, id: &BoardId) -> Result<(), StoreError> {
        #[derive(Deserialize)]
        struct Key {
            member: String,
        }
        if self.find(id).await?.is_some() {
            return Ok(());
        }
        let mut deletions: Vec<TransactWriteItem> = Vec::new();
        for row in self.rows(id.to_string()).await? {
            let Key { member } = from_item(row)?;
            if member == PURGE {
                continue;
            }
            if let Ok(username) = Username::parse(&member) {
                deletions.push(self.delete_row(listing_key(id, &username), None)?);
            }
            deletions.push(self.delete_row(BOARDS.key(&[id, &member]), None)?);
        }
        for batch in deletions.chunks(BATCH) {
            let _no_condition = transaction::write(&self.client, batch.to_vec()).await?;
        }
        Ok(())
    }

    /// Makes the stream report again that a deleted board has notes left, or once more after a while if it has none. One
    /// request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn end_purge(&self, id: &BoardId, notes_are_left: bool) -> Result<(), StoreError> {
        let key = BOARDS.key(&[id, &PURGE]);
        let update = self.client.update_item().table_name(&self.table).set_key(Some(key));
        let update = if notes_are_left {
            update
                .update_expression(format!("REMOVE {PURGED_UNTIL} ADD turn :one"))
                .expression_attribute_values(":one", number(&1))
        } else {
            let end = Timestamp::now().saturating_add(LAST_WRITES);
            update
                .update_expression(format!("SET {PURGED_UNTIL} = :end"))
                .condition_expression("attribute_exists(board)")
                .expression_attribute_values(":end", number(&end.as_second()))
        };
        match update.send().await.map_err(Error::from) {
            // The row has expired: this was the last purge.
            Ok(_) | Err(Error::ConditionalCheckFailedException(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
