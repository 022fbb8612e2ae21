//! Rooms, and the partitions that hold them.

use aws_lambda_events::dynamodb::EventRecord;
use serde_dynamo::{AttributeValue, Item};

use crate::settings::MAX_ROOM_NAME;
use crate::{ConnectionId, Error};

/// All sockets of a namespace, or those that joined a room of it.
///
/// A room is spread over partitions of the Connections table, as many as [`room_shards`](crate::Settings::room_shards)
/// says: `/home#0`, `/home#1`, ... for a whole namespace, and `/notes,shopping#0`, ... for a room of it. No
/// namespace's name contains a comma.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Room {
    name: String,
}

impl Room {
    /// Returns the room of all sockets of a namespace.
    pub(crate) fn of_namespace(namespace: &str) -> Self {
        Self { name: namespace.to_owned() }
    }

    /// Returns a room of a namespace. A name that is too long is [`Error::RoomName`].
    pub(crate) fn named(namespace: &str, room: &str) -> Result<Self, Error> {
        match room.len() {
            0..=MAX_ROOM_NAME => Ok(Self { name: format!("{namespace},{room}") }),
            size => Err(Error::RoomName { size }),
        }
    }

    /// Returns the partition of the room's counter, which holds no socket. No connection's id and no namespace begins
    /// with `#`.
    pub(crate) fn counter(&self) -> String {
        format!("#{}", self.name)
    }

    /// Returns the partition that holds a connection's row.
    pub(crate) fn partition(&self, connection: &ConnectionId, shards: u16) -> String {
        format!("{}#{}", self.name, fnv1a(connection.as_str()) % u32::from(shards))
    }

    /// Returns all partitions of the room.
    pub(crate) fn partitions(&self, shards: u16) -> impl Iterator<Item = String> {
        (0..shards).map(|shard| format!("{}#{shard}", self.name))
    }

    /// Returns whether a partition belongs to a namespace or to a room in it.
    pub(crate) fn is_within(partition: &str, namespace: &str) -> bool {
        let Some(rest) = partition.strip_prefix(namespace) else { return false };
        rest.starts_with(',') || rest.strip_prefix('#').is_some_and(|shard| shard.parse::<u16>().is_ok())
    }
}

/// A change of a room, read from a record of the Connections table's stream: a socket joined or left.
///
/// Every way to leave deletes the socket's row, and so causes a record: it left, its connection was closed or found
/// gone, or its row expired. [`fetch_sockets`](crate::Emitter::fetch_sockets) and
/// [`read_sockets_with_data`](crate::Emitter::read_sockets_with_data) read the sockets that are in the room now.
///
/// The trigger needs the filter `{"dynamodb": {"Keys": {"room": {"S": [{"prefix": "/notes,"}]}}}}` for all rooms of
/// the namespace `/notes`. Add it to the trigger of [`send_open_packets`](crate::SocketIo::send_open_packets): Lambda
/// allows one trigger per function and stream.
///
/// ```no_run
/// use aws_lambda_events::dynamodb::EventRecord;
/// use socketio::{Error, RoomChange, SocketIo};
///
/// async fn publish_presence(io: &SocketIo, record: &EventRecord) -> Result<(), Error> {
///     let Some(change) = RoomChange::from_record(record) else { return Ok(()) };
///     let room = io.of(&*change.namespace).to(change.room);
///     let sockets = room.read_sockets().await?;
///     let count = sockets.count();
///     sockets.emit("presence", &count).await.map(drop)
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomChange {
    /// The room's namespace.
    pub namespace: String,
    /// The room's name.
    pub room: String,
    /// The id of the socket that joined.
    pub joined: Option<String>,
    /// The id of the socket that left. The stream must have old images for this.
    pub left: Option<String>,
}

