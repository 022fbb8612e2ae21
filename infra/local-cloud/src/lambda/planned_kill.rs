//! Kills of a process that a fault injects.

use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until};

use super::call::Waiting;

/// A moment at which a fault kills a process.
#[derive(Debug)]
pub(super) enum PlannedKill {
    At(Instant),
    /// When the function responds.
    OnResponse,
    /// Now. The runtime waits in vain for its invocation until then.
    Undelivered {
        _runtime: Waiting,
    },
    /// Now. The runtime waits in vain for the acknowledgement of its response until then.
    Unacknowledged {
        _accepted: oneshot::Sender<bool>,
    },
}

/// Waits until the planned kill is due. Without one, it waits forever.
pub(super) async fn is_due(planned_kill: Option<&PlannedKill>) {
    match planned_kill {
        Some(PlannedKill::At(at)) => sleep_until(*at).await,
        Some(PlannedKill::Undelivered { .. } | PlannedKill::Unacknowledged { .. }) => {}
        Some(PlannedKill::OnResponse) | None => std::future::pending().await,
    }
}
