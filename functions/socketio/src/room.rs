//! Rooms, and the partitions that they are spread over.

use crate::ConnectionId;

/// Those sockets of a namespace that are pushed to together. Every namespace is a room.
///
/// A room is spread over partitions of the Connections table, named `/home#0`, `/home#1`, ...: one partition takes
/// 1,000 writes a second, and a busy room wants more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Room {
    name: String,
}

impl Room {
    /// All sockets of a namespace.
    pub(crate) fn of_namespace(namespace: &str) -> Self {
        Self { name: namespace.to_owned() }
    }

    /// The partition of the room's own counter. No socket's row is in it.
    pub(crate) fn counter(&self) -> &str {
        &self.name
    }

    /// The partition that holds a connection's row.
    pub(crate) fn partition(&self, connection: &ConnectionId, shards: u16) -> String {
        format!("{}#{}", self.name, fnv1a(connection.as_str()) % u32::from(shards))
    }

    /// All partitions of the room.
    pub(crate) fn partitions(&self, shards: u16) -> impl Iterator<Item = String> {
        (0..shards).map(|shard| format!("{}#{shard}", self.name))
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
        let room = Room::of_namespace("/home");
        for shards in [1, 8, 256] {
            let all: BTreeSet<_> = room.partitions(shards).collect();
            let used: BTreeSet<_> =
                (0..5000).map(|n| room.partition(&ConnectionId::new(format!("c{n}")), shards)).collect();
            assert_eq!(used, all, "each of {shards} partitions is used, and no other");
        }
    }
}
