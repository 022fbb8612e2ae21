//! The conversation of an instance with its runtime and extensions: takes jobs, delivers them, and settles them.
//!
//! An instance takes the next job when the runtime and every extension have asked for one. No caller waits for their work
//! after the response. That work counts for the report of the invocation, and for the function's timeout.
//! (<https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-invoke>)

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::Bytes;
use local_service::faults::{Fault, FaultPoint, Site};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use tokio::time::Instant;

use super::call::{
    Call, Delivery, ExtensionRefused, InvalidTransition, Notice, Outcome, Registered, Waiting,
};
use super::error::InvokeError;
use super::extensions::Extensions;
use super::job::Job;
use super::planned_kill::PlannedKill;
use super::pool::{Ending, Pool};
use super::process::Process;
use super::report::Execution;

/// Time limit from the start of a process to its first request for work. A process that exceeds it, or ends, is
/// restarted once. The restart is part of the invocation and of its timeout, as on Lambda.
pub(super) const INIT_TIMEOUT: Duration = Duration::from_secs(10);

/// The state of an instance, from the invocations' point of view.
#[derive(Debug)]
pub(super) struct Session {
    pool: Arc<Pool>,
    /// Start of the process.
    started: Instant,
    /// Duration of the cold start, until an invocation reports it.
    init: Option<Duration>,
    /// Deadline of the first invocation, if that includes the start of a second process.
    second_try: Option<Instant>,
    /// Accepts jobs for this instance. The pool gets a clone whenever the instance is idle.
    idle: mpsc::Sender<Job>,
    /// A job that the runtime has not taken yet.
    queued: Option<Job>,
    extensions: Extensions,
    /// The error of an extension, which ends the instance.
    failed_extension: Option<InvokeError>,
    state: State,
    /// Time limit of the state.
    deadline: Instant,
    /// The kill that a fault injects into the current invocation.
    planned_kill: Option<PlannedKill>,
}

#[derive(Debug)]
enum State {
    /// The process has started. Its runtime or an extension has not asked for work yet.
    Initialising { runtime: Option<Waiting> },
    /// The runtime waits for an invocation.
    Waiting(Waiting),
    /// The runtime works on an invocation.
    Running {
        execution: Execution,
        answer: oneshot::Sender<Result<Bytes, InvokeError>>,
        /// The concurrency that the execution occupies.
        permit: OwnedSemaphorePermit,
    },
    /// The runtime has responded. It, or an extension, has not asked for the next invocation yet.
    Responded {
        execution: Execution,
        outcome: Result<Bytes, InvokeError>,
        /// The concurrency that the execution occupies.
        permit: OwnedSemaphorePermit,
        /// The runtime, if it waits for the next invocation already.
        runtime: Option<Waiting>,
        ending: Ending,
    },
    /// The runtime has failed to initialise, or its process has ended.
    Failed,
}

impl Session {
    /// Begins with a process that has just started for a job.
    pub(super) fn new(pool: Arc<Pool>, idle: mpsc::Sender<Job>, job: Job) -> Self {
        let started = Instant::now();
        Self {
            pool,
            started,
            init: None,
            second_try: None,
            idle,
            queued: Some(job),
            extensions: Extensions::default(),
            failed_extension: None,
            state: State::Initialising { runtime: None },
            deadline: started + INIT_TIMEOUT,
            planned_kill: None,
        }
    }

    pub(super) fn pool(&self) -> &Pool {
        &self.pool
    }

    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    pub(super) fn planned_kill(&self) -> Option<&PlannedKill> {
        self.planned_kill.as_ref()
    }

    /// Takes the error of an extension. The instance has to end.
    pub(super) fn failed_extension(&mut self) -> Option<InvokeError> {
        self.failed_extension.take()
    }

    pub(super) fn has_queued_job(&self) -> bool {
        self.queued.is_some()
    }

    /// Queues a job until the runtime asks for work.
    pub(super) fn queue(&mut self, job: Job) {
        self.queued = Some(job);
    }

    /// Returns whether the first process never asked for work and an invocation waits for it.
    pub(super) fn can_restart(&self) -> bool {
        matches!(self.state, State::Initialising { .. }) && self.queued.is_some() && self.second_try.is_none()
    }

