//! What the tests of the whole share: a cloud of their own, people in it, and sockets.

// Each test target uses its own part of this.
#![allow(dead_code, unreachable_pub)]

pub mod cloud;
pub mod socket;
pub mod visitor;

pub use cloud::TestCloud;
pub use socket::{Frame, Socket};
pub use visitor::Visitor;

use std::time::Duration;

/// How long anything in these tests may take before it counts as never.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until something holds.
///
/// # Panics
/// If it does not within [`PATIENCE`].
pub async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("never came true: {what}"));
}
