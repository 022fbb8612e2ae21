//! The table of sessions.

mod display_name;

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use aws_sdk_dynamodb::types::{Delete, Put, ReturnValue, TransactWriteItem};
use aws_sdk_dynamodb::{Client, Error};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

use crate::tables::{Row, SESSIONS, USERS, number, text};
use crate::timestamp::seconds;
use crate::{DisplayName, SessionId, SessionToken, StoreError, Timestamp, User, Username};

/// The most sessions that end in one request: the limit of a transaction.
const BATCH: usize = 100;

/// A session of a user who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The id.
    pub id: SessionId,
    /// The user's display name. It is stored here as well, so that one request finds the signed-in user.
    pub display_name: DisplayName,
    /// When it began.
    pub created: Timestamp,
    /// When it was last used, with the precision of [`Session::PRECISION`].
    pub last_seen: Timestamp,
    /// When it ends by itself. `DynamoDB` may delete the row hours later.
    pub expires: Timestamp,
    /// The device that used it last.
    pub device: Device,
}

impl Session {
    /// The longest life of a session.
    pub const LIFETIME: Duration = Duration::from_hours(30 * 24);

    /// The time without use after which a session ends.
    pub const IDLE: Duration = Duration::from_hours(14 * 24);

    /// The most sessions of an account, unless [`Sessions::at_most`] sets a lower number. A new one replaces the oldest.
    pub const MOST: usize = 50;

    /// The shortest time between two updates of `last_seen`.
    pub const PRECISION: Duration = Duration::from_mins(5);

    /// Returns the username.
    #[must_use]
    pub fn username(&self) -> &Username {
        self.id.username()
    }

    /// Returns the user.
    #[must_use]
    pub fn user(&self) -> User {
        User { username: self.username().clone(), display_name: self.display_name.clone() }
    }

    fn begin(user: &User, device: &Device) -> (SessionToken, Self) {
        let token = SessionToken::generate(&user.username);
        let created = Timestamp::now();
        let session = Self {
            id: token.id(),
            display_name: user.display_name.clone(),
            created,
            last_seen: created,
            expires: end(created, created),
            device: device.clone(),
        };
        (token, session)
    }
}

/// Returns when a session ends without further use.
fn end(created: Timestamp, last_seen: Timestamp) -> Timestamp {
    let (idle, absolute) =
        (last_seen.saturating_add(Session::IDLE), created.saturating_add(Session::LIFETIME));
    idle.min(absolute).whole_second()
}

/// The device of a session, as far as requests tell. Its user recognizes sessions by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The IP address.
    pub address: String,
    /// The `User-Agent` header, at most 256 characters of it.
    pub agent: String,
}

impl Device {
    /// Creates a device from a request.
    #[must_use]
    pub fn new(address: impl Into<String>, agent: &str) -> Self {
        let agent = agent.chars().filter(|character| !character.is_control()).take(256).collect();
        Self { address: address.into(), agent }
    }

    /// Returns the network for which attempts are counted: an IPv4 address, or the /64 of an IPv6 address.
    ///
    /// An IPv6 subscriber usually has a whole /64, and could send each request from a new address.
    #[must_use]
    pub fn network(&self) -> String {
        match self.address.parse() {
            Ok(IpAddr::V6(address)) if address.to_ipv4_mapped().is_none() => {
                let network = u128::from(address) & !u128::from(u64::MAX);
                format!("{}/64", Ipv6Addr::from(network))
            }
            _ => self.address.clone(),
        }
    }
}

/// A row of the table.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SessionRow {
    username: Username,
    /// The digest.
    id: String,
    /// An older version may have stored a name that breaks today's rules.
    display_name: String,
    created: Timestamp,
    last_seen: Timestamp,
    #[serde(with = "seconds")]
    expires: Timestamp,
    #[serde(flatten)]
    device: Device,
}

impl From<&Session> for SessionRow {
    fn from(session: &Session) -> Self {
        let Session { id, display_name, created, last_seen, expires, device } = session.clone();
        let (username, id) = (id.username().clone(), id.digest().to_owned());
        Self { username, id, display_name: display_name.into(), created, last_seen, expires, device }
    }
}

impl TryFrom<SessionRow> for Session {
    type Error = serde_dynamo::Error;

    fn try_from(row: SessionRow) -> Result<Self, Self::Error> {
        let SessionRow { username, id, display_name, created, last_seen, expires, device } = row;
        let display_name = DisplayName::stored(&display_name, &username);
        let id = SessionId::of(username, &id).map_err(serde::de::Error::custom)?;
        Ok(Self { id, display_name, created, last_seen, expires, device })
    }
}

