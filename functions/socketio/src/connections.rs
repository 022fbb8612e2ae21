//! The Connections table: which connection is in which room.
//!
//! | row | `room` | `connectionId` | holds |
//! |---|---|---|---|
//! | a connection | its own id | its id | `engine`, `session`, `rooms`, `expires` |
//! | a socket in a room | `/home#0` | its connection's id | `socket`, `expires` |
//! | a room's counter | `/home` | `revision` | `value` |
//!
//! A connection's own row names every partition that has a row of it, and is written with that row in one transaction
//! ([`Connections::join`]). It is the first to go ([`Connections::remove`]): without it no join can succeed any more,
//! so no row of a room comes after the list was taken. If a removal dies half-way, what is left answers 410 at the
//! next push and is taken away then, or by TTL.

use std::collections::{BTreeSet, HashMap};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, ReturnValue, TransactWriteItem, Update};
use engineioxide_core::Sid;
use futures_util::future::{try_join, try_join_all};
use serde::{Deserialize, Serialize};

use crate::room::Room;
use crate::{ConnectionId, Error};

/// The index from a session to its connections: sparse, keys only, and a moment behind.
const BY_SESSION: &str = "by-session";
/// The sort key of a room's counter.
const REVISION: &str = "revision";

/// Where the numbered lists of a room stand. Who has seen a higher one has seen a later truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(u64);

impl Revision {
    /// The number, to be sent along with what was read after it.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

/// A connection's own row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// The connection's id, again: a connection is the one member of its own room.
    room: ConnectionId,
    /// The connection's id.
    pub connection_id: ConnectionId,
    /// Its Engine.IO session id, which the open packet tells the client.
    pub(crate) engine: Sid,
    /// The session that it was opened with, by the application's name for it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub session: Option<String>,
    /// The partitions in which it has rows.
    #[serde(with = "serde_dynamo::string_set", skip_serializing_if = "BTreeSet::is_empty", default)]
    rooms: BTreeSet<String>,
    /// When it ends at the latest, in seconds since 1970: the table's TTL attribute.
    pub expires: u64,
}

impl Connection {
    /// A connection that has just been opened.
    pub(crate) fn opened(id: ConnectionId, session: Option<String>, expires: u64) -> Self {
        let engine = Sid::new();
        Self { room: id.clone(), connection_id: id, engine, session, rooms: BTreeSet::new(), expires }
    }

    /// Reads a connection from the image in a record of the table's stream.
    pub fn from_image(image: serde_dynamo::Item) -> Result<Self, Error> {
        Ok(serde_dynamo::from_item(image)?)
    }

    /// Whether its time is over. TTL may take hours to sweep the row.
    pub(crate) fn has_expired(&self) -> bool {
        self.expires <= now()
    }

    fn is_in(&self, partition: &str) -> bool {
        self.rooms.contains(partition)
    }
}

/// A socket in a room, as a broadcaster needs it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Member {
    /// The partition that its row is in.
    #[serde(rename = "room")]
    pub(crate) partition: String,
    pub(crate) connection_id: ConnectionId,
    expires: u64,
}

impl Member {
    pub(crate) fn has_expired(&self) -> bool {
        self.expires <= now()
    }
}

/// The Connections table.
#[derive(Debug, Clone)]
pub struct Connections {
    client: Client,
    table: String,
    shards: u16,
}

impl Connections {
    /// Works on `table`, with each room over `shards` partitions (1 to 256).
    ///
    /// Every function must be told the same number. Lowered, it hides sockets that joined before.
    pub fn new(client: Client, table: impl Into<String>, shards: u16) -> Self {
        Self { client, table: table.into(), shards: shards.clamp(1, 256) }
    }

    /// Opens the connection to DynamoDB, so that no client waits for it. Reads a row that is not there.
    pub async fn warm_up(&self) {
        let _ = self.find(&ConnectionId::new("-")).await;
    }

