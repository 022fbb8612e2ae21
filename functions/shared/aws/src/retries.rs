//! The one policy for calls that fail and may succeed later. It is the SDK's own, with numbers for a function that somebody
//! waits for, and [`config`](crate::config) gives it to every client.
//!
//! What is made again is for the SDK to know: what was throttled, failed at AWS, or got no answer. The libraries add what
//! only they know of: their writes meet transactions on the same row, which DynamoDB turns away.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;

/// How often a call is made, at most.
pub const ATTEMPTS: u32 = 10;

/// The longest pause before the second attempt. Each further one is twice as long, and every pause a random part of it, so
/// that what was throttled together does not come back together.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The longest pause of all. With it, all pauses of a call take about three seconds.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How long it takes to connect, at most.
const CONNECT: Duration = Duration::from_secs(1);

/// How long one attempt takes, at most. The longest reads 1 MB.
const ATTEMPT: Duration = Duration::from_secs(3);

/// How long a call takes with all its attempts, at most: less than any function has for an event.
const CALL: Duration = Duration::from_secs(10);

/// How often a call is made, and with which pauses.
#[must_use]
pub fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(ATTEMPTS)
        .with_initial_backoff(FIRST_PAUSE)
        .with_max_backoff(LONGEST_PAUSE)
}

/// How long a call and its attempts take, at most.
#[must_use]
pub fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(CALL)
        .build()
}