/// The table of sessions. A user's sessions are one partition, so that a consistent query lists them all.
#[derive(Debug, Clone)]
pub struct Sessions {
    client: Client,
    table: String,
    /// The table of accounts, whose rows say when their users were last seen.
    users: Option<String>,
    /// The most sessions of an account.
    most: usize,
}

impl Sessions {
    /// Creates the store of the sessions in `table`.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into(), users: None, most: Session::MOST }
    }

    /// Also records the use of sessions in the rows of their accounts in `table`, for administrators.
    #[must_use]
    pub fn recording_in(self, table: impl Into<String>) -> Self {
        Self { users: Some(table.into()), ..self }
    }

    /// Limits the sessions of an account: at least one, and at most [`Session::MOST`].
    #[must_use]
    pub fn at_most(self, sessions: usize) -> Self {
        Self { most: sessions.clamp(1, Session::MOST), ..self }
    }

    /// Returns the most sessions of an account.
    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// Creates a session with a new token, and the part of a transaction that writes it.
    pub(crate) fn begin(
        &self,
        user: &User,
        device: &Device,
    ) -> Result<(SessionToken, Session, TransactWriteItem), StoreError> {
        let (token, session) = Session::begin(user, device);
        let put = Put::builder().table_name(&self.table).set_item(Some(to_item(SessionRow::from(&session))?));
        Ok((token, session, TransactWriteItem::builder().put(put.build()?).build()))
    }

    /// Builds the part of a transaction that deletes a session.
    pub(crate) fn delete_item(
        &self,
        username: &Username,
        digest: &str,
    ) -> Result<TransactWriteItem, StoreError> {
        let delete =
            Delete::builder().table_name(&self.table).set_key(Some(SESSIONS.key(&[username, &digest])));
        Ok(TransactWriteItem::builder().delete(delete.build()?).build())
    }

    /// Finds the session of a token, unless it has ended, and records its use. One request, and two more if the last
    /// record is older than [`Session::PRECISION`].
    ///
    /// # Errors
    /// If the table fails.
    pub async fn find(
        &self,
        token: &SessionToken,
        device: Option<&Device>,
    ) -> Result<Option<Session>, StoreError> {
        match self.find_by_id(&token.id()).await? {
            Some(session) => self.record(session, device).await,
            None => Ok(None),
        }
    }

    /// Records the use of a session that was found, if the last record is older than [`Session::PRECISION`]. Returns
    /// `None` if the session has ended in the meantime. No request, or two.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn record(
        &self,
        session: Session,
        device: Option<&Device>,
    ) -> Result<Option<Session>, StoreError> {
        if session.last_seen.saturating_add(Session::PRECISION) <= Timestamp::now() {
            self.touch(session, device).await
        } else {
            Ok(Some(session))
        }
    }

    /// Finds a session by its id, unless it has ended. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn find_by_id(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(Self::key_of(id)))
            // A sign-in and a sign-out take effect at once.
            .consistent_read(true);
        Ok(get.send().await?.item.map(Self::read).transpose()?.flatten())
    }

    /// Reads a row. `None` if its session has ended.
    pub(crate) fn read(row: Row) -> Result<Option<Session>, StoreError> {
        let session = Session::try_from(from_item::<SessionRow>(row)?)?;
        Ok((session.expires > Timestamp::now()).then_some(session))
    }

    /// Returns the name of the table.
    pub(crate) fn table(&self) -> &str {
        &self.table
    }

    /// Returns the key of a session's row.
    pub(crate) fn key_of(id: &SessionId) -> Row {
        SESSIONS.key(&[id.username(), &id.digest()])
    }

    /// Records the use of a session, unless it has ended in the meantime.
    async fn touch(&self, session: Session, device: Option<&Device>) -> Result<Option<Session>, StoreError> {
        let now = Timestamp::now();
        let expires = end(session.created, now);
        let device = device.unwrap_or(&session.device).clone();
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Self::key_of(&session.id)))
            .condition_expression("attribute_exists(id)")
            .update_expression("SET lastSeen = :now, expires = :expires, address = :address, #agent = :agent")
            .expression_attribute_names("#agent", "agent")
            .expression_attribute_values(":now", text(&now))
            .expression_attribute_values(":expires", number(&expires.as_second()))
            .expression_attribute_values(":address", text(&device.address))
            .expression_attribute_values(":agent", text(&device.agent));
        match update.send().await.map_err(Error::from) {
            Ok(_) => {
                self.record_use(session.username(), now).await;
                Ok(Some(Session { last_seen: now, expires, device, ..session }))
            }
            Err(Error::ConditionalCheckFailedException(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Records when a user was last seen. A failure is only logged: the next use records it again.
    async fn record_use(&self, username: &Username, now: Timestamp) {
        let Some(users) = &self.users else { return };
        let update = self
            .client
            .update_item()
            .table_name(users)
            .set_key(Some(USERS.key(&[username])))
            .condition_expression("attribute_exists(displayName)")
            .update_expression("SET lastSeen = :now")
            .expression_attribute_values(":now", text(&now));
        if let Err(error) = update.send().await {
            let error = StoreError::from(error);
            tracing::warn!(%error, "the last use of an account was not recorded: {error}");
        }
    }

    /// Returns a user's sessions, the last used first: at most [`Session::MOST`]. One query.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn of(&self, username: &Username) -> Result<Vec<Session>, StoreError> {
        let rows: Vec<SessionRow> =
            self.rows(username, None).await?.into_iter().map(from_item).collect::<Result<_, _>>()?;
        let mut sessions: Vec<Session> = rows.into_iter().map(Session::try_from).collect::<Result<_, _>>()?;
        sessions.retain(|session| session.expires > Timestamp::now());
        sessions.sort_by_key(|session| std::cmp::Reverse(session.last_seen));
        sessions.truncate(Session::MOST);
        Ok(sessions)
    }

    /// Ends a session, and returns whether it existed. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn end(&self, id: &SessionId) -> Result<bool, StoreError> {
        let delete = self.client.delete_item().table_name(&self.table).set_key(Some(Self::key_of(id)));
        Ok(delete.return_values(ReturnValue::AllOld).send().await?.attributes.is_some())
    }

    /// Ends all sessions of a user, except `but`. One query, and one request per hundred sessions. Another call ends
    /// what this one left.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn end_all(&self, username: &Username, but: Option<&SessionId>) -> Result<(), StoreError> {
        let mut digests = self.digests(username).await?;
        digests.retain(|digest| but.is_none_or(|but| but.digest() != digest));
        self.end_each(username, &digests).await
    }

    /// Ends all sessions of a user except `left`, and returns the parts of a transaction that end those. `last` is
    /// among them. One query, and one request per hundred sessions.
    pub(crate) async fn end_all_beyond(
        &self,
        left: usize,
        last: &SessionId,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let username = last.username();
        let mut digests = self.digests(username).await?;
        digests.retain(|digest| digest != last.digest());
        let beyond = digests.split_off(digests.len().min(left - 1));
        self.end_each(username, &beyond).await?;
        digests
            .iter()
            .map(String::as_str)
            .chain([last.digest()])
            .map(|it| self.delete_item(username, it))
            .collect()
    }

    /// Ends all sessions of a user except `left`, and returns the parts of a transaction that end those. One query, and
    /// one request per hundred sessions.
    pub(crate) async fn end_most_of(
        &self,
        username: &Username,
        left: usize,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut digests = self.digests(username).await?;
        let beyond = digests.split_off(digests.len().min(left));
        self.end_each(username, &beyond).await?;
        digests.iter().map(|digest| self.delete_item(username, digest)).collect()
    }

    async fn end_each(&self, username: &Username, digests: &[String]) -> Result<(), StoreError> {
        for batch in digests.chunks(BATCH) {
            let parts =
                batch.iter().map(|digest| self.delete_item(username, digest)).collect::<Result<_, _>>()?;
            self.client.transact_write_items().set_transact_items(Some(parts)).send().await?;
        }
        Ok(())
    }

    /// Reads the digests of all sessions of a user.
    async fn digests(&self, username: &Username) -> Result<Vec<String>, StoreError> {
        #[derive(Deserialize)]
        struct Keyed {
            id: String,
        }
        let rows = self.rows(username, Some("id")).await?.into_iter();
        Ok(rows.map(|row| from_item(row).map(|Keyed { id }| id)).collect::<Result<_, _>>()?)
    }

    async fn rows(&self, username: &Username, attributes: Option<&str>) -> Result<Vec<Row>, StoreError> {
        let rows = SESSIONS
            .query(&self.client, &self.table, username)
            .set_projection_expression(attributes.map(str::to_owned))
            .into_paginator()
            .items();
        Ok(rows.send().try_collect().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_an_ipv4_address_or_a_64() {
        for (address, network) in [
            ("203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("::ffff:203.0.113.7", "::ffff:203.0.113.7"),
            ("", ""),
        ] {
            assert_eq!(Device::new(address, "").network(), network);
        }
    }
}
