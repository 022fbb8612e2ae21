//! Rooms, and the partitions that they are spread over.

use aws_lambda_events::dynamodb::EventRecord;
use serde_dynamo::AttributeValue;

use crate::settings::MAX_ROOM_NAME;
use crate::{ConnectionId, Error};

/// Those sockets of a namespace that are emitted to together: all of them, or those that were put into a room by name.
///
/// A room is spread over partitions of the Connections table, as many as [`room_shards`](crate::Settings::room_shards)
/// says: `/home#0`, `/home#1`, ... for a whole namespace, `/notes,shopping#0`, ... for a room of it. No namespace's
/// name has a comma, which is where it ends in a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Room {
    name: String,
}

impl Room {
    /// All sockets of a namespace.
    pub(crate) fn of_namespace(namespace: &str) -> Self {
        Self { name: namespace.to_owned() }
    }

    /// The sockets that were put into a room of a namespace. A name that is too long is [`Error::RoomName`].
    pub(crate) fn named(namespace: &str, room: &str) -> Result<Self, Error> {
        match room.len() {
            0..=MAX_ROOM_NAME => Ok(Self { name: format!("{namespace},{room}") }),
            size => Err(Error::RoomName { size }),
        }
    }

    /// The partition of the room's own counter, which holds no socket: no connection's id and no namespace begins so.
    pub(crate) fn counter(&self) -> String {
        format!("#{}", self.name)
    }

    /// The partition that holds a connection's row.
    pub(crate) fn partition(&self, connection: &ConnectionId, shards: u16) -> String {
        format!("{}#{}", self.name, fnv1a(connection.as_str()) % u32::from(shards))
    }

    /// All partitions of the room.
    pub(crate) fn partitions(&self, shards: u16) -> impl Iterator<Item = String> {
        (0..shards).map(|shard| format!("{}#{shard}", self.name))
    }

    /// Whether a partition belongs to a namespace: to the whole of it, or to a room in it.
    pub(crate) fn is_within(partition: &str, namespace: &str) -> bool {
        let Some(rest) = partition.strip_prefix(namespace) else { return false };
        rest.starts_with(',') || rest.strip_prefix('#').is_some_and(|shard| shard.parse::<u16>().is_ok())
    }
}

/// What a record of the Connections table's stream says of a room: a socket came into it or went out of it.
///
/// However it went (it left, its connection was closed or found gone, its row expired), the row's record says so. Who is
/// in the room now, [`fetch_sockets`](crate::Emitter::fetch_sockets) and [`emit_with`](crate::Emitter::emit_with) say.
///
/// For a trigger whose filter is `{"dynamodb": {"Keys": {"room": {"S": [{"prefix": "/notes,"}]}}}}`: all rooms of the
/// namespace `/notes`. An application reads the stream by one trigger, and this is another filter of that which
/// [`send_open_packets`](crate::SocketIo::send_open_packets) has: Lambda takes no two triggers of one function for one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomChange {
    /// The room's namespace.
    pub namespace: String,
    /// Its name.
    pub room: String,
}

impl RoomChange {
    /// Reads a record; `None` if it is of something else.
    #[must_use]
    pub fn from_record(record: &EventRecord) -> Option<Self> {
        let Some(AttributeValue::S(partition)) = record.change.keys.get("room") else { return None };
        // A counter's row is in no room, nor is a connection's own.
        let (namespace, rest) = partition.split_once(',').filter(|_| partition.starts_with('/'))?;
        let (room, shard) = rest.rsplit_once('#')?;
        shard.parse::<u16>().ok()?;
        Some(Self { namespace: namespace.to_owned(), room: room.to_owned() })
    }
}

/// A hash that never changes: rows written by one version of the program are found by the next.
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

    fn change(partition: &str) -> Option<RoomChange> {
        let record = serde_json::json!({
            "eventName": "REMOVE",
            "awsRegion": "us-east-1",
        "eventID": "7",
            "dynamodb": {
                "Keys": { "room": { "S": partition }, "connectionId": { "S": "a=" } },
                "SizeBytes": 100,
            },
        });
        RoomChange::from_record(&serde_json::from_value(record).unwrap())
    }

    #[test]
    fn a_record_names_the_room_that_its_row_is_in() {
        for room in ["shopping", "a#b", "a,b", ""] {
            let partition = Room::named("/notes", room).unwrap().partition(&ConnectionId::new("a="), 8);
            let named = RoomChange { namespace: "/notes".into(), room: room.into() };
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
