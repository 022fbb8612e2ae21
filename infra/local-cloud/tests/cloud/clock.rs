//! Virtual time: a test that uses this waits for no time limit.
//!
//! The clock of a test is also its cloud's. Functions are separate processes, and their clocks cannot be changed. A [`Gate`]
//! keeps a function at work instead.

use std::sync::mpsc;
use std::time::Duration;

use axum::body::Bytes;
use local_cloud::Cloud;
use local_cloud::lambda::InvokeError;
use serde_json::json;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use crate::running::{Gate, PATIENCE, in_time};

/// The precision of the clock.
pub(crate) const TICK: Duration = Duration::from_millis(1);

/// Waits until no function runs, whose time limits would otherwise pass, too. Then moves the clock forward.
pub(crate) async fn advance_at_rest(cloud: &Cloud, duration: Duration) {
    in_time("the functions come to rest", cloud.rests()).await;
    advance(duration).await;
}

/// Moves the clock forward.
pub(crate) async fn advance(duration: Duration) {
    tokio::time::pause();
    tokio::time::advance(duration).await;
    tokio::time::resume();
}

/// A clock that stands still, so that the time that a test needs does not count. It continues when this is dropped.
///
/// Nothing that sleeps for the shortest time ends meanwhile: neither [`until`](crate::running::until) nor a post to a
/// connection.
pub(crate) struct StoppedClock {
    /// Ends the blocking task when it is dropped.
    _running: mpsc::Sender<()>,
}

impl StoppedClock {
    pub(crate) fn stop() -> Self {
        let (running, is_running) = mpsc::channel::<()>();
        // An idle runtime advances a paused clock to its next timer, except during a blocking task.
        spawn_blocking(move || is_running.recv_timeout(PATIENCE));
        tokio::time::pause();
        Self { _running: running }
    }

    /// Sets the clock to a later time.
    pub(crate) async fn set(&self, time: Instant) {
        tokio::time::advance(time.saturating_duration_since(Instant::now())).await;
    }

    /// Waits until a condition holds.
    pub(crate) async fn until(&self, what: &str, holds: impl Fn() -> bool) {
        let begun = std::time::Instant::now();
        while !holds() {
            assert!(begun.elapsed() < PATIENCE, "timed out: {what}");
            spawn_blocking(|| std::thread::sleep(Duration::from_millis(10))).await.unwrap();
        }
    }
}

impl Drop for StoppedClock {
    fn drop(&mut self) {
        tokio::time::resume();
    }
}

/// Invokes the function `Hasty`, which hangs for longer than its timeout of 5 s.
pub(crate) async fn exceed_timeout(cloud: &Cloud) -> Result<Bytes, InvokeError> {
    let gate = Gate::new();
    let command = json!({"do": "hang", "gate": gate.path()}).to_string();
    let wait = async {
        gate.reached_by(1).await;
        advance(Duration::from_secs(5) + TICK).await;
    };
    tokio::join!(cloud.invoke("Hasty", command.into()), wait).0
}
