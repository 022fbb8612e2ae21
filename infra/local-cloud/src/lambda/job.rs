//! An invocation from both sides: a job for the instance, and a handle for the caller.

use axum::body::Bytes;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::error::InvokeError;
use crate::console::Served;

/// An invocation on its way to an instance.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) request_id: String,
    pub(super) payload: Bytes,
    /// Signals that a runtime has taken the invocation.
    pub(super) taken: oneshot::Sender<()>,
    /// Receives the outcome. It is dropped unused if the instance ended before a runtime took the invocation.
    pub(super) answer: oneshot::Sender<Result<Bytes, InvokeError>>,
    /// The concurrency that the execution occupies until it ends, even if its caller has left.
    pub(super) permit: OwnedSemaphorePermit,
}

/// An invocation that a runtime has taken.
#[derive(Debug)]
pub struct Invocation {
    pub(super) served: Served,
    pub(super) answer: oneshot::Receiver<Result<Bytes, InvokeError>>,
}

impl Invocation {
    /// Returns the function and the request id of the invocation.
    #[must_use]
    pub fn served(&self) -> &Served {
        &self.served
    }

    /// Waits for the function's response.
    ///
    /// # Errors
    /// If the function fails, times out or is killed, or the cloud stops.
    pub async fn answer(self) -> Result<Bytes, InvokeError> {
        self.answer.await.unwrap_or(Err(InvokeError::Stopped))
    }
}
