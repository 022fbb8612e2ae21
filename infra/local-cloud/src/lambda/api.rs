//! The interface of Lambda to the process of an instance: HTTP on a separate loopback port, so that the port identifies the caller.

use local_service::loopback;
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use super::call::Call;
use super::{extensions_api, runtime_api};

/// The Runtime API and the Extensions API of one instance. Dropping it stops them.
#[derive(Debug)]
pub(super) struct Api {
    /// `host:port`.
    pub(super) address: String,
    pub(super) calls: mpsc::Receiver<Call>,
    _server: AbortOnDropHandle<()>,
}

impl Api {
    pub(super) fn start() -> std::io::Result<Self> {
        let listener = loopback::free()?;
        let address = listener.local_addr()?.to_string();
        let (sender, calls) = mpsc::channel(4);
        let router = runtime_api::routes().merge(extensions_api::routes()).with_state(sender);
        let server = tokio::spawn(async move {
            // This never fails: it accepts connections until the task is aborted.
            let _ = axum::serve(listener, loopback::guarded(router)).await;
        });
        Ok(Self { address, calls, _server: AbortOnDropHandle::new(server) })
    }
}
