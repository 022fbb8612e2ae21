//! Waiting in tests: for a condition, never for a fixed time.
//!
//! No test asserts a duration in seconds, because a machine may be slow or busy. Tests of speed count calls, compare two
//! measurements of one run, or check an order.

#![allow(dead_code, unreachable_pub, reason = "each test target uses some of these items only")]

use std::time::Duration;

use tokio::time::{sleep, timeout};

/// The timeout of a wait. It only ends tests that would wait forever: success is many times faster, even on a busy
/// machine.
pub const PATIENCE: Duration = Duration::from_mins(3);

/// Waits until a condition holds.
///
/// # Panics
/// If it does not hold within [`PATIENCE`].
pub async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let wait = async {
        while !holds().await {
            sleep(Duration::from_millis(10)).await;
        }
    };
    in_time(what, wait).await;
}

/// Awaits a future.
///
/// # Panics
/// If it does not finish within [`PATIENCE`].
pub async fn in_time<F: Future>(what: &str, future: F) -> F::Output {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("timed out: {what}"))
}
