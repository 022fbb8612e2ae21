//! The Connections table: which connection is in which room.
//!
//! | row | `room` | `connectionId` | holds |
//! |---|---|---|---|
//! | a connection | its own id | its id | `engine`, `opened`, `session`, `query`, `sockets`, `left`, `rooms`, `refusals`, `ends`, `expires` |
//! | a socket in a namespace | `/home#0` | its connection's id | `socket`, `data`, `expires` |
//! | a socket in a room | `/notes,shopping#0` | its connection's id | `socket`, `data`, `expires` |
//! | the counter of a namespace or a room | `#/home`, `#/home,team` | `revision` | `value` |
//!
//! `query` and `data` are strings of JSON: DynamoDB's own maps hold less than JSON does. A connection that is in no namespace
//! yet expires soon; with its first one it gets the time until its end.
//!
//! A connection's own row lists every partition that contains a row of it. One transaction writes both
//! ([`Connections::enter`], [`Connections::join`]). [`Connections::remove`] deletes the own row first: without it no join
//! succeeds any more, so no row of a room follows. If a removal fails half-way, posts to the remaining rows get 410 at the next
//! push, and are deleted then, or by TTL.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Put, ReturnValue, TransactWriteItem, Update};
use engineioxide_core::Sid;
use futures_util::future::try_join_all;
use serde::Deserialize;
use serde_json::Value;

use crate::conflicts::{failed_condition, ignoring_conditions, is_condition};
use crate::connection::{Connection, Joined};
use crate::entry::Entry;
use crate::room::Room;
use crate::{ConnectionId, Error, clock};

/// The keys of the Connections table, as this library uses them.
pub const CONNECTIONS_TABLE: TableShape = TableShape {
    partition_key: "room",
    sort_key: "connectionId",
    session_index: IndexShape { name: "by-session", partition_key: "session" },
    ttl: "expires",
};

/// The keys of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableShape {
    /// The attribute that is the partition key.
    pub partition_key: &'static str,
    /// The attribute that is the sort key.
    pub sort_key: &'static str,
    /// The index from a session to its connections. It is sparse, eventually consistent, and needs keys only.
    ///
    /// Applications without sessions do not need it.
    pub session_index: IndexShape,
    /// The attribute with the time at which a row expires, in seconds since 1970.
    pub ttl: &'static str,
}

/// The name and the key of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexShape {
    /// The index's name.
    pub name: &'static str,
    /// The attribute that is the partition key.
    pub partition_key: &'static str,
}

/// The most rooms of a connection, namespaces included. Its own row lists them all.
const MAX_ROOMS: usize = 256;
/// The attribute with a socket's data. The name is a reserved word of DynamoDB.
pub(crate) const DATA: &str = "data";

/// The Connections table.
#[derive(Debug, Clone)]
pub(crate) struct Connections {
    pub(crate) client: Client,
    pub(crate) table: String,
    pub(crate) shards: u16,
}

impl Connections {
    /// Creates a client of `table`, with each room in `shards` partitions (1 to 256).
    pub(crate) fn new(client: &Client, table: String, shards: u16) -> Self {
        Self { client: client.clone(), table, shards: shards.clamp(1, 256) }
    }

    /// Opens the connection to DynamoDB by reading a row that does not exist.
    pub(crate) async fn warm_up(&self) -> Result<(), Error> {
        self.find(&ConnectionId::new("-")).await.map(drop)
    }

    /// Writes a connection's own row. Its stream record triggers the open packet.
    pub(crate) async fn open(&self, connection: &Connection) -> Result<(), Error> {
        let item = serde_dynamo::to_item(connection)?;
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map_err(Error::store)?;
        Ok(())
    }

