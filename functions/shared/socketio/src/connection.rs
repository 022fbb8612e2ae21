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

/// The most bytes of JSON in the data of a connection's sockets. The data of all of them is in one row.
pub(crate) const MAX_DATA: usize = 32 * 1024;

/// A connection, as its row in the table describes it.
///
/// ```no_run
/// use aws_lambda_events::dynamodb::EventRecord;
/// use socketio::{Connection, Error, SocketIo};
///
/// async fn opened(io: &SocketIo, record: &EventRecord) -> Result<(), Error> {
///     let connection = Connection::from_record(record)?;
///     io.send_open_packet(&connection).await
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// The partition key. A connection's own row has its id in both keys.
    room: ConnectionId,
    /// The connection's id.
    #[serde(rename = "connectionId")]
    id: ConnectionId,
    /// Its Engine.IO session id, which the open packet contains.
    pub(crate) engine: Sid,
    /// The id of the session that it was opened with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) session: Option<String>,
    /// When the gateway opened it, in Unix milliseconds.
    #[serde(default)]
    pub(crate) opened: i64,
    /// The parameters of the handshake's query that the server keeps.
    #[serde(with = "as_string", skip_serializing_if = "BTreeMap::is_empty", default)]
    pub(crate) query: BTreeMap<String, String>,
    /// Until when the function that opened it may send its open packet, in Unix milliseconds. 0 if only the stream's function does.
    #[serde(default)]
    pub(crate) open_packet_by: u64,
    /// Whether that function has sent it.
    #[serde(default)]
    pub(crate) open_packet_sent: bool,
    /// Its sockets, by namespace.
    #[serde(default)]
    pub(crate) sockets: BTreeMap<String, Joined>,
    /// The namespaces that its client left, with the time in Unix milliseconds at which the gateway received the last
    /// DISCONNECT. Frames from before that time were meant for the former socket.
    #[serde(default)]
    pub(crate) left: BTreeMap<String, i64>,
    /// The partitions that contain rows of it.
    #[serde(with = "serde_dynamo::string_set", skip_serializing_if = "BTreeSet::is_empty", default)]
    pub(crate) rooms: BTreeSet<String>,
    /// The latest end of the connection, in Unix seconds.
    #[serde(default)]
    pub(crate) ends: u64,
    /// When its row expires, in Unix seconds: the table's TTL attribute. It is soon until the connection joins a
    /// namespace, and equal to `ends` after that.
    pub(crate) expires: u64,
}

/// A connection's membership in a namespace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Joined {
    /// The socket's id, as its client knows it.
    pub(crate) id: Sid,
    /// When the gateway received its CONNECT, in Unix milliseconds. Frames from before that time were meant for a
    /// former socket of the same connection and namespace.
    #[serde(default)]
    pub(crate) at: i64,
    /// The application's data of the socket.
    #[serde(with = "as_string", skip_serializing_if = "Value::is_null", default)]
    pub(crate) data: Value,
}

impl Connection {
    /// Creates the row of a connection that has just been opened.
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
            open_packet_by: 0,
            open_packet_sent: false,
            sockets: BTreeMap::new(),
            left: BTreeMap::new(),
            rooms: BTreeSet::new(),
            ends,
            expires: ends.min(clock::now().saturating_add(connect_timeout.as_secs())),
        }
    }

    /// Reads a connection from a stream record: the INSERT of its own row.
    ///
    /// # Errors
    /// If the record has no such row.
    pub fn from_record(record: &EventRecord) -> Result<Self, Error> {
        Ok(serde_dynamo::from_item(record.change.new_image.clone())?)
    }

    /// Returns the connection's id.
    #[must_use]
    pub fn id(&self) -> &ConnectionId {
        &self.id
    }

    /// Returns whether the row has expired. DynamoDB may delete it hours later.
    pub(crate) fn has_expired(&self) -> bool {
        self.expires <= clock::now()
    }

    /// Returns whether a socket belongs to this connection.
    pub(crate) fn holds(&self, socket: Sid) -> bool {
        self.sockets.values().any(|joined| joined.id == socket)
    }

    /// Returns whether this data fits into the row beside the data of the other sockets, and can be read back.
    pub(crate) fn has_room_for(&self, namespace: &str, data: &Value) -> bool {
        let others =
            self.sockets.iter().filter(|(other, _)| *other != namespace).map(|(_, joined)| &joined.data);
        let text = data.to_string();
        let bytes = others.map(|data| data.to_string().len()).sum::<usize>() + text.len();
        bytes <= MAX_DATA && json::parse(&text).is_ok()
    }

    /// Returns the partitions that contain rows of it for a namespace and the rooms of that namespace.
    pub(crate) fn partitions_within(&self, namespace: &str) -> Vec<String> {
        self.rooms.iter().filter(|partition| Room::is_within(partition, namespace)).cloned().collect()
    }
}
