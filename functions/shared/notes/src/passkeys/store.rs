//! Adds, lists, finds and removes passkeys.

use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use serde::Deserialize;
use serde_dynamo::aws_sdk_dynamodb_1::from_item;

use super::{Credential, Passkey, PasskeyId, PasskeyName, Passkeys, deletions, rows, unchanged};
use crate::account_row::{MAX_TRIES, digests, too_many_conflicts};
use crate::tables::{USERS, text};
use crate::{PasskeyError, Session, StoreError, Timestamp, Username, batch, transaction};

/// The part of an account's row that says which passkeys it has.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Owner {
    /// The ids, oldest first. Absent before the first passkey.
    passkeys: Option<Vec<String>>,
    /// The digests of the newest sessions.
    #[serde(default)]
    sessions: Vec<String>,
}

impl Passkeys {
    /// Returns the passkeys of a user, the oldest first. Two requests, one if there are none.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn of(&self, owner: &Username) -> Result<Vec<Passkey>, StoreError> {
        let ids = self.owner(owner).await?.passkeys.unwrap_or_default();
        let keys: Vec<_> = ids.iter().map(|id| rows::key(id)).collect();
        let rows = batch::read_all(&self.client, &self.table, &keys).await?;
        let mut passkeys: Vec<_> = rows.into_iter().map(rows::read).collect::<Result<_, _>>()?;
        passkeys.sort_by_key(|passkey| passkey.created);
        Ok(passkeys)
    }

    /// Returns the passkey with this credential id, if any account has it. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn find(&self, credential_id: &[u8]) -> Result<Option<Passkey>, StoreError> {
        let key = rows::key(PasskeyId::of(credential_id).as_str());
        let get = self.client.get_item().table_name(&self.table).set_key(Some(key)).consistent_read(true);
        get.send().await?.item.map(rows::read).transpose()
    }

    /// Adds a passkey to the account of a session. Two requests.
    ///
    /// Nothing is added if the session ended meanwhile. So no passkey outlives the new password of a link, or a session
    /// that its user ended.
    ///
    /// # Errors
    /// [`PasskeyError::Taken`] if an account has this credential, [`PasskeyError::TooMany`], [`PasskeyError::SignedOut`],
    /// or if the table fails.
    pub async fn add(
        &self,
        session: &Session,
        name: PasskeyName,
        credential: Credential,
    ) -> Result<Passkey, PasskeyError> {
        let owner = session.username().clone();
        let id = PasskeyId::of(&credential.id);
        let passkey = Passkey { id, owner, name, credential, created: Timestamp::now(), last_used: None };
        for _ in 0..MAX_TRIES {
            let Owner { passkeys: former, sessions } = self.owner(&passkey.owner).await?;
            if !sessions.iter().any(|digest| digest == session.id.digest()) {
                return Err(PasskeyError::SignedOut);
            }
            let mut ids = former.clone().unwrap_or_default();
            if ids.len() >= Self::MOST {
                return Err(PasskeyError::TooMany);
            }
            ids.push(passkey.id.to_string());
            let condition = Some(("contains(sessions, :session)", session.id.digest()));
            let parts = vec![
                self.list(&passkey.owner, former.as_deref(), ids, condition)?,
                rows::put(&self.table, &passkey)?,
            ];
            match transaction::write(&self.client, parts).await? {
                Ok(()) => return Ok(passkey),
                Err(1) => return Err(PasskeyError::Taken),
                // The account has changed. It is read again.
                Err(_) => {}
            }
        }
        Err(too_many_conflicts().into())
    }

    /// Removes a passkey of a user, and returns whether it existed. Two requests.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn remove(&self, owner: &Username, id: &PasskeyId) -> Result<bool, StoreError> {
        for _ in 0..MAX_TRIES {
            let former = self.owner(owner).await?.passkeys;
            let (removed, remaining): (Vec<_>, Vec<_>) =
                former.clone().unwrap_or_default().into_iter().partition(|other| other == id.as_str());
            if removed.is_empty() {
                return Ok(false);
            }
            let mut parts = vec![self.list(owner, former.as_deref(), remaining, None)?];
            parts.extend(deletions(&self.table, Some(&removed))?);
            if transaction::write(&self.client, parts).await?.is_ok() {
                return Ok(true);
            }
        }
        Err(too_many_conflicts())
    }

    /// Builds the part of a transaction that records the use of a passkey. Its condition fails if the passkey was removed,
    /// or used meanwhile so that its state changed.
    pub(crate) fn record_use(
        &self,
        passkey: &Passkey,
        state: &[u8],
        now: Timestamp,
    ) -> Result<TransactWriteItem, StoreError> {
        rows::record_use(&self.table, passkey, state, now)
    }

    /// Builds the part of a transaction that lists the passkeys of an account, if the account still lists the former ones.
    /// `and` is one more condition on the account, with the value of `:session` in it.
    fn list(
        &self,
        owner: &Username,
        former: Option<&[String]>,
        ids: Vec<String>,
        and: Option<(&str, &str)>,
    ) -> Result<TransactWriteItem, StoreError> {
        let (unchanged, listed) = unchanged(former);
        let condition = format!("attribute_exists(displayName) AND {unchanged}");
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(USERS.key(&[owner])))
            .update_expression("SET passkeys = :new")
            .expression_attribute_values(":new", digests(ids));
        let update = listed
            .into_iter()
            .fold(update, |update, listed| update.expression_attribute_values(":passkeys", listed));
        let update = match and {
            Some((and, session)) => update
                .condition_expression(format!("{condition} AND {and}"))
                .expression_attribute_values(":session", text(session)),
            None => update.condition_expression(condition),
        };
        Ok(TransactWriteItem::builder().update(update.build()?).build())
    }

    /// Reads which passkeys an account has. A deleted account has none.
    async fn owner(&self, username: &Username) -> Result<Owner, StoreError> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(USERS.key(&[username])))
            .consistent_read(true)
            .projection_expression("passkeys, sessions");
        Ok(get.send().await?.item.map(from_item).transpose()?.unwrap_or_default())
    }
}
