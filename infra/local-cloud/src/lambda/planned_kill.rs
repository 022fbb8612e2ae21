//! When a fault has a process killed on purpose.

use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until};

use super::runtime_api::Waiting;

/// When a fault has a process killed.
#[derive(Debug)]
pub(super) enum PlannedKill {
    At(Instant),
    /// When it answers.
    Answering,
    /// Now, and until it is dead its runtime goes on waiting for what it is not given.
    Undelivered {
        _runtime: Waiting,
    },
    /// Now, and until it is dead its runtime goes on waiting to hear that it was heard.
    Unheard {
        _known: oneshot::Sender<bool>,
    },
}

/// Waits for the moment at which a process is to be killed, if there is one.
pub(super) async fn is_due(doom: Option<&PlannedKill>) {
    match doom {
        Some(PlannedKill::At(at)) => sleep_until(*at).await,
        Some(PlannedKill::Undelivered { .. } | PlannedKill::Unheard { .. }) => {}
        Some(PlannedKill::Answering) | None => std::future::pending().await,
    }
}
