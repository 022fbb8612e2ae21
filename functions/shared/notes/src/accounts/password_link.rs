//! Sets a new password with the link that an administrator made.

use aws_sdk_dynamodb::types::{TransactWriteItem, Update};

use super::{Accounts, Link, NewSession, Row, Verified};
use crate::account_row::{MAX_TRIES, SESSIONS_PER_TRANSACTION, digests, too_many_conflicts};
use crate::audit::Action;
use crate::tables::{Kind, USERS, text};
use crate::{
    Device, DeviceToken, Password, PasswordLink, PasswordLinkError, StoreError, Timestamp, passkeys,
    transaction,
};

impl Row {
    /// Returns whether a link is the one that an administrator made for this account, and still valid.
    fn accepts(&self, link: &PasswordLink) -> bool {
        let is_valid =
            |made: &Link| made.link_digest == link.digest() && made.link_expires > Timestamp::now();
        !self.disabled && self.link.as_ref().is_some_and(is_valid)
    }
}

impl Accounts {
    /// Sets a new password with the link that an administrator made. Replaces all sessions by a new one, and all known
    /// devices by this one with a new token. Removes all passkeys, so that nobody who took over the account stays in.
    ///
    /// # Errors
    /// [`PasswordLinkError::Invalid`] if the link was used or replaced, has expired, or never existed, or if a table
    /// fails.
    pub async fn use_password_link(
        &self,
        link: &PasswordLink,
        new: &Password,
        device: &Device,
    ) -> Result<NewSession, PasswordLinkError> {
        let username = link.username();
        let device_token = DeviceToken::generate();
        let mut hash = None;
        for _ in 0..MAX_TRIES {
            let row = self.find(username).await?.filter(|row| row.accepts(link));
            let Some(Verified { user, sessions, passkeys, .. }) = row.and_then(Row::active) else {
                return Err(PasswordLinkError::Invalid);
            };
            // Only now, because hashing is the expensive part.
            let hash = match &hash {
                Some(hash) => hash,
                None => hash.insert(new.hash().await?),
            };
            let former = self.sessions.end_most_of(username, SESSIONS_PER_TRANSACTION).await?;
            let (token, session, begin) = self.sessions.begin(&user, device)?;
            let newest = vec![session.id.digest().to_owned()];
            let (unchanged, listed) = passkeys::unchanged(passkeys.as_deref());
            let update = Update::builder()
                .table_name(&self.table)
                .set_key(Some(USERS.key(&[username])))
                .update_expression(
                    "SET kind = :person, passwordHash = :hash, sessions = :newest, devices = :devices, lastSeen = :now \
                     REMOVE linkDigest, linkExpires, passkeys",
                )
                .condition_expression(if sessions.is_some() {
                    format!("linkDigest = :digest AND sessions = :sessions AND {unchanged}")
                } else {
                    format!("linkDigest = :digest AND attribute_not_exists(sessions) AND {unchanged}")
                })
                .set_expression_attribute_values(listed.map(|listed| [(":passkeys".into(), listed)].into()))
                .expression_attribute_values(":hash", text(hash))
                .expression_attribute_values(":newest", digests(newest))
                .expression_attribute_values(":devices", digests(vec![device_token.digest()]))
                .expression_attribute_values(":person", Kind::Person.value())
                .expression_attribute_values(":now", text(&session.created))
                .expression_attribute_values(":digest", text(&link.digest()));
            let update = match sessions {
                Some(sessions) => update.expression_attribute_values(":sessions", digests(sessions)),
                None => update,
            };
            let update = update.build().map_err(StoreError::from)?;
            let mut parts = vec![
                TransactWriteItem::builder().update(update).build(),
                begin,
                self.record(Some(username), Action::UsePasswordLink, username)?,
            ];
            parts.extend(former);
            parts.extend(passkeys::deletions(&self.table, passkeys.as_deref())?);
            if transaction::write(&self.client, parts).await?.is_ok() {
                return Ok(NewSession { session, token, device_token });
            }
        }
        Err(too_many_conflicts().into())
    }
}