    /// Continues with a second process, and warns that the first one failed.
    pub(super) fn restarted(&mut self, reason: &str) {
        let function = &self.pool.function;
        let message = format!("failed to initialise ({reason}), restarted");
        self.pool.watchers.console.warning(&function.id, &message);
        self.started = Instant::now();
        self.deadline = self.started + function.timeout;
        self.second_try = Some(self.deadline);
        self.extensions = Extensions::default();
        self.state = State::Initialising { runtime: None };
    }

    /// Handles a call of the process.
    pub(super) fn handle(&mut self, call: Call, process: &Process) {
        match call {
            Call::Next(runtime) if matches!(self.state, State::Running { .. }) => {
                // Sending fails if the runtime has hung up, which is harmless.
                let _ = runtime.send(Err(InvalidTransition));
            }
            Call::Next(waiting) => {
                match &mut self.state {
                    State::Initialising { runtime } | State::Responded { runtime, .. } => {
                        *runtime = Some(waiting);
                    }
                    _ => self.await_job(waiting),
                }
                self.try_end_phase(process);
            }
            Call::Done { request_id, outcome, accepted } => {
                let is_current = matches!(&self.state, State::Running { execution, .. } if execution.request_id == request_id);
                if is_current && matches!(self.planned_kill, Some(PlannedKill::OnResponse)) {
                    self.planned_kill = Some(PlannedKill::Unacknowledged { _accepted: accepted });
                    return;
                }
                if is_current {
                    self.respond(outcome);
                }
                // Sending fails if the runtime has ended, which the instance notices by itself.
                let _ = accepted.send(is_current);
            }
            Call::InitError { accepted, .. } if !matches!(self.state, State::Initialising { .. }) => {
                let _ = accepted.send(false);
            }
            Call::InitError { report, accepted } => {
                let _ = accepted.send(true);
                let error = report.into_init_error(&self.pool.function.id);
                self.pool.warn(&error);
                if let Some(job) = self.queued.take() {
                    let _ = job.answer.send(Err(error));
                }
            }
            Call::Register { extension, registered } => {
                let outcome = match self.state {
                    State::Initialising { runtime: None } => self.extensions.register(extension),
                    _ => Err(ExtensionRefused::Late),
                };
                let function = self.pool.function.id.clone();
                let _ = registered.send(outcome.map(|id| Registered { id, function }));
            }
            Call::ExtensionNext { id, waiting } => {
                self.extensions.wait(&id, waiting);
                self.try_end_phase(process);
            }
            Call::ExtensionFailed { id, kind, accepted } => {
                let name = self.extensions.name(&id).map(str::to_owned);
                let _ = accepted.send(name.is_some());
                self.failed_extension = name.map(|name| InvokeError::Extension { name, kind });
            }
        }
    }

    /// Ends the phase, Init or Invoke, unless an extension still works.
    fn try_end_phase(&mut self, process: &Process) {
        if !self.extensions.all_wait() {
            return;
        }
        match std::mem::replace(&mut self.state, State::Failed) {
            State::Initialising { runtime: Some(runtime) } => {
                // A second start is part of the invocation and of its duration.
                if self.second_try.is_none() {
                    self.init = Some(self.started.elapsed());
                }
                self.await_job(runtime);
            }
            State::Responded { execution, outcome, permit, runtime: Some(runtime), ending } => {
                self.pool.report(&execution, &outcome, process.memory());
                self.pool.push_idle(self.idle.clone());
                drop((permit, ending));
                self.await_job(runtime);
            }
            other => self.state = other,
        }
    }

    fn await_job(&mut self, runtime: Waiting) {
        self.state = State::Waiting(runtime);
        self.deadline = Instant::now() + self.pool.idle_timeout;
    }

