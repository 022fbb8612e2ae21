//! The table of accounts, and everything that needs a password.

mod display_name;
mod lookup;

use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem, Update};
use aws_sdk_dynamodb::{Client, Error};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

use crate::attempts::{Attempts, RetryAfter};
use crate::tables::{USERS, cancellation_reasons, is_condition_failure, text};
use crate::{
    Account, Device, DisplayName, Password, Session, SessionToken, Sessions, SignInError, SignUpError,
    StoreError, Timestamp, User, Username,
};

/// The accounts. Passwords begin sessions, and end them.
#[derive(Debug, Clone)]
pub struct Accounts {
    client: Client,
    table: String,
    sessions: Sessions,
    attempts: Attempts,
}

/// A row of the table. A deleted account keeps its row, so that nobody else gets its username and its notes.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    username: Username,
    /// The display name. An older version may have stored one that breaks today's rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<String>,
    /// The digests of the newest sessions, oldest first. Some of these sessions may have ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    sessions: Option<Vec<String>>,
    created: Timestamp,
}

/// An account whose password was verified, with the row at that time. A write fails if the row has changed since:
/// another password or display name was set, or a session began.
struct Verified {
    user: User,
    /// The display name in the row.
    stored_name: String,
    hash: String,
    sessions: Option<Vec<String>>,
}

impl Row {
    /// Returns the account, unless it was deleted.
    fn active(self) -> Option<Verified> {
        let (stored_name, hash) = (self.display_name?, self.password_hash?);
        let display_name = DisplayName::stored(&stored_name, &self.username);
        let user = User { username: self.username, display_name };
        Some(Verified { user, stored_name, hash, sessions: self.sessions })
    }
}

/// The most attempts of a write that conflicts with others on the account's row. Each conflict means that another
/// write succeeded.
const MAX_TRIES: usize = 20;

/// The most sessions that end or change in the transaction that changes their account. That is more than an account has. A
/// transaction holds 100 items, and the rest is for the account itself.
const SESSIONS_PER_TRANSACTION: usize = 90;

impl Accounts {
    /// Creates the store of the accounts in `table`.
    pub fn new(client: Client, table: impl Into<String>, sessions: Sessions) -> Self {
        let table = table.into();
        Self { attempts: Attempts::new(client.clone(), table.clone()), client, table, sessions }
    }

    /// Counts a sign-up attempt from an IP address. Call it before any other work for the sign-up.
    ///
    /// # Errors
    /// [`SignUpError::TooMany`] after `limit` attempts in an hour, or if the table fails.
    pub async fn count_sign_up(&self, address: &str, limit: u32) -> Result<(), SignUpError> {
        let counted = self.attempts.sign_up(address, limit).await?;
        counted.map_err(|RetryAfter(wait)| SignUpError::TooMany(wait))
    }

