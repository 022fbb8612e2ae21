//! A function and its idle instances.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use local_service::Meter;
use local_service::faults::FaultInjector;
use sam_template::Function;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::time::timeout;

use super::environment::Environment;
use super::error::InvokeError;
use super::job::Job;
use super::process::{LogSink, Programs};
use crate::console::Console;

/// How long a caller waits for an instance that has responded, before it starts another one.
///
/// On Lambda a caller needs longer to ask again than a runtime does. Here both may take a fraction of a millisecond.
const END_WAIT: Duration = Duration::from_millis(20);

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
    pub(super) endings: Endings,
}

/// The invocations that have responded and not ended yet.
#[derive(Debug, Default)]
pub(super) struct Endings {
    count: AtomicUsize,
    ended: Notify,
}

/// An invocation that has responded. Drop it when the invocation has ended.
#[derive(Debug)]
pub(super) struct Ending(Arc<Pool>);

impl Ending {
    pub(super) fn of(pool: &Arc<Pool>) -> Self {
        pool.endings.count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(pool))
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.endings.count.fetch_sub(1, Ordering::Relaxed);
        self.0.endings.ended.notify_waiters();
    }
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

    /// Waits for an instance, if one has responded already and will be idle soon. Call it if there is no other.
    pub(super) async fn wait_for_ending(&self) {
        let ended = self.endings.ended.notified();
        if self.endings.count.load(Ordering::Relaxed) > 0 {
            // After this time another instance starts.
            let _ = timeout(END_WAIT, ended).await;
        }
    }

    /// Gives a job to an idle instance. Returns the job if there is none.
    pub(super) fn give(&self, mut job: Job) -> Result<(), Job> {
        while let Some(instance) = self.pop_idle() {
            match instance.try_send(job) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Full(back) | TrySendError::Closed(back)) => job = back,
            }
        }
        Err(job)
    }

    fn pop_idle(&self) -> Option<mpsc::Sender<Job>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    pub(super) fn push_idle(&self, instance: mpsc::Sender<Job>) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|other| !other.is_closed());
        idle.push(instance);
    }
}
