//! The numbers that an application may choose.

use std::time::Duration;

/// The most bytes in a frame: API Gateway's limit, 32 KiB.
pub const MAX_FRAME: usize = 32 * 1024;

/// The most bytes in a room's name. DynamoDB takes 2,048 bytes for a partition key, which also holds the namespace.
pub(crate) const MAX_ROOM_NAME: usize = 512;

/// The numbers that an application may choose. The defaults are made for API Gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How long a client waits for a ping of the server, in the open packet. The default is as long as a connection
    /// can live (2 h): no ping is ever due, so none is missed.
    ///
    /// The client's watchdog is one timer of interval and timeout together; their sum has to stay below what a
    /// JavaScript timer can hold (2,147,483,647 ms), above which it would fire at once.
    pub ping_interval: Duration,
    /// How long a client waits on top of it (20 s).
    pub ping_timeout: Duration,
    /// The most bytes that a client may send in a packet, in the open packet (32 KiB).
    pub max_payload: u64,
    /// Over how many partitions each room is spread (1; 1 to 256). One takes 1,000 writes a second.
    ///
    /// Every function has to be told the same number. Lowered, it hides sockets that joined before.
    pub room_shards: u16,
    /// How long a connection has to come into its first namespace (30 s), before it is closed. Socket.IO calls this
    /// `connectTimeout`. A client waits 20 s for its open packet, which comes before.
    pub connect_timeout: Duration,
    /// How many connections a session may have (20). One more closes the oldest. 0 is no limit.
    pub connections_per_session: usize,
    /// How many posts of one function run at the same time (64).
    pub concurrent_posts: usize,
    /// How long a post may take, with all its attempts (5 s), before its connection is closed. How many there are is up to
    /// the client's retry configuration.
    pub post_deadline: Duration,
    /// For how long an event is worked on (10 s), before its connection is closed. What is left until the function's
    /// own timeout has to be enough for that: about 10 s.
    pub event_deadline: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_hours(2),
            ping_timeout: Duration::from_secs(20),
            max_payload: MAX_FRAME as u64,
            room_shards: 1,
            connect_timeout: Duration::from_secs(30),
            connections_per_session: 20,
            concurrent_posts: 64,
            post_deadline: Duration::from_secs(5),
            event_deadline: Duration::from_secs(10),
        }
    }
}
