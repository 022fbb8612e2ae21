//! How tests wait: until something holds, and never for a time to pass.
//!
//! No test asserts that something is quick in seconds, since a machine may be slow or busy. What must be quick is counted,
//! compared with something else in the same run, or brought into an order with it.

#![allow(dead_code, unreachable_pub, reason = "each test target uses its own part of this")]

use std::time::Duration;

use tokio::time::{sleep, timeout};

/// After how long a test gives up waiting. It only keeps a test that waits in vain from waiting for ever: what works is
/// many times faster, even where other programs keep all processors busy.
pub const PATIENCE: Duration = Duration::from_mins(3);

/// Waits until something holds.
///
/// # Panics
/// If it does not within [`PATIENCE`].
pub async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let wait = async {
        while !holds().await {
            sleep(Duration::from_millis(10)).await;
        }
    };
    in_time(what, wait).await;
}

/// Waits for what a future yields.
///
/// # Panics
/// If it does not within [`PATIENCE`].
pub async fn in_time<F: Future>(what: &str, future: F) -> F::Output {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("never came true: {what}"))
}
