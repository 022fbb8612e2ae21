//! A function, and its idle instances.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use local_service::Meter;
use local_service::faults::FaultInjector;
use sam_template::Function;
use tokio::sync::{Semaphore, mpsc};

use super::environment::Environment;
use super::error::InvokeError;
use super::job::Job;
use super::process::Programs;
use crate::console::Console;

/// What observes and disturbs invocations. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Watchers {
    /// Prints what happens.
    pub console: Console,
    /// Counts what AWS would bill.
    pub meter: Meter,
    /// Kills processes.
    pub faults: FaultInjector,
}

/// A function, and the instances of it that wait for work.
#[derive(Debug)]
pub(super) struct Pool {
    pub(super) function: Function,
    pub(super) environment: Environment,
    pub(super) programs: Programs,
    pub(super) watchers: Watchers,
    pub(super) concurrency: Arc<Semaphore>,
    /// How many places that has.
    pub(super) places: usize,
    /// The time after which an idle process ends.
    pub(super) idle_timeout: Duration,
    /// The one that was used last is used next, so that the others can be let go.
    pub(super) idle: Mutex<Vec<mpsc::Sender<Job>>>,
}

impl Pool {
    pub(super) fn refuse(&self, error: InvokeError) -> InvokeError {
        self.warn(&error);
        error
    }

    /// Says what went wrong, and what to do about it.
    pub(super) fn warn(&self, error: &InvokeError) {
        let advice = error.advice(&self.function).map(|advice| format!(" ({advice})")).unwrap_or_default();
        self.watchers.console.warning(&self.function.id, &format!("{error}{advice}"));
    }

    pub(super) fn pop_idle(&self) -> Option<mpsc::Sender<Job>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    pub(super) fn push_idle(&self, instance: mpsc::Sender<Job>) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|other| !other.is_closed());
        idle.push(instance);
    }
}
