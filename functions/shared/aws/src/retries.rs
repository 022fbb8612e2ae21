//! The retry policy of all clients: the SDK's, with numbers for a function that users wait for.
//!
//! The SDK decides what to retry: throttled calls, failures of AWS, and lost responses. The libraries add writes that
//! conflict with a transaction on the same row.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;

/// The most attempts of a call.
pub const ATTEMPTS: u32 = 10;

/// The longest pause before the second attempt. Each further one is twice as long. Every pause is a random part of it,
/// so that throttled calls do not return together.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The longest pause of all. With it, all pauses of a call take about three seconds.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The timeout of connecting.
const CONNECT: Duration = Duration::from_secs(1);

/// The timeout of an attempt. The longest reads 1 MB.
const ATTEMPT: Duration = Duration::from_secs(3);

/// The timeout of a call with all its attempts. It is shorter than every function's timeout.
const CALL: Duration = Duration::from_secs(10);

/// Returns the number of attempts and the pauses between them.
#[must_use]
pub fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(ATTEMPTS)
        .with_initial_backoff(FIRST_PAUSE)
        .with_max_backoff(LONGEST_PAUSE)
}

/// Returns the timeouts of a call and its attempts.
#[must_use]
pub fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(CALL)
        .build()
}
