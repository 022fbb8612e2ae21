//! An API: its declaration and the state that its connections share.

use std::time::Duration;

use axum::body::Bytes;
use local_service::faults::FaultInjector;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connections::Connections;
use super::route::Selection;
use crate::console::Console;
use crate::lambda::Lambda;
use crate::throttle::Throttle;

#[derive(Debug)]
pub(super) struct Api {
    pub(super) declared: sam_template::WebSocketApi,
    pub(super) domain: String,
    pub(super) selection: Selection,
    pub(super) throttle: Throttle,
    pub(super) lambda: Lambda,
    pub(super) console: Console,
    pub(super) faults: FaultInjector,
    /// Time limit of a function, divided by the time scale.
    pub(super) integration_timeout: Duration,
    /// The idle timeout and the maximum duration of a connection, divided by the time scale.
    pub(super) idle: Duration,
    pub(super) lifetime: Duration,
    pub(super) connections: Connections,
    pub(super) tasks: TaskTracker,
    pub(super) stop: CancellationToken,
}

/// A function that did not respond.
pub(super) enum Failure {
    Error,
    Timeout,
}

impl Api {
    pub(super) async fn invoke(&self, function: &str, event: Bytes) -> Result<Bytes, Failure> {
        match tokio::time::timeout(self.integration_timeout, self.lambda.invoke(function, event)).await {
            Ok(Ok(output)) => Ok(output),
            Ok(Err(_)) => Err(Failure::Error),
            Err(_) => {
                self.warn_of_timeout(function);
                Err(Failure::Timeout)
            }
        }
    }

    pub(super) fn warn_of_timeout(&self, function: &str) {
        let seconds = self.integration_timeout.as_secs_f64();
        self.warn(&format!(
            "timed out: {function} took longer than {seconds} s, the limit of a WebSocket API (it continues, but nobody \
             gets its response)"
        ));
    }

    pub(super) fn warn(&self, message: &str) {
        self.console.warning(&self.declared.id, message);
    }
}
