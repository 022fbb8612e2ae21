//! Changes the display name, in the account and in the copies that its sessions have.

use aws_sdk_dynamodb::types::TransactWriteItem;

use super::{Accounts, Row};
use crate::account_row::{MAX_TRIES, SESSIONS_PER_TRANSACTION, too_many_conflicts};
use crate::tables::text;
use crate::{DisplayName, Session, StoreError};

impl Accounts {
    /// Changes the display name of a session's user. Returns whether the account still exists.
    ///
    /// One transaction changes the account and its sessions. It fails if a session began or ended after they were read,
    /// and is then tried again. So all sessions have the new name, and none that has ended comes back. Sessions that do
    /// not fit into a transaction change before it. If this fails half-way, a repeat finishes it.
    ///
    /// # Errors
    /// If a table fails.
    pub async fn change_display_name(
        &self,
        current: &Session,
        name: &DisplayName,
    ) -> Result<bool, StoreError> {
        let username = current.username();
        for _ in 0..MAX_TRIES {
            let Some(account) = self.find(username).await?.and_then(Row::active) else { return Ok(false) };
            let sessions = self.sessions.rename_all_beyond(SESSIONS_PER_TRANSACTION, username, name).await?;
            let update = self
                .update(&account)
                .update_expression("SET displayName = :new")
                .expression_attribute_values(":new", text(name));
            let mut parts = vec![TransactWriteItem::builder().update(update.build()?).build()];
            parts.extend(sessions);
            if self.write(parts).await? {
                return Ok(true);
            }
        }
        Err(too_many_conflicts())
    }
}
