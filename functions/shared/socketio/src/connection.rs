//! A connection's own row, and its sockets.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws_lambda_events::dynamodb::EventRecord;
use engineioxide_core::Sid;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::handshake::Session;
use crate::json::as_string;
use crate::room::Room;
use crate::{ConnectionId, Error, clock, json};

/// The most bytes of JSON that the sockets of a connection keep together. They all stand in one row.
pub(crate) const MAX_DATA: usize = 32 * 1024;

/// A connection's own row: what a server would keep in memory of a client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// The connection's id, again: a connection is the one member of its own room.
    room: ConnectionId,
    /// The connection's id.
    #[serde(rename = "connectionId")]
    id: ConnectionId,
    /// Its Engine.IO session id, which the open packet tells the client.
    pub(crate) engine: Sid,
    /// The session that it was opened with, by the application's name for it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) session: Option<String>,
    /// When the gateway opened it, in milliseconds since 1970.
    #[serde(default)]
    pub(crate) opened: i64,
    /// The parameters of the handshake's query that the server keeps.
    #[serde(with = "as_string", skip_serializing_if = "BTreeMap::is_empty", default)]
    pub(crate) query: BTreeMap<String, String>,
    /// Its sockets, by namespace.
    #[serde(default)]
    pub(crate) sockets: BTreeMap<String, Joined>,
    /// The namespaces that its client left, and when the gateway received the last DISCONNECT from each, in milliseconds
    /// since 1970. What it received before was still meant for the namespace.
    #[serde(default)]
    pub(crate) left: BTreeMap<String, i64>,
    /// The partitions in which it has rows.
    #[serde(with = "serde_dynamo::string_set", skip_serializing_if = "BTreeSet::is_empty", default)]
    pub(crate) rooms: BTreeSet<String>,
    /// When it ends at the latest, in seconds since 1970.
    #[serde(default)]
    pub(crate) ends: u64,
    /// When its row is of no use any more: the table's TTL attribute. Until it comes into a namespace it has little time;
    /// from then on it is as late as its end.
    pub(crate) expires: u64,
}

/// A socket: a connection's place in a namespace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Joined {
    /// The socket's id, as its client knows it.
    pub(crate) id: Sid,
    /// When the gateway received its CONNECT, in milliseconds since 1970. What the gateway received before was meant
    /// for a former socket of the same connection and namespace.
    #[serde(default)]
    pub(crate) at: i64,
    /// What the application keeps with it.
    #[serde(with = "as_string", skip_serializing_if = "Value::is_null", default)]
    pub(crate) data: Value,
}

impl Connection {
    /// A connection that has just been opened.
    pub(crate) fn opened(
        id: ConnectionId,
        opened: i64,
        session: Option<Session>,
        query: BTreeMap<String, String>,
        ends: u64,
        connect_timeout: Duration,
    ) -> Self {
        Self {
            room: id.clone(),
            id,
            engine: Sid::new(),
            session: session.map(|session| session.id),
            opened,
            query,
            sockets: BTreeMap::new(),
            left: BTreeMap::new(),
            rooms: BTreeSet::new(),
            ends,
            expires: ends.min(clock::now().saturating_add(connect_timeout.as_secs())),
        }
    }

    /// Reads a connection from a record of the table's stream: the INSERT of its own row.
    pub fn from_record(record: &EventRecord) -> Result<Self, Error> {
        Ok(serde_dynamo::from_item(record.change.new_image.clone())?)
    }

    /// The connection's id.
    #[must_use]
    pub fn id(&self) -> &ConnectionId {
        &self.id
    }

    /// Whether its time is over. TTL may take hours to sweep the row.
    pub(crate) fn has_expired(&self) -> bool {
        self.expires <= clock::now()
    }

    /// Whether a socket is one of its own.
    pub(crate) fn holds(&self, socket: Sid) -> bool {
        self.sockets.values().any(|joined| joined.id == socket)
    }

    /// Whether this can be kept with its socket in a namespace, beside what its other sockets keep, and read back.
    pub(crate) fn has_room_for(&self, namespace: &str, data: &Value) -> bool {
        let others =
            self.sockets.iter().filter(|(other, _)| *other != namespace).map(|(_, joined)| &joined.data);
        let text = data.to_string();
        let bytes = others.map(|data| data.to_string().len()).sum::<usize>() + text.len();
        bytes <= MAX_DATA && json::parse(&text).is_ok()
    }

    /// The partitions in which it has rows for a namespace and its rooms.
    pub(crate) fn partitions_within(&self, namespace: &str) -> Vec<String> {
        self.rooms.iter().filter(|partition| Room::is_within(partition, namespace)).cloned().collect()
    }
}
