//! A function and its idle instances.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use local_service::Meter;
use local_service::faults::FaultInjector;
use sam_template::Function;
use tokio::sync::{Semaphore, mpsc};

use super::environment::Environment;
use super::error::InvokeError;
use super::job::Job;
use super::process::{LogSink, Programs};
use crate::console::Console;

/// The console, the meter and the faults of invocations. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Watchers {
    /// Prints invocations, logs and warnings.
    pub console: Console,
    /// Counts the usage that AWS would bill.
    pub meter: Meter,
    /// Kills processes.
    pub faults: FaultInjector,
}

/// A function and its instances that wait for work.
#[derive(Debug)]
pub(super) struct Pool {
    pub(super) function: Function,
    pub(super) environment: Environment,
    pub(super) programs: Programs,
    pub(super) watchers: Watchers,
    /// One permit for each concurrent execution.
    pub(super) concurrency: Arc<Semaphore>,
    /// Number of permits.
    pub(super) places: usize,
    /// The time after which an idle process ends.
    pub(super) idle_timeout: Duration,
    /// A stack: the instance that was used last is used next, so that the others reach their idle timeout.
    pub(super) idle: Mutex<Vec<mpsc::Sender<Job>>>,
}

impl Pool {
    /// Warns of an error and returns it.
    pub(super) fn refuse(&self, error: InvokeError) -> InvokeError {
        self.warn(&error);
        error
    }

    /// Prints a warning that says what to do about an error.
    pub(super) fn warn(&self, error: &InvokeError) {
        let advice = error.advice(&self.function).map(|advice| format!(" ({advice})")).unwrap_or_default();
        self.watchers.console.warning(&self.function.id, &format!("{error}{advice}"));
    }

    /// Returns the destination of the output of a process.
    pub(super) fn log_sink(&self) -> LogSink {
        LogSink {
            function: self.function.id.clone(),
            console: self.watchers.console.clone(),
            meter: self.watchers.meter.clone(),
        }
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
