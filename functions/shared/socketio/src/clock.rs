//! The current time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Returns the current Unix time in seconds, the unit of the table's TTL attribute.
pub(crate) fn now() -> u64 {
    since_epoch().as_secs()
}

/// Returns the current Unix time in milliseconds.
pub(crate) fn milliseconds() -> u64 {
    u64::try_from(since_epoch().as_millis()).unwrap_or(u64::MAX)
}

fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