    /// Writes a connection's own row. Its record in the table's stream is what greets the client.
    pub(crate) async fn open(&self, connection: &Connection) -> Result<(), Error> {
        let item = serde_dynamo::to_item(connection)?;
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map_err(Error::store)?;
        Ok(())
    }

    /// A connection's own row, strongly consistent; `None` once it is gone.
    pub(crate) async fn find(&self, id: &ConnectionId) -> Result<Option<Connection>, Error> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(key(id.as_str(), id)));
        let found = get.consistent_read(true).send().await.map_err(Error::store)?;
        Ok(found.item.map(serde_dynamo::from_item).transpose()?)
    }

    /// Whether a connection has a row in a room.
    pub(crate) fn is_member(&self, connection: &Connection, room: &Room) -> bool {
        connection.is_in(&room.partition(&connection.connection_id, self.shards))
    }

    /// Puts a connection into a room; [`Error::Gone`] if it has no row of its own any more.
    pub(crate) async fn join(&self, connection: &Connection, room: &Room, socket: Sid) -> Result<(), Error> {
        let id = &connection.connection_id;
        let partition = room.partition(id, self.shards);
        let mut row = key(&partition, id);
        row.insert("socket".to_owned(), AttributeValue::S(socket.to_string()));
        row.insert("expires".to_owned(), AttributeValue::N(connection.expires.to_string()));
        let put = Put::builder().table_name(&self.table).set_item(Some(row)).build().map_err(Error::store)?;
        self.write_both(id, "ADD rooms :partition", partition, TransactWriteItem::builder().put(put).build())
            .await
    }

    /// Takes a connection out of a room.
    pub(crate) async fn leave(&self, id: &ConnectionId, room: &Room) -> Result<(), Error> {
        let partition = room.partition(id, self.shards);
        let row = Some(key(&partition, id));
        let delete = Delete::builder().table_name(&self.table).set_key(row).build().map_err(Error::store)?;
        let delete = TransactWriteItem::builder().delete(delete).build();
        match self.write_both(id, "DELETE rooms :partition", partition, delete).await {
            // Its rows went with it.
            Err(Error::Gone) => Ok(()),
            done => done,
        }
    }

    /// Writes a row of a room and the connection's own list of such rows, both or neither.
    async fn write_both(
        &self,
        id: &ConnectionId,
        list: &str,
        partition: String,
        row: TransactWriteItem,
    ) -> Result<(), Error> {
        let list = Update::builder()
            .table_name(&self.table)
            .set_key(Some(key(id.as_str(), id)))
            .update_expression(list)
            .condition_expression("attribute_exists(connectionId)")
            .expression_attribute_values(":partition", AttributeValue::Ss(vec![partition]))
            .build()
            .map_err(Error::store)?;
        let list = TransactWriteItem::builder().update(list).build();
        let write = self.client.transact_write_items().transact_items(list).transact_items(row);
        match write.send().await.map_err(SdkError::into_service_error) {
            Ok(_) => Ok(()),
            Err(error) if has_no_own_row(&error) => Err(Error::Gone),
            Err(error) => Err(Error::store(error)),
        }
    }

    /// Takes a connection away, with all its rows. Repeating it does no harm.
    pub(crate) async fn remove(&self, id: &ConnectionId) -> Result<(), Error> {
        let own = self.client.delete_item().table_name(&self.table).set_key(Some(key(id.as_str(), id)));
        let gone = own.return_values(ReturnValue::AllOld).send().await.map_err(Error::store)?;
        let Some(row) = gone.attributes else { return Ok(()) };
        let connection: Connection = serde_dynamo::from_item(row)?;
        try_join_all(connection.rooms.iter().map(|partition| self.forget(partition, id))).await?;
        Ok(())
    }

    /// Takes a member away whose connection was found to be gone, even if its own row went before.
    pub(crate) async fn remove_member(&self, member: &Member) -> Result<(), Error> {
        try_join(self.forget(&member.partition, &member.connection_id), self.remove(&member.connection_id))
            .await?;
        Ok(())
    }

    async fn forget(&self, partition: &str, id: &ConnectionId) -> Result<(), Error> {
        let delete = self.client.delete_item().table_name(&self.table).set_key(Some(key(partition, id)));
        delete.send().await.map_err(Error::store)?;
        Ok(())
    }

    /// All sockets of a room, strongly consistent: who joined before this read is in it. One query a partition.
    pub(crate) async fn members(&self, room: &Room) -> Result<Vec<Member>, Error> {
        let partitions = room.partitions(self.shards).map(|partition| self.members_of(partition));
        Ok(try_join_all(partitions).await?.concat())
    }

    async fn members_of(&self, partition: String) -> Result<Vec<Member>, Error> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("room = :room")
            .projection_expression("room, connectionId, expires")
            .expression_attribute_values(":room", AttributeValue::S(partition));
        let rows = query.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        Ok(serde_dynamo::from_items(rows.map_err(Error::store)?)?)
    }

    /// The connections that were opened with a session.
    ///
    /// The index is a moment behind: a connection opened in that moment is missed here, and refused when it wants
    /// into a namespace, which is when its session is looked up again.
    pub(crate) async fn of_session(&self, session: &str) -> Result<Vec<ConnectionId>, Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Row {
            connection_id: ConnectionId,
        }
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(BY_SESSION)
            .key_condition_expression("#session = :session")
            .expression_attribute_names("#session", "session") // a reserved word
            .expression_attribute_values(":session", AttributeValue::S(session.to_owned()));
        let rows = query.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        let rows: Vec<Row> = serde_dynamo::from_items(rows.map_err(Error::store)?)?;
        Ok(rows.into_iter().map(|row| row.connection_id).collect())
    }

    /// Takes the next revision of a room: for a list that is read after this, and pushed to all.
    pub(crate) async fn next_revision(&self, room: &Room) -> Result<Revision, Error> {
        let count = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(counter_key(room)))
            .update_expression("ADD #value :one")
            .expression_attribute_names("#value", "value") // a reserved word
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::UpdatedNew);
        let counted = count.send().await.map_err(Error::store)?;
        revision(counted.attributes)
    }

    /// The current revision of a room, strongly consistent: for a list that is read after this, for one socket.
    pub(crate) async fn revision(&self, room: &Room) -> Result<Revision, Error> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(counter_key(room)));
        let counter = get.consistent_read(true).send().await.map_err(Error::store)?;
        revision(counter.item)
    }
}

/// Now, in seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn key(room: &str, id: &ConnectionId) -> HashMap<String, AttributeValue> {
    HashMap::from([
        ("room".to_owned(), AttributeValue::S(room.to_owned())),
        ("connectionId".to_owned(), AttributeValue::S(id.as_str().to_owned())),
    ])
}

fn counter_key(room: &Room) -> HashMap<String, AttributeValue> {
    key(room.counter(), &ConnectionId::new(REVISION))
}

/// Reads a counter's row. A room in which nothing was pushed yet has none.
fn revision(row: Option<HashMap<String, AttributeValue>>) -> Result<Revision, Error> {
    #[derive(Deserialize)]
    struct Counter {
        value: Revision,
    }
    match row {
        None => Ok(Revision(0)),
        Some(row) => Ok(serde_dynamo::from_item::<_, Counter>(row)?.value),
    }
}

/// Whether a transaction was cancelled because a connection has no row of its own.
fn has_no_own_row(error: &TransactWriteItemsError) -> bool {
    matches!(error, TransactWriteItemsError::TransactionCanceledException(cancelled)
        if cancelled.cancellation_reasons().iter().any(|why| why.code() == Some("ConditionalCheckFailed")))
}

#[cfg(test)]
mod tests;
