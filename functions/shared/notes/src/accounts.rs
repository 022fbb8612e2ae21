//! The table of accounts, and everything that needs a password or a passkey.

mod deletion;
mod display_name;
mod lookup;
mod passkeys;
mod password_link;
mod sign_up;

pub use sign_up::Admission;

use std::ops::Not;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::from_item;

use crate::account_row::{MAX_TRIES, SESSIONS_PER_TRANSACTION, digests, too_many_conflicts};
use crate::attempts::{Attempt, Attempts, RetryAfter, Source};
use crate::audit::{self, Action};
use crate::passkeys::Passkeys;
use crate::tables::{Kind, USERS, text};
use crate::timestamp::seconds;
use crate::{
    Account, Boards, Device, DeviceToken, DisplayName, Invitations, Password, Session, SessionToken,
    Sessions, SignInError, StoreError, Timestamp, User, Username, transaction,
};

/// The accounts. Passwords and passkeys begin sessions.
#[derive(Debug, Clone)]
pub struct Accounts {
    client: Client,
    table: String,
    sessions: Sessions,
    attempts: Attempts,
    invitations: Invitations,
    passkeys: Passkeys,
    boards: Boards,
}

/// A session that has just begun, with the secrets for its browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// The session.
    pub session: Session,
    /// The token that proves it.
    pub token: SessionToken,
    /// The token by which the account knows the device from now on.
    pub device_token: DeviceToken,
}

/// A row of the table. A deleted account keeps its row, so that nobody else gets its username and its notes.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    username: Username,
    /// Absent if the account is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    /// The display name. An older version may have stored one that breaks today's rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<String>,
    #[serde(default, skip_serializing_if = "Not::not")]
    administrator: bool,
    #[serde(default, skip_serializing_if = "Not::not")]
    disabled: bool,
    /// The digests of the newest sessions, oldest first. Some of these sessions may have ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    sessions: Option<Vec<String>>,
    /// The digests of the devices that signed in last, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    devices: Vec<String>,
    /// The ids of the passkeys, oldest first. Absent before the first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    passkeys: Option<Vec<String>>,
    created: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen: Option<Timestamp>,
    /// The link to set a new password, if an administrator made one.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    link: Option<Link>,
}

/// The stored part of a link to set a new password.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Link {
    link_digest: String,
    #[serde(with = "seconds")]
    link_expires: Timestamp,
}

/// An active account, as its row was read. [`Accounts::compare`] verifies the password before anything is written. A write
/// fails if the row has changed since: another password or display name was set, or a session began.
struct Verified {
    user: User,
    administrator: bool,
    disabled: bool,
    /// The display name in the row.
    stored_name: String,
    hash: String,
    sessions: Option<Vec<String>>,
    /// The digests of the known devices. They change only together with the sessions.
    devices: Vec<String>,
    /// The ids of the passkeys.
    passkeys: Option<Vec<String>>,
}

impl Row {
    /// Returns the account, unless it was deleted.
    fn active(self) -> Option<Verified> {
        let (stored_name, hash) = (self.display_name?, self.password_hash?);
        let display_name = DisplayName::stored(&stored_name, &self.username);
        let user = User { username: self.username, display_name };
        let Self { administrator, disabled, sessions, devices, passkeys, .. } = self;
        Some(Verified { user, administrator, disabled, stored_name, hash, sessions, devices, passkeys })
    }
}

impl Accounts {
    /// Creates the store of the accounts in `table`. The first account also creates the first board.
    pub fn new(client: Client, table: impl Into<String>, sessions: Sessions, boards: Boards) -> Self {
        let table = table.into();
        let attempts = Attempts::new(client.clone(), table.clone());
        let invitations = Invitations::new(client.clone(), table.clone());
        let passkeys = Passkeys::new(client.clone(), table.clone());
        Self { client, table, sessions, attempts, invitations, passkeys, boards }
    }

    fn record(
        &self,
        by: Option<&Username>,
        action: Action,
        target: &Username,
    ) -> Result<TransactWriteItem, StoreError> {
        audit::record(&self.table, by, action, Some(target))
    }

    /// Begins a session, if the password is right.
    ///
    /// It takes three requests from a known device, four from another, and one more per conflict: it reads the account,
    /// counts the attempt, and begins the session if the account still has that password. The new session replaces the
    /// oldest if there are as many as [`Sessions::at_most`] allows. The device is known from then on, by `device_token` if the browser has one.
    ///
    /// # Errors
    /// [`SignInError::Wrong`] for an unknown username or a wrong password, [`SignInError::TooMany`] after too many
    /// failures, or if a table fails.
    pub async fn sign_in(
        &self,
        username: &Username,
        password: &Password,
        device: &Device,
        device_token: Option<DeviceToken>,
    ) -> Result<NewSession, SignInError> {
        let account = self.find(username).await?.and_then(Row::active);
        let devices = account.as_ref().map_or(&[][..], |account| &account.devices);
        let digest = device_token.as_ref().map(DeviceToken::digest);
        let source = match digest.filter(|digest| devices.contains(digest)) {
            Some(digest) => Source::KnownDevice(digest),
            None => Source::Network(device.network()),
        };
        let attempt = self.count(username, &source).await?;
        let mut verified = Self::compare(account, password).await?;
        let device_token = device_token.unwrap_or_else(DeviceToken::generate);
        for _ in 0..MAX_TRIES {
            let hash = if Password::is_outdated(&verified.hash) {
                password.hash().await?
            } else {
                verified.hash.clone()
            };
            let (begun, mut parts) = self.begin_session(&verified, &hash, device, &device_token)?;
            parts.extend(self.attempts.clear(&attempt)?);
            if self.write(parts).await? {
                return Ok(begun);
            }
            verified = self.verify_again(verified, password).await?;
        }
        Err(too_many_conflicts().into())
    }