    /// Creates an account and begins a session, in one transaction.
    ///
    /// # Errors
    /// [`SignUpError::Taken`] if the username is taken, or if a table fails.
    pub async fn sign_up(
        &self,
        user: &User,
        password: &Password,
        device: &Device,
    ) -> Result<(SessionToken, Session), SignUpError> {
        let (token, session, begin) = self.sessions.begin(user, device)?;
        let row = Row {
            username: user.username.clone(),
            display_name: Some(user.display_name.to_string()),
            password_hash: Some(password.hash().await?),
            sessions: Some(vec![session.id.digest().to_owned()]),
            created: Timestamp::now(),
        };
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(to_item(&row).map_err(StoreError::from)?))
            .condition_expression("attribute_not_exists(username)")
            .build()
            .map_err(StoreError::from)?;
        let account = TransactWriteItem::builder().put(put).build();
        if self.write([account, begin]).await? { Ok((token, session)) } else { Err(SignUpError::Taken) }
    }

    /// Begins a session, if the password is right.
    ///
    /// It takes three requests, and one more per conflict: it counts the attempt, reads the account, and begins the
    /// session if the account still has that password. The new session replaces the oldest if there are
    /// [`Session::MOST`].
    ///
    /// # Errors
    /// [`SignInError::Wrong`] for an unknown username or a wrong password, [`SignInError::TooMany`] after too many
    /// failures, or if a table fails.
    pub async fn sign_in(
        &self,
        username: &Username,
        password: &Password,
        device: &Device,
    ) -> Result<(SessionToken, Session), SignInError> {
        let mut verified = self.verify(username, password).await?;
        for _ in 0..MAX_TRIES {
            let (token, session, begin) = self.sessions.begin(&verified.user, device)?;
            let hash = if Password::is_outdated(&verified.hash) {
                password.hash().await?
            } else {
                verified.hash.clone()
            };
            let mut newest = verified.sessions.clone().unwrap_or_default();
            newest.push(session.id.digest().to_owned());
            let oldest: Vec<_> = newest.drain(..newest.len().saturating_sub(Session::MOST)).collect();
            let mut parts = vec![
                self.update_password(&verified, &hash, newest)?,
                begin,
                self.attempts.delete_failures(username)?,
            ];
            for digest in oldest {
                parts.push(self.sessions.delete_item(username, &digest)?);
            }
            if self.write(parts).await? {
                return Ok((token, session));
            }
            verified = self.verify_again(verified, password).await?;
        }
        Err(too_many_conflicts())
    }

    /// Changes a password, if the old one is right. Replaces all sessions by a new one.
    ///
    /// One transaction changes the password and ends the sessions. It fails if another session began after they were
    /// read. So no session of the old password remains. Sessions that do not fit into a transaction end before it. If
    /// this fails half-way, the old password still holds.
    ///
    /// # Errors
    /// As [`sign_in`](Self::sign_in).
    pub async fn change_password(
        &self,
        current: &Session,
        password: &Password,
        new: &Password,
        device: &Device,
    ) -> Result<(SessionToken, Session), SignInError> {
        let username = current.username();
        let mut verified = self.verify(username, password).await?;
        let hash = new.hash().await?;
        for _ in 0..MAX_TRIES {
            let former = self.sessions.end_all_beyond(SESSIONS_PER_TRANSACTION, &current.id).await?;
            let (token, session, begin) = self.sessions.begin(&verified.user, device)?;
            let newest = vec![session.id.digest().to_owned()];
            let mut parts = vec![
                self.update_password(&verified, &hash, newest)?,
                begin,
                self.attempts.delete_failures(username)?,
            ];
            parts.extend(former);
            if self.write(parts).await? {
                return Ok((token, session));
            }
            verified = self.verify_again(verified, password).await?;
        }
        Err(too_many_conflicts())
    }

    /// Deletes an account, if the password is right, and ends its sessions. Its username stays taken.
    ///
    /// One transaction deletes the account and ends its sessions. The current session ends last, so that the request
    /// can be repeated if it fails half-way.
    ///
    /// # Errors
    /// As [`sign_in`](Self::sign_in).
    pub async fn delete(&self, current: &Session, password: &Password) -> Result<(), SignInError> {
        let username = current.username();
        // A deleted account has no password.
        if matches!(self.account(username).await?, Some(Account::Deleted)) {
            return Ok(self.sessions.end_all(username, None).await?);
        }
        let mut verified = self.verify(username, password).await?;
        for _ in 0..MAX_TRIES {
            let former = self.sessions.end_all_beyond(SESSIONS_PER_TRANSACTION, &current.id).await?;
            let bury = self
                .update(&verified)
                .update_expression("REMOVE displayName, passwordHash, sessions")
                .build()
                .map_err(StoreError::from)?;
            let mut parts = vec![
                TransactWriteItem::builder().update(bury).build(),
                self.attempts.delete_failures(username)?,
            ];
            parts.extend(former);
            if self.write(parts).await? {
                return Ok(());
            }
            verified = self.verify_again(verified, password).await?;
        }
        Err(too_many_conflicts())
    }

    /// Returns the account of a username. `None` if nobody ever had it. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn account(&self, username: &Username) -> Result<Option<Account>, StoreError> {
        let row = self.find(username).await?;
        Ok(row.map(|row| row.active().map_or(Account::Deleted, |account| Account::Active(account.user))))
    }

    /// Counts an attempt, then verifies the password.
    async fn verify(&self, username: &Username, password: &Password) -> Result<Verified, SignInError> {
        self.attempts.sign_in(username).await?.map_err(|RetryAfter(wait)| SignInError::TooMany(wait))?;
        self.compare(username, password).await
    }

    /// Verifies a password. It takes as long for an unknown username as for a wrong password.
    async fn compare(&self, username: &Username, password: &Password) -> Result<Verified, SignInError> {
        let row = self.find(username).await?;
        let known = row.and_then(Row::active);
        let matches = password.verify(known.as_ref().map(|known| known.hash.clone())).await?;
        known.filter(|_| matches).ok_or(SignInError::Wrong)
    }

    /// Reads an account again, after its row has changed. A password that was right for the same hash still is.
    async fn verify_again(&self, former: Verified, password: &Password) -> Result<Verified, SignInError> {
        let username = &former.user.username;
        match self.find(username).await?.and_then(Row::active) {
            Some(account) if account.hash == former.hash => Ok(account),
            _ => self.compare(username, password).await,
        }
    }

    async fn find(&self, username: &Username) -> Result<Option<Row>, StoreError> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(USERS.key(&[username])))
            // A user who has just signed up can sign in.
            .consistent_read(true);
        Ok(get.send().await?.item.map(from_item).transpose()?)
    }

    /// Builds the part of a transaction that sets an account's hash and its newest sessions.
    fn update_password(
        &self,
        verified: &Verified,
        hash: &str,
        sessions: Vec<String>,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = self
            .update(verified)
            .update_expression("SET passwordHash = :hash, sessions = :newest")
            .expression_attribute_values(":hash", text(hash))
            .expression_attribute_values(":newest", digests(sessions));
        Ok(TransactWriteItem::builder().update(update.build()?).build())
    }

    /// Builds an update of an account, on the condition that its row has not changed.
    fn update(&self, verified: &Verified) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(USERS.key(&[&verified.user.username])))
            .expression_attribute_values(":verified", text(&verified.hash))
            .expression_attribute_values(":name", text(&verified.stored_name));
        let same_account = "passwordHash = :verified AND displayName = :name";
        match &verified.sessions {
            Some(sessions) => update
                .condition_expression(format!("{same_account} AND sessions = :sessions"))
                .expression_attribute_values(":sessions", digests(sessions.clone())),
            None => update.condition_expression(format!("{same_account} AND attribute_not_exists(sessions)")),
        }
    }

    /// Writes a transaction, and returns whether all conditions held. The SDK gives each transaction a token, so that
    /// a retry does not repeat it.
    async fn write(&self, items: impl IntoIterator<Item = TransactWriteItem>) -> Result<bool, StoreError> {
        let items = items.into_iter().collect();
        let write = self.client.transact_write_items().set_transact_items(Some(items));
        match write.send().await.map_err(Error::from) {
            Ok(_) => Ok(true),
            Err(error) if cancellation_reasons(&error).iter().any(is_condition_failure) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

fn digests(sessions: Vec<String>) -> AttributeValue {
    AttributeValue::L(sessions.into_iter().map(AttributeValue::S).collect())
}

fn too_many_conflicts() -> SignInError {
    StoreError::Throttled("the account was changed again and again".into()).into()
}
