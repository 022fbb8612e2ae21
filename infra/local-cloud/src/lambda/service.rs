//! Invokes functions.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use local_service::Meter;
use sam_template::Function;
use tokio::sync::{Semaphore, oneshot};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use super::environment::Environment;
use super::error::InvokeError;
use super::instance::Instance;
use super::job::{Invocation, Job};
use super::pool::{Endings, Pool, Watchers};
use super::process::Programs;
use crate::console::Served;

/// The maximum size of an event.
const EVENT_LIMIT: usize = 6 * 1024 * 1024;
/// Maximum concurrent executions of one function per processor. More invocations wait. AWS allows 1,000 per account,
/// each with its own processor.
const CONCURRENCY: usize = 8;
/// The time after which an idle process ends.
const IDLE_TIMEOUT: Duration = Duration::from_mins(5);

/// The functions of a cloud. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Lambda {
    functions: Arc<BTreeMap<String, Arc<Pool>>>,
    meter: Meter,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Lambda {
    /// Makes the functions ready to be invoked. No process starts before the first invocation. The idle timeout is
    /// divided by `time_scale`.
    #[must_use]
    pub fn start(
        functions: &[Function],
        programs: &Programs,
        environment: &Environment,
        watchers: &Watchers,
        time_scale: u32,
    ) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        let pool = |function: &Function| {
            let places = function.reserved_concurrency.unwrap_or(CONCURRENCY * processors);
            Pool {
                function: function.clone(),
                environment: environment.clone(),
                programs: programs.clone(),
                watchers: watchers.clone(),
                concurrency: Arc::new(Semaphore::new(places)),
                places,
                idle_timeout: IDLE_TIMEOUT / time_scale.max(1),
                idle: Mutex::default(),
                endings: Endings::default(),
            }
        };
        let functions =
            functions.iter().map(|function| (function.id.clone(), Arc::new(pool(function)))).collect();
        Self {
            functions: Arc::new(functions),
            meter: watchers.meter.clone(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        }
    }

    /// Invokes a function by logical id, and waits for its response.
    ///
    /// # Errors
    /// If the function does not exist, is throttled, fails, times out or is killed, or the cloud stops.
    pub async fn invoke(&self, function: &str, payload: Bytes) -> Result<Bytes, InvokeError> {
        self.begin(function, payload).await?.answer().await
    }

    /// Invokes a function, and waits only until a runtime has taken the invocation. Invocations start in the order of
    /// these calls.
    ///
    /// # Errors
    /// If the function does not exist, is throttled or cannot start, or the cloud stops.
    pub async fn begin(&self, function: &str, payload: Bytes) -> Result<Invocation, InvokeError> {
        let pool = self.functions.get(function).ok_or_else(|| InvokeError::Unknown(function.to_owned()))?;
        if payload.len() > EVENT_LIMIT {
            return Err(pool.refuse(InvokeError::TooLarge));
        }
        loop {
            let places = Arc::clone(&pool.concurrency);
            let permit = match pool.function.reserved_concurrency {
                // Reserved concurrency is also a limit. Lambda rejects invocations beyond it.
                Some(_) => {
                    if places.available_permits() == 0 {
                        pool.wait_for_ending().await;
                    }
                    places.try_acquire_owned().map_err(|_| pool.refuse(InvokeError::Throttled))?
                }
                None => places.acquire_owned().await.map_err(|_| InvokeError::Stopped)?,
            };
            let (taken, is_taken) = oneshot::channel();
            let (answer, invocation) = oneshot::channel();
            let request_id = uuid::Uuid::new_v4().to_string();
            let served = Served { function: function.to_owned(), request_id: request_id.clone() };
            self.dispatch(pool, Job { request_id, payload: payload.clone(), taken, answer, permit }).await?;
            if is_taken.await.is_ok() {
                return Ok(Invocation { served, answer: invocation });
            }
            if let Ok(Err(error)) = invocation.await {
                return Err(error);
            }
            // The instance ended before its runtime took the invocation: try another instance.
        }
    }

    /// Returns whether no invocation is running.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.functions.values().all(|pool| pool.concurrency.available_permits() == pool.places)
    }

    /// Returns the logical ids of the functions, in order.
    pub(crate) fn functions(&self) -> impl Iterator<Item = &str> {
        self.functions.keys().map(String::as_str)
    }

    /// Returns the meter.
    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Gives a job to an idle instance, or to a new one.
    async fn dispatch(&self, pool: &Arc<Pool>, job: Job) -> Result<(), InvokeError> {
        let Err(job) = pool.give(job) else { return Ok(()) };
        pool.wait_for_ending().await;
        let Err(job) = pool.give(job) else { return Ok(()) };
        if self.stop.is_cancelled() {
            return Err(InvokeError::Stopped);
        }
        let instance = Instance::start(Arc::clone(pool), job)?;
        self.tasks.spawn(instance.run(self.stop.clone()));
        Ok(())
    }

    /// Returns a guard that stops every instance when it is dropped.
    pub(crate) fn stopped_on_drop(&self) -> DropGuard {
        self.stop.clone().drop_guard()
    }

    /// Stops every instance. Running invocations fail.
    pub async fn stop(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}