    /// Delivers the queued job if the runtime waits for one.
    pub(super) fn deliver(&mut self) {
        if self.queued.is_none() || !matches!(self.state, State::Waiting(_)) {
            return;
        }
        let (Some(job), State::Waiting(runtime)) =
            (self.queued.take(), std::mem::replace(&mut self.state, State::Failed))
        else {
            return;
        };
        let began = Instant::now();
        let deadline = self.second_try.unwrap_or(began + self.pool.function.timeout);
        let notice = Notice {
            request_id: job.request_id.clone(),
            function: self.pool.function.id.clone(),
            deadline: SystemTime::now() + deadline.duration_since(began),
        };
        let delivery = Delivery { notice: notice.clone(), payload: job.payload.clone() };
        let site = Site { function: &self.pool.function.id, operation: "", resources: &[] };
        let injection = self.pool.watchers.faults.inject(FaultPoint::Invocation, &site);
        self.planned_kill = match injection.fault {
            Some(Fault::FunctionKilledDuring) => Some(PlannedKill::At(began + injection.delay)),
            Some(Fault::FunctionKilledAfter) => Some(PlannedKill::OnResponse),
            _ => None,
        };
        if injection.fault == Some(Fault::FunctionKilledBefore) {
            self.planned_kill = Some(PlannedKill::Undelivered { _runtime: runtime });
        } else if runtime.send(Ok(delivery)).is_err() {
            // The runtime hung up while it waited. It asks again, or its process ends.
            self.queued = Some(job);
            return;
        } else {
            self.extensions.notify(&notice);
        }
        let _ = job.taken.send(());
        let began = if self.second_try.take().is_some() { self.started } else { began };
        let Job { request_id, payload, answer, permit, .. } = job;
        let execution = Execution { request_id, event: payload, began, init: self.init.take() };
        self.state = State::Running { execution, answer, permit };
        self.deadline = deadline;
    }

    /// Answers the caller of the current invocation with the outcome that the runtime reported.
    fn respond(&mut self, outcome: Outcome) {
        let State::Running { execution, answer, permit } = std::mem::replace(&mut self.state, State::Failed)
        else {
            return;
        };
        let outcome = outcome.into_result();
        if let Err(error) = &outcome {
            self.pool.warn(error);
        }
        let ending = Ending::of(&self.pool);
        self.state = State::Responded { execution, outcome: outcome.clone(), permit, runtime: None, ending };
        // Sending fails if the client has left. The invocation counts all the same.
        let _ = answer.send(outcome);
    }

    /// Settles the current invocation after its process ended. A job that no runtime has taken is dropped, and another
    /// instance gets it.
    pub(super) fn fail(mut self, error: InvokeError) {
        // The system no longer reports the memory of a process that has ended.
        let memory = u64::from(self.pool.function.memory_mb);
        let used = (error == InvokeError::OutOfMemory).then_some(memory);
        match std::mem::replace(&mut self.state, State::Failed) {
            State::Initialising { .. } => {
                let function = self.pool.function.id.clone();
                let error = InvokeError::Init { function, reason: error.to_string() };
                if let Some(job) = self.queued {
                    self.pool.warn(&error);
                    let _ = job.answer.send(Err(error));
                }
            }
            State::Running { execution, answer, permit } => {
                self.interrupt(&execution, permit, error.clone(), used);
                let _ = answer.send(Err(error));
            }
            State::Responded { execution, permit, .. } => self.interrupt(&execution, permit, error, used),
            State::Waiting(_) | State::Failed => self.pool.warn(&error),
        }
    }

    /// Settles the current invocation after its process was killed at the time limit. `used` is the most memory that
    /// the process used, in MB.
    pub(super) fn time_out(mut self, used: Option<u64>) {
        let function = &self.pool.function;
        let error = InvokeError::Timeout(function.timeout);
        match std::mem::replace(&mut self.state, State::Failed) {
            State::Initialising { .. } => {
                self.pool.warn(&error);
                if let Some(job) = self.queued {
                    let _ = job.answer.send(Err(error));
                }
            }
            State::Running { execution, answer, permit } => {
                self.interrupt(&execution, permit, error.clone(), used);
                let _ = answer.send(Err(error));
            }
            State::Responded { execution, permit, .. } => self.interrupt(&execution, permit, error, used),
            // An idle instance ends without a warning, and one that failed was warned of.
            State::Waiting(_) | State::Failed => {}
        }
    }

    /// Ends with the cloud. An invocation that has responded counts, although the work after its response did not finish.
    pub(super) fn stop(self) {
        if let State::Responded { execution, outcome, .. } = self.state {
            self.pool.report(&execution, &outcome, None);
        }
    }

    /// Ends an execution whose process has ended.
    fn interrupt(
        &self,
        execution: &Execution,
        permit: OwnedSemaphorePermit,
        error: InvokeError,
        used: Option<u64>,
    ) {
        self.pool.warn(&error);
        self.pool.report(execution, &Err(error), used);
        drop(permit);
    }
}
