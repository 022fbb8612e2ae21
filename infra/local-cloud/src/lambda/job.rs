//! Invocations, from both sides: a job for an instance, and an invocation for its caller.

use axum::body::Bytes;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::error::InvokeError;
use crate::console::Served;

/// An invocation on its way to an instance.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) request_id: String,
    pub(super) payload: Bytes,
    /// Told when a runtime has taken the invocation.
    pub(super) taken: oneshot::Sender<()>,
    /// Told what came of it. Dropped without a word if the instance ended before a runtime took it.
    pub(super) answer: oneshot::Sender<Result<Bytes, InvokeError>>,
    /// Its place among the executions under way, held until it is over, whoever still waits for it.
    pub(super) permit: OwnedSemaphorePermit,
}

/// An invocation that a runtime has taken.
#[derive(Debug)]
pub struct Invocation {
    pub(super) served: Served,
    pub(super) answer: oneshot::Receiver<Result<Bytes, InvokeError>>,
}

impl Invocation {
    /// Who has it, under which name.
    #[must_use]
    pub fn served(&self) -> &Served {
        &self.served
    }

    /// What the function answers.
    pub async fn answer(self) -> Result<Bytes, InvokeError> {
        self.answer.await.unwrap_or(Err(InvokeError::Stopped))
    }
}