    /// Creates a session, and the parts of a transaction that begin it. It replaces the oldest if there are
    /// [`Session::MOST`]. The account knows the device from then on.
    fn begin_session(
        &self,
        verified: &Verified,
        hash: &str,
        device: &Device,
        device_token: &DeviceToken,
    ) -> Result<(NewSession, Vec<TransactWriteItem>), StoreError> {
        let (token, session, begin) = self.sessions.begin(&verified.user, device)?;
        let mut newest = verified.sessions.clone().unwrap_or_default();
        newest.push(session.id.digest().to_owned());
        let oldest: Vec<_> = newest.drain(..newest.len().saturating_sub(self.sessions.most())).collect();
        let devices = device_token.remember(verified.devices.clone());
        let mut parts = vec![self.update_password(verified, hash, newest, devices)?, begin];
        for digest in oldest {
            parts.push(self.sessions.delete_item(&verified.user.username, &digest)?);
        }
        Ok((NewSession { session, token, device_token: device_token.clone() }, parts))
    }

    /// Changes a password, if the old one is right. Replaces all sessions by a new one, and all known devices by this one
    /// with a new token. So nobody who copied the former token keeps its count.
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
    ) -> Result<NewSession, SignInError> {
        let username = current.username();
        let account = self.find(username).await?.and_then(Row::active);
        let attempt = self.count(username, &Source::Session(current.id.digest().to_owned())).await?;
        let mut verified = Self::compare(account, password).await?;
        let hash = new.hash().await?;
        let device_token = DeviceToken::generate();
        for _ in 0..MAX_TRIES {
            let former = self.sessions.end_all_beyond(SESSIONS_PER_TRANSACTION, &current.id).await?;
            let (token, session, begin) = self.sessions.begin(&verified.user, device)?;
            let newest = vec![session.id.digest().to_owned()];
            let devices = vec![device_token.digest()];
            let mut parts = vec![self.update_password(&verified, &hash, newest, devices)?, begin];
            parts.extend(self.attempts.clear(&attempt)?);
            parts.extend(former);
            if self.write(parts).await? {
                return Ok(NewSession { session, token, device_token });
            }
            verified = self.verify_again(verified, password).await?;
        }
        Err(too_many_conflicts().into())
    }

    /// Returns the account of a username. `None` if nobody ever had it. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn account(&self, username: &Username) -> Result<Option<Account>, StoreError> {
        let row = self.find(username).await?;
        Ok(row.map(|row| row.active().map_or(Account::Deleted, |account| Account::Active(account.user))))
    }

    /// Counts an attempt at a password, before it is made.
    async fn count(&self, username: &Username, source: &Source) -> Result<Attempt, SignInError> {
        let counted = self.attempts.password(username, source).await?;
        counted.map_err(|RetryAfter(wait)| SignInError::TooMany(wait))
    }

    /// Verifies the password of an account. It takes as long without an account as for a wrong password.
    async fn compare(account: Option<Verified>, password: &Password) -> Result<Verified, SignInError> {
        let matches = password.verify(account.as_ref().map(|account| account.hash.clone())).await?;
        match account.filter(|_| matches) {
            Some(account) if account.disabled => Err(SignInError::Disabled),
            Some(account) => Ok(account),
            None => Err(SignInError::Wrong),
        }
    }

    /// Reads an account again, after its row has changed. A password that was right for the same hash still is.
    async fn verify_again(&self, former: Verified, password: &Password) -> Result<Verified, SignInError> {
        match self.find(&former.user.username).await?.and_then(Row::active) {
            Some(account) if account.hash == former.hash && !account.disabled => Ok(account),
            account => Self::compare(account, password).await,
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

    /// Builds the part of a transaction that sets an account's hash, its newest sessions and its known devices.
    fn update_password(
        &self,
        verified: &Verified,
        hash: &str,
        sessions: Vec<String>,
        devices: Vec<String>,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = self
            .update(verified)
            .update_expression(
                "SET kind = :person, passwordHash = :hash, sessions = :newest, devices = :devices, lastSeen = :now",
            )
            // Accounts of older versions have no kind.
            .expression_attribute_values(":person", Kind::Person.value())
            .expression_attribute_values(":now", text(&Timestamp::now()))
            .expression_attribute_values(":hash", text(hash))
            .expression_attribute_values(":newest", digests(sessions))
            .expression_attribute_values(":devices", digests(devices));
        Ok(TransactWriteItem::builder().update(update.build()?).build())
    }

    /// Builds an update of an account, on the condition that its row has not changed.
    fn update(&self, verified: &Verified) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
        let administrator = if verified.administrator { "attribute_exists" } else { "attribute_not_exists" };
        let condition = format!(
            "passwordHash = :verified AND displayName = :name AND {administrator}(administrator) AND attribute_not_exists(disabled)"
        );
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(USERS.key(&[&verified.user.username])))
            .expression_attribute_values(":verified", text(&verified.hash))
            .expression_attribute_values(":name", text(&verified.stored_name));
        match &verified.sessions {
            Some(sessions) => update
                .condition_expression(format!("{condition} AND sessions = :sessions"))
                .expression_attribute_values(":sessions", digests(sessions.clone())),
            None => update.condition_expression(format!("{condition} AND attribute_not_exists(sessions)")),
        }
    }

    /// Writes a transaction, and returns whether all conditions held.
    async fn write(&self, items: Vec<TransactWriteItem>) -> Result<bool, StoreError> {
        Ok(transaction::write(&self.client, items).await?.is_ok())
    }
}
