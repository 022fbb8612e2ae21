//! Invokes functions.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use local_service::Meter;
use sam_template::Function;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use super::environment::Environment;
use super::error::InvokeError;
use super::instance::Instance;
use super::job::{Invocation, Job};
use super::pool::{Pool, Watchers};
use super::process::Programs;
use crate::console::Served;

/// The maximum size of an event.
const EVENT_LIMIT: usize = 6 * 1024 * 1024;
/// Concurrent executions of one function per processor. Further ones wait. AWS allows 1,000 in all, each with a processor
/// of its own.
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
    /// Makes the functions ready to be invoked. No process starts before the first invocation. Those without work end so
    /// many times sooner.
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

    /// Invokes a function, by logical id, and waits for its answer.
    pub async fn invoke(&self, function: &str, payload: Bytes) -> Result<Bytes, InvokeError> {
        self.begin(function, payload).await?.answer().await
    }

    /// Invokes a function and waits only until a runtime has taken the invocation: invocations begun one after the
    /// other start in that order.
    pub async fn begin(&self, function: &str, payload: Bytes) -> Result<Invocation, InvokeError> {
        let pool = self.functions.get(function).ok_or_else(|| InvokeError::Unknown(function.to_owned()))?;
        if payload.len() > EVENT_LIMIT {
            return Err(pool.refuse(InvokeError::TooLarge));
        }
        loop {
            let places = Arc::clone(&pool.concurrency);
            let permit = match pool.function.reserved_concurrency {
                // Reserved concurrency is a limit as well, beyond which Lambda refuses.
                Some(_) => places.try_acquire_owned().map_err(|_| pool.refuse(InvokeError::Throttled))?,
                None => places.acquire_owned().await.map_err(|_| InvokeError::Stopped)?,
            };
            let (taken, is_taken) = oneshot::channel();
            let (answer, invocation) = oneshot::channel();
            let request_id = uuid::Uuid::new_v4().to_string();
            let served = Served { function: function.to_owned(), request_id: request_id.clone() };
            self.dispatch(pool, Job { request_id, payload: payload.clone(), taken, answer, permit })?;
            if is_taken.await.is_ok() {
                return Ok(Invocation { served, answer: invocation });
            }
            if let Ok(Err(error)) = invocation.await {
                return Err(error);
            }
            // The instance ended, of old age or by itself, before its runtime took this: another will.
        }
    }

    /// Whether no invocation is under way.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.functions.values().all(|pool| pool.concurrency.available_permits() == pool.places)
    }

    /// Their logical ids, in order.
    pub(crate) fn functions(&self) -> impl Iterator<Item = &str> {
        self.functions.keys().map(String::as_str)
    }

    /// What is counted of what goes through functions.
    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Hands a job to an instance that waits for one, else to a new one.
    fn dispatch(&self, pool: &Arc<Pool>, mut job: Job) -> Result<(), InvokeError> {
        if self.stop.is_cancelled() {
            return Err(InvokeError::Stopped);
        }
        while let Some(instance) = pool.pop_idle() {
            match instance.try_send(job) {
                Ok(()) => return Ok(()),
                Err(mpsc::error::TrySendError::Full(back) | mpsc::error::TrySendError::Closed(back)) => {
                    job = back;
                }
            }
        }
        let instance = Instance::start(Arc::clone(pool), job)?;
        self.tasks.spawn(instance.run(self.stop.clone()));
        Ok(())
    }

    /// What ends every instance, soon, when it is dropped.
    pub(crate) fn stopped_on_drop(&self) -> DropGuard {
        self.stop.clone().drop_guard()
    }

    /// Ends every instance. Invocations under way fail.
    pub async fn stop(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}
