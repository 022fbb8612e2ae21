//! Lambda: functions as processes that speak the real Runtime API, one process for each concurrent execution.
//!
//! - `doom`: when a fault has a process killed on purpose
//! - [`environment`]: what a function's process finds in its environment
//! - [`error`]: why an invocation failed
//! - `instance`: one process from its cold start to its end
//! - `memory`: how much of it a process may use, and has used
//! - [`process`]: starting it, reading its log, ending it
//! - `report`: what is counted and said of an invocation that is over
//! - `runtime_api`: the HTTP interface through which it asks for work
//! - `scratch`: what an instance has for `/tmp`

mod doom;
pub mod environment;
pub mod error;
mod instance;
mod memory;
pub mod process;
mod report;
mod runtime_api;
mod scratch;

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::console::{Console, Served};
use crate::faults::Faults;
use crate::meter::Meter;
use crate::template::Function;

pub use environment::Environment;
pub use error::InvokeError;
pub use process::Programs;

/// The most that an event may hold: 6 MB.
const EVENT_LIMIT: usize = 6 * 1024 * 1024;
/// How many executions of one function may be under way for each processor; more wait their turn. AWS allows 1,000 in
/// all, but there each has a processor of its own.
const CONCURRENCY: usize = 8;
/// How long a process is kept without work.
const KEPT: Duration = Duration::from_mins(5);

/// The functions of a cloud. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Lambda {
    functions: Arc<BTreeMap<String, Arc<Pool>>>,
    meter: Meter,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// A function, and the instances of it that wait for work.
#[derive(Debug)]
struct Pool {
    function: Function,
    environment: Environment,
    programs: Programs,
    console: Console,
    faults: Faults,
    meter: Meter,
    concurrency: Arc<Semaphore>,
    /// How many places that has.
    places: usize,
    /// [`KEPT`], hurried.
    kept: Duration,
    /// The one that was used last is used next, so that the others can be let go.
    idle: Mutex<Vec<mpsc::Sender<Job>>>,
}

/// An invocation on its way to an instance.
#[derive(Debug)]
struct Job {
    request_id: String,
    payload: Bytes,
    /// Told when a runtime has taken the invocation.
    taken: oneshot::Sender<()>,
    /// Told what came of it. Dropped without a word if the instance ended before a runtime took it.
    answer: oneshot::Sender<Result<Bytes, InvokeError>>,
    /// Its place among the executions under way, held until it is over, whoever still waits for it.
    permit: OwnedSemaphorePermit,
}

/// An invocation that a runtime has taken.
#[derive(Debug)]
pub struct Invocation {
    served: Served,
    answer: oneshot::Receiver<Result<Bytes, InvokeError>>,
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

impl Lambda {
    /// Makes the functions ready to be invoked. No process starts before the first invocation. Those without work end so
    /// many times sooner.
    #[must_use]
    pub fn start(
        functions: &[Function],
        programs: &Programs,
        environment: &Environment,
        console: &Console,
        (meter, faults): (&Meter, &Faults),
        hurry: u32,
    ) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        let pool = |function: &Function| {
            let places = function.reserved_concurrency.unwrap_or(CONCURRENCY * processors);
            Pool {
                function: function.clone(),
                environment: environment.clone(),
                programs: programs.clone(),
                console: console.clone(),
                faults: faults.clone(),
                meter: meter.clone(),
                concurrency: Arc::new(Semaphore::new(places)),
                places,
                kept: KEPT / hurry.max(1),
                idle: Mutex::default(),
            }
        };
        let functions =
            functions.iter().map(|function| (function.id.clone(), Arc::new(pool(function)))).collect();
        Self {
            functions: Arc::new(functions),
            meter: meter.clone(),
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
        let instance = instance::Instance::start(Arc::clone(pool), job)?;
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

impl Pool {
    fn refuse(&self, error: InvokeError) -> InvokeError {
        self.warn(&error);
        error
    }

    /// Says what went wrong, and what to do about it.
    fn warn(&self, error: &InvokeError) {
        let advice = error.advice(&self.function).map(|advice| format!(" ({advice})")).unwrap_or_default();
        self.console.warning(&self.function.id, &format!("{error}{advice}"));
    }

    fn pop_idle(&self) -> Option<mpsc::Sender<Job>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn push_idle(&self, instance: mpsc::Sender<Job>) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|other| !other.is_closed());
        idle.push(instance);
    }
}
