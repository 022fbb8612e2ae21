//! Deletes the account of its user.

use aws_sdk_dynamodb::types::TransactWriteItem;

use super::{Accounts, Row, Verified};
use crate::account_row::{DELETED, MAX_TRIES, SESSIONS_PER_TRANSACTION, too_many_conflicts};
use crate::attempts::Source;
use crate::passkeys::{deletions, unchanged};
use crate::{DeleteAccountError, Password, Session, SignInError, StoreError, administrators, transaction};

impl Accounts {
    /// Deletes an account, if the password is right, with its passkeys, and ends its sessions. Its username
    /// stays taken.
    ///
    /// One transaction deletes the account and ends its sessions. The current session ends last, so that the request
    /// can be repeated if it fails half-way.
    ///
    /// # Errors
    /// As [`sign_in`](Self::sign_in), and [`DeleteAccountError::LastAdministrator`].
    pub async fn delete(&self, current: &Session, password: &Password) -> Result<(), DeleteAccountError> {
        let username = current.username();
        let account = match self.find(username).await.map_err(SignInError::from)?.map(Row::active) {
            // A deleted account has no password.
            Some(None) => {
                return Ok(self.sessions.end_all(username, None).await.map_err(SignInError::from)?);
            }
            account => account.flatten(),
        };
        let attempt = self.count(username, &Source::Session(current.id.digest().to_owned())).await?;
        let mut verified = Self::compare(account, password).await?;
        for _ in 0..MAX_TRIES {
            let former = self.sessions.end_all_beyond(SESSIONS_PER_TRANSACTION, &current.id).await?;
            let mut parts = vec![self.bury(&verified)?];
            if verified.administrator {
                parts.push(administrators::count_one_less(&self.table)?);
            }
            parts.extend(self.attempts.clear(&attempt)?);
            parts.extend(former);
            parts.extend(deletions(&self.table, verified.passkeys.as_deref())?);
            parts.push(self.boards.depart(username)?);
            match transaction::write(&self.client, parts).await? {
                Ok(()) => return Ok(()),
                Err(1) if verified.administrator => return Err(DeleteAccountError::LastAdministrator),
                Err(_) => {}
            }
            verified = self.verify_again(verified, password).await?;
        }
        Err(SignInError::from(too_many_conflicts()).into())
    }

    /// Builds the part of a transaction that deletes an account, if it has no other passkeys than when it was read.
    fn bury(&self, verified: &Verified) -> Result<TransactWriteItem, StoreError> {
        let (unchanged, listed) = unchanged(verified.passkeys.as_deref());
        let update = self.update(verified).update_expression(DELETED);
        let condition = update.get_condition_expression().as_deref().unwrap_or_default();
        let condition = format!("{condition} AND {unchanged}");
        let update = update.condition_expression(condition);
        let update = listed
            .into_iter()
            .fold(update, |update, listed| update.expression_attribute_values(":passkeys", listed));
        Ok(TransactWriteItem::builder().update(update.build()?).build())
    }
}
