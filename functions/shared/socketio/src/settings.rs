//! The settings of an application, and limits of API Gateway.

use std::time::Duration;

/// The most bytes in a frame: API Gateway's limit of 32 KiB.
pub const MAX_FRAME: usize = 32 * 1024;

/// The most bytes in a room's name. DynamoDB takes 2,048 bytes for a partition key, which also holds the namespace.
pub(crate) const MAX_ROOM_NAME: usize = 512;

/// The settings of an application. The defaults suit API Gateway.
///
/// ```
/// use socketio::Settings;
///
/// let settings = Settings { room_shards: 8, ..Settings::default() };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How long a client waits for a ping of the server, as in the open packet. Default 2 h, the longest life of a
    /// connection, so that no ping is ever due.
    ///
    /// The client uses one timer for interval and timeout. Their sum must be below 2,147,483,647 ms, above which
    /// JavaScript's timers fire at once.
    pub ping_interval: Duration,
    /// How long a client waits in addition. Default 20 s.
    pub ping_timeout: Duration,
    /// The most bytes of a client's packet, as in the open packet. Default 32 KiB.
    pub max_payload: u64,
    /// Number of partitions per room. Default 1, range 1 to 256. One partition takes 1,000 writes a second.
    ///
    /// All functions need the same number. A lower number hides sockets that joined before.
    pub room_shards: u16,
    /// How long a connection may take to join its first namespace before it is closed. Default 30 s. Socket.IO calls
    /// this `connectTimeout`. The client's wait for its open packet, up to 20 s, is part of it.
    pub connect_timeout: Duration,
    /// Maximum number of connections per session. Default 20. One more closes the oldest. 0 is no limit.
    pub connections_per_session: usize,
    /// Maximum number of concurrent posts of one function. Default 64.
    pub concurrent_posts: usize,
    /// How long a post may take, with all its attempts, before its connection is closed. Default 5 s. The client's
    /// retry configuration says how many attempts there are.
    pub post_deadline: Duration,
    /// How long an event may take before its connection is closed. Default 10 s. Closing takes up to 10 s more, so the
    /// function's own timeout must be longer.
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
