//! Changes the display name in sessions. Each has a copy, so that one read finds the signed-in user.

use aws_sdk_dynamodb::Error;
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};

use super::Sessions;
use crate::tables::{SESSIONS, cancellation_reasons, is_condition_failure, text};
use crate::{DisplayName, StoreError, Username};

impl Sessions {
    /// Changes the display name of all sessions of a user except `left`, and returns the parts of a transaction that
    /// change those. One query, and one request per session beyond `left`. Only accounts of older versions have so many.
    pub(crate) async fn rename_all_beyond(
        &self,
        left: usize,
        username: &Username,
        name: &DisplayName,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut digests = self.digests(username).await?;
        for digest in digests.split_off(digests.len().min(left)) {
            let part = self.rename_item(username, &digest, name)?;
            match self.client.transact_write_items().transact_items(part).send().await.map_err(Error::from) {
                // The session has ended.
                Err(error) if cancellation_reasons(&error).iter().any(is_condition_failure) => {}
                changed => drop(changed?),
            }
        }
        digests.iter().map(|digest| self.rename_item(username, digest, name)).collect()
    }

    /// Builds the part of a transaction that changes the display name of a session. The condition prevents that the
    /// change brings back a session that has ended.
    fn rename_item(
        &self,
        username: &Username,
        digest: &str,
        name: &DisplayName,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(SESSIONS.key(&[username, &digest])))
            .condition_expression("attribute_exists(id)")
            .update_expression("SET displayName = :name")
            .expression_attribute_values(":name", text(name));
        Ok(TransactWriteItem::builder().update(update.build()?).build())
    }
}