    /// Notes that the open packet of a connection was sent. A connection that is gone needs no note.
    pub(crate) async fn mark_open_packet_sent(&self, id: &ConnectionId) -> Result<(), Error> {
        let mark = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(id.as_str(), id)))
            .update_expression("SET openPacketSent = :sent")
            .condition_expression("attribute_exists(engine)")
            .expression_attribute_values(":sent", AttributeValue::Bool(true));
        mark.send().await.map(drop).or_else(ignoring_conditions)
    }

    /// Reads a connection's own row, strongly consistent. `None` if the connection is gone.
    pub(crate) async fn find(&self, id: &ConnectionId) -> Result<Option<Connection>, Error> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(key(id.as_str(), id)));
        let found = get.consistent_read(true).send().await.map_err(Error::store)?;
        Ok(found.item.map(serde_dynamo::from_item).transpose()?)
    }

    /// Adds a connection's socket to a namespace, and to the rooms of its entry. It replaces a former socket of that
    /// namespace.
    ///
    /// Frames of one connection may be handled in parallel, and in another order than they were sent. So this
    /// overwrites only the state that `connection` describes. It is [`Error::NotInNamespace`] if that state has
    /// changed: read again. It is [`Error::Gone`] if the connection has no row, and [`Error::Condition`] if a condition of
    /// the entry does not hold.
    pub(crate) async fn enter(
        &self,
        connection: &Connection,
        namespace: &str,
        joined: &Joined,
        entry: &Entry,
    ) -> Result<(), Error> {
        let (mut rooms, conditions) = entry.content();
        rooms.push(Room::of_namespace(namespace));
        let former = connection.sockets.get(namespace);
        let list = self
            .list(connection.id())
            .update_expression("SET sockets.#namespace = :joined, expires = :ends ADD rooms :partitions")
            .expression_attribute_names("#namespace", namespace)
            .expression_attribute_values(":ends", AttributeValue::N(connection.ends.to_string()))
            .expression_attribute_values(":joined", serde_dynamo::to_attribute_value(joined)?);
        let list = match former {
            None => list.condition_expression(
                "attribute_exists(connectionId) AND attribute_not_exists(sockets.#namespace)",
            ),
            Some(former) => list
                .condition_expression("sockets.#namespace.id = :former")
                .expression_attribute_values(":former", AttributeValue::S(former.id.to_string())),
        };
        self.write_all(connection, &rooms, (joined.id, &joined.data), list, conditions).await?;
        if let Some(former) = former {
            self.clear_rooms(connection.id(), namespace, former, joined, &rooms).await?;
        }
        Ok(())
    }

    /// Adds a socket, with its data, to a room of its namespace.
    ///
    /// It is [`Error::NotInNamespace`] if the socket has left the namespace, [`Error::TooManyRooms`] if its connection has
    /// reached the limit, and [`Error::Condition`] if the condition does not hold.
    pub(crate) async fn join(
        &self,
        connection: &Connection,
        namespace: &str,
        socket: (Sid, &Value),
        room: &Room,
        condition: Option<ConditionCheck>,
    ) -> Result<(), Error> {
        let list = self
            .list(connection.id())
            .update_expression("ADD rooms :partitions")
            .condition_expression(
                "sockets.#namespace.id = :socket AND (size(rooms) < :most OR contains(rooms, :this))",
            )
            .expression_attribute_names("#namespace", namespace)
            .expression_attribute_values(":socket", AttributeValue::S(socket.0.to_string()))
            .expression_attribute_values(":most", AttributeValue::N(MAX_ROOMS.to_string()))
            .expression_attribute_values(
                ":this",
                AttributeValue::S(room.partition(connection.id(), self.shards)),
            );
        let rooms = std::slice::from_ref(room);
        self.write_all(connection, rooms, socket, list, condition.into_iter().collect()).await
    }

    /// Removes a socket from a room.
    ///
    /// If this fails half-way, the connection's row lists a row that does not exist, which does no harm.
    pub(crate) async fn leave(&self, id: &ConnectionId, socket: Sid, room: &Room) -> Result<(), Error> {
        let partition = room.partition(id, self.shards);
        self.forget_socket(&partition, id, socket).await?;
        let list = self
            .unlist(id, vec![partition])
            .update_expression("DELETE rooms :partitions")
            .condition_expression("attribute_exists(connectionId)");
        list.send().await.map(drop).or_else(ignoring_conditions)
    }

    /// Removes a connection's socket from a namespace and all its rooms, unless another socket has replaced it.
    ///
    /// `left` is the time at which the client left, if it left by itself.
    pub(crate) async fn exit(
        &self,
        connection: &Connection,
        namespace: &str,
        left: Option<i64>,
    ) -> Result<(), Error> {
        let Some(joined) = connection.sockets.get(namespace) else { return Ok(()) };
        let id = connection.id();
        let partitions = connection.partitions_within(namespace);
        try_join_all(partitions.iter().map(|partition| self.forget_socket(partition, id, joined.id))).await?;
        let at = left.or(connection.left.get(namespace).copied()).unwrap_or_default();
        let list = self
            .unlist(id, partitions)
            .update_expression(
                "SET #left.#namespace = :left REMOVE sockets.#namespace DELETE rooms :partitions",
            )
            .condition_expression("sockets.#namespace.id = :socket")
            // A reserved word.
            .expression_attribute_names("#left", "left")
            .expression_attribute_names("#namespace", namespace)
            .expression_attribute_values(":left", AttributeValue::N(at.to_string()))
            .expression_attribute_values(":socket", AttributeValue::S(joined.id.to_string()));
        list.send().await.map(drop).or_else(ignoring_conditions)
    }

    /// Removes a former socket from its rooms, after another socket replaced it. The former socket can join no more
    /// rooms, and the new one is in `rooms` only.
    async fn clear_rooms(
        &self,
        id: &ConnectionId,
        namespace: &str,
        former: &Joined,
        joined: &Joined,
        rooms: &[Room],
    ) -> Result<(), Error> {
        let Some(connection) = self.find(id).await? else { return Err(Error::Gone) };
        let own: Vec<_> = rooms.iter().map(|room| room.partition(id, self.shards)).collect();
        let mut partitions = connection.partitions_within(namespace);
        partitions.retain(|partition| !own.contains(partition));
        if partitions.is_empty() {
            return Ok(());
        }
        try_join_all(partitions.iter().map(|partition| self.forget_socket(partition, id, former.id))).await?;
        let list = self
            .unlist(id, partitions)
            .update_expression("DELETE rooms :partitions")
            .condition_expression("sockets.#namespace.id = :socket")
            .expression_attribute_names("#namespace", namespace)
            .expression_attribute_values(":socket", AttributeValue::S(joined.id.to_string()));
        list.send().await.map(drop).or_else(ignoring_conditions)
    }

    /// Builds an update of a connection's own row, as part of a transaction.
    fn list(&self, id: &ConnectionId) -> UpdateBuilder {
        Update::builder().table_name(&self.table).set_key(Some(key(id.as_str(), id)))
    }

    /// Builds an update that removes partitions from a connection's own row.
    fn unlist(&self, id: &ConnectionId, partitions: Vec<String>) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(id.as_str(), id)))
            .expression_attribute_values(":partitions", AttributeValue::Ss(partitions))
    }

    /// Writes rows of rooms, and the update of the connection's own row that lists them, in one transaction with
    /// conditions.
    async fn write_all(
        &self,
        connection: &Connection,
        rooms: &[Room],
        (socket, data): (Sid, &Value),
        list: UpdateBuilder,
        conditions: Vec<ConditionCheck>,
    ) -> Result<(), Error> {
        let id = connection.id();
        let partitions: Vec<_> = rooms.iter().map(|room| room.partition(id, self.shards)).collect();
        let rows = partitions.iter().map(|partition| {
            let mut row = key(partition, id);
            row.insert("socket".to_owned(), AttributeValue::S(socket.to_string()));
            row.insert("expires".to_owned(), AttributeValue::N(connection.ends.to_string()));
            if !data.is_null() {
                row.insert(DATA.to_owned(), AttributeValue::S(data.to_string()));
            }
            let put = Put::builder().table_name(&self.table).set_item(Some(row)).build()?;
            Ok(TransactWriteItem::builder().put(put).build())
        });
        let rows = rows.collect::<Result<Vec<_>, BuildError>>().map_err(Error::store)?;
        let list = list
            .expression_attribute_values(":partitions", AttributeValue::Ss(partitions))
            .build()
            .map_err(Error::store)?;
        let mut items = vec![TransactWriteItem::builder().update(list).build()];
        items.extend(rows);
        let own = items.len();
        items.extend(
            conditions.into_iter().map(|it| TransactWriteItem::builder().condition_check(it).build()),
        );
        let write = self.client.transact_write_items().set_transact_items(Some(items));
        let Err(error) = write.send().await.map_err(aws_sdk_dynamodb::Error::from) else { return Ok(()) };
        match failed_condition(&error) {
            None => Err(Error::store(error)),
            Some(item) if item >= own => Err(Error::Condition),
            // The connection's own row says which condition failed.
            Some(_) => match self.find(id).await? {
                Some(now) if now.holds(socket) && now.rooms.len() >= MAX_ROOMS => Err(Error::TooManyRooms),
                Some(_) => Err(Error::NotInNamespace),
                None => Err(Error::Gone),
            },
        }
    }

    /// Counts a CONNECT that was refused, and returns the number of refusals.
    ///
    /// It is [`Error::Gone`] if the connection has no row, or has expired.
    pub(crate) async fn count_refusal(&self, id: &ConnectionId) -> Result<u64, Error> {
        #[derive(Deserialize)]
        struct Counted {
            refusals: u64,
        }
        let count = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(id.as_str(), id)))
            .update_expression("ADD refusals :one")
            .condition_expression("expires > :now")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .expression_attribute_values(":now", AttributeValue::N(clock::now().to_string()))
            .return_values(ReturnValue::UpdatedNew);
        match count.send().await.map_err(aws_sdk_dynamodb::Error::from) {
            Ok(counted) => {
                let counted: Counted = serde_dynamo::from_item(counted.attributes.unwrap_or_default())?;
                Ok(counted.refusals)
            }
            Err(error) if is_condition(&error) => Err(Error::Gone),
            Err(error) => Err(Error::store(error)),
        }
    }

    /// Deletes all rows of a connection, and returns what it was. Calling it again does no harm.
    pub(crate) async fn remove(&self, id: &ConnectionId) -> Result<Option<Connection>, Error> {
        let own = self.client.delete_item().table_name(&self.table).set_key(Some(key(id.as_str(), id)));
        let own = own.return_values(ReturnValue::AllOld);
        let gone = own.send().await.map_err(Error::store)?;
        let Some(row) = gone.attributes else { return Ok(None) };
        let connection: Connection = serde_dynamo::from_item(row)?;
        try_join_all(connection.rooms.iter().map(|partition| self.forget(partition, id))).await?;
        Ok(Some(connection))
    }

    /// Deletes a row of a room, whichever socket it belongs to.
    pub(crate) async fn forget(&self, partition: &str, id: &ConnectionId) -> Result<(), Error> {
        let delete = self.client.delete_item().table_name(&self.table).set_key(Some(key(partition, id)));
        delete.send().await.map_err(Error::store)?;
        Ok(())
    }

    /// Deletes a row of a room if it belongs to this socket.
    async fn forget_socket(&self, partition: &str, id: &ConnectionId, socket: Sid) -> Result<(), Error> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key(partition, id)))
            .condition_expression("socket = :socket")
            .expression_attribute_values(":socket", AttributeValue::S(socket.to_string()));
        delete.send().await.map(drop).or_else(ignoring_conditions)
    }
}

/// Returns the key of a row.
pub(crate) fn key(room: &str, id: &ConnectionId) -> HashMap<String, AttributeValue> {
    let TableShape { partition_key, sort_key, .. } = CONNECTIONS_TABLE;
    HashMap::from([
        (partition_key.to_owned(), AttributeValue::S(room.to_owned())),
        (sort_key.to_owned(), AttributeValue::S(id.as_str().to_owned())),
    ])
}

#[cfg(test)]
mod tests;