impl RoomChange {
    /// Reads a record. `None` if it is about another row.
    #[must_use]
    pub fn from_record(record: &EventRecord) -> Option<Self> {
        let Some(AttributeValue::S(partition)) = record.change.keys.get("room") else { return None };
        // Rows of counters, and connections' own rows, are in no room.
        let (namespace, rest) = partition.split_once(',').filter(|_| partition.starts_with('/'))?;
        let (room, shard) = rest.rsplit_once('#')?;
        shard.parse::<u16>().ok()?;
        let socket = |image: &Item| match image.get("socket") {
            Some(AttributeValue::S(socket)) => Some(socket.clone()),
            _ => None,
        };
        Some(Self {
            namespace: namespace.to_owned(),
            room: room.to_owned(),
            joined: socket(&record.change.new_image),
            left: socket(&record.change.old_image),
        })
    }
}

/// Hashes a text. The hash never changes, so that one version of the program finds the rows of another.
fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        // Test vectors of the FNV specification.
        assert_eq!(fnv1a(""), 0x811c_9dc5);
        assert_eq!(fnv1a("a"), 0xe40c_292c);
        assert_eq!(fnv1a("foobar"), 0xbf9c_f968);
    }

    #[test]
    fn a_connection_is_always_in_one_of_the_rooms_partitions() {
        for room in [Room::of_namespace("/home"), Room::named("/notes", "shopping").unwrap()] {
            for shards in [1, 8, 256] {
                let all: BTreeSet<_> = room.partitions(shards).collect();
                let used: BTreeSet<_> =
                    (0..5000).map(|n| room.partition(&ConnectionId::new(format!("c{n}")), shards)).collect();
                assert_eq!(used, all, "each of {shards} partitions is used, and no other");
            }
        }
    }

    fn change_of(partition: &str, old: Option<&str>, new: Option<&str>) -> Option<RoomChange> {
        let image = |socket: Option<&str>| match socket {
            Some(socket) => serde_json::json!({ "socket": { "S": socket } }),
            None => serde_json::json!({}),
        };
        let record = serde_json::json!({
            "eventName": "REMOVE",
            "awsRegion": "us-east-1",
            "eventID": "7",
            "dynamodb": {
                "Keys": { "room": { "S": partition }, "connectionId": { "S": "a=" } },
                "OldImage": image(old),
                "NewImage": image(new),
                "SizeBytes": 100,
            },
        });
        RoomChange::from_record(&serde_json::from_value(record).unwrap())
    }

    fn change(partition: &str) -> Option<RoomChange> {
        change_of(partition, None, None)
    }

    #[test]
    fn a_record_names_the_sockets_that_joined_and_left() {
        for (old, new) in [(None, Some("s")), (Some("s"), None), (Some("s"), Some("t")), (None, None)] {
            let RoomChange { joined, left, .. } = change_of("/notes,shopping#0", old, new).unwrap();
            assert_eq!((left.as_deref(), joined.as_deref()), (old, new));
        }
    }

    #[test]
    fn a_record_names_the_room_of_its_row() {
        for room in ["shopping", "a#b", "a,b", ""] {
            let partition = Room::named("/notes", room).unwrap().partition(&ConnectionId::new("a="), 8);
            let named =
                RoomChange { namespace: "/notes".into(), room: room.into(), joined: None, left: None };
            assert_eq!(change(&partition), Some(named), "{partition}");
        }
    }

    #[test]
    fn a_record_of_a_namespace_a_counter_or_a_connection_names_no_room() {
        for partition in
            ["/notes#0", "#/notes", "#/notes,shopping", "L0SM9cOFvHcCIhw=", "/notes,shopping", "/notes,a#b"]
        {
            assert_eq!(change(partition), None, "{partition}");
        }
    }

    #[test]
    fn a_partition_belongs_to_one_namespace() {
        for partition in ["/a#0", "/a#255", "/a,room#0", "/a,#0", "/a,/a/b#0"] {
            assert!(Room::is_within(partition, "/a"), "{partition}");
        }
        for partition in ["/ab#0", "/a/b#0", "#/a", "/b#0", "/a#b#0"] {
            assert!(!Room::is_within(partition, "/a"), "{partition}");
        }
    }
}
