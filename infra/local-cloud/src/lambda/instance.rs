//! One instance of a function: a process from its cold start to its end, doing one invocation after the other.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::Bytes;
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::error::InvokeError;
use super::job::Job;
use super::planned_kill::{self, PlannedKill};
use super::pool::Pool;
use super::process::Process;
use super::report::Execution;
use super::runtime_api::{Call, Delivery, NotNow, Outcome, RuntimeApi, Waiting};
use local_service::faults::{Fault, FaultPoint, Site};

/// How long a process may take until it first asks for work. What takes longer, or ends, is started anew, once, and then
/// is part of the invocation and its timeout, as on Lambda.
const INIT: Duration = Duration::from_secs(10);

/// A process of a function, and what it's doing.
#[derive(Debug)]
pub(super) struct Instance {
    pool: Arc<Pool>,
    process: Process,
    api: RuntimeApi,
    /// Its `/tmp`, as `TMPDIR`. It is dropped after the process, which writes to it.
    temp_dir: TempDir,
    /// When its process started.
    started: Instant,
    /// How long its cold start took, until an invocation reports it.
    init: Option<Duration>,
    /// When its first invocation must be over, if that began with the start of a second process.
    second_try: Option<Instant>,
    /// Where jobs come from, and the end of it that goes to the pool whenever this instance is free.
    jobs: mpsc::Receiver<Job>,
    free: mpsc::Sender<Job>,
    /// A job that the runtime hasn't taken yet.
    queued: Option<Job>,
    state: State,
    /// When the state has lasted too long.
    until: Instant,
    /// When it is killed on purpose, if it is.
    planned_kill: Option<PlannedKill>,
}

#[derive(Debug)]
enum State {
    /// The process has started, and not yet asked for work.
    Initialising,
    /// The runtime waits for an invocation.
    Waiting(Waiting),
    /// The runtime works on an invocation.
    Running { execution: Execution, answer: oneshot::Sender<Result<Bytes, InvokeError>>, job: Held },
    /// The runtime has answered, and not yet asked for more.
    Finishing,
}

/// What an execution under way holds on to: its place among them all.
type Held = tokio::sync::OwnedSemaphorePermit;

impl Instance {
    /// A cold start, for a job.
    pub(super) fn start(pool: Arc<Pool>, job: Job) -> Result<Self, InvokeError> {
        let temp_dir = tempfile::Builder::new().prefix("local-cloud-").tempdir().map_err(|error| {
            InvokeError::Start {
                function: pool.function.id.clone(),
                reason: format!("a directory for its files: {error}"),
            }
        })?;
        let (process, api) = start_process(&pool, &temp_dir)?;
        let (free, jobs) = mpsc::channel(1);
        let started = Instant::now();
        Ok(Self {
            pool,
            process,
            api,
            temp_dir,
            started,
            init: None,
            second_try: None,
            jobs,
            free,
            queued: Some(job),
            state: State::Initialising,
            until: started + INIT,
            planned_kill: None,
        })
    }

    /// Works until the process ends, hangs, has had no work for long, or the cloud stops.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        loop {
            tokio::select! {
                Some(call) = self.api.calls.recv() => self.answer(call),
                Some(job) = self.jobs.recv(), if self.queued.is_none() => self.queued = Some(job),
                how = self.process.ended() => {
                    self.hear_last_words();
                    if !self.start_again(&how.to_string()) {
                        return self.ended(how);
                    }
                }
                () = sleep_until(self.until) => {
                    let used = self.process.memory();
                    self.process.kill().await;
                    if !self.start_again(&format!("no work asked for within {} s", INIT.as_secs())) {
                        return self.overdue(used);
                    }
                }
                () = planned_kill::is_due(self.planned_kill.as_ref()) => {
                    self.process.kill().await;
                    self.hear_last_words();
                    return self.ended(InvokeError::Exit("with error: signal: killed, by a fault on purpose".to_owned()));
                }
                () = stop.cancelled() => return self.process.kill().await,
            }
            self.deliver();
        }
    }

    /// What the runtime said last comes before that it ended.
    fn hear_last_words(&mut self) {
        while let Ok(call) = self.api.calls.try_recv() {
            self.answer(call);
        }
    }

    /// Starts a second process if the first one never asked for work and an invocation waits for it.
    fn start_again(&mut self, why: &str) -> bool {
        let initialising = matches!(self.state, State::Initialising);
        if !initialising || self.queued.is_none() || self.second_try.is_some() {
            return false;
        }
        let function = &self.pool.function;
        let Ok((process, api)) = start_process(&self.pool, &self.temp_dir) else { return false };
        self.pool
            .watchers
            .console
            .warning(&function.id, &format!("failed to initialise ({why}): started again"));
        (self.process, self.api) = (process, api);
        self.started = Instant::now();
        self.until = self.started + function.timeout;
        self.second_try = Some(self.until);
        true
    }

    fn answer(&mut self, call: Call) {
        match call {
            Call::Next(runtime) if matches!(self.state, State::Running { .. }) => {
                // A runtime that has hung up needn't hear it.
                let _ = runtime.send(Err(NotNow));
            }
            Call::Next(waiting) => {
                // A second start is part of the invocation, and of its duration.
                if matches!(self.state, State::Initialising) && self.second_try.is_none() {
                    self.init = Some(self.started.elapsed());
                }
                self.state = State::Waiting(waiting);
                self.until = Instant::now() + self.pool.idle_timeout;
            }
            Call::Done { request_id, outcome, known } => {
                let is_known = matches!(&self.state, State::Running { execution, .. } if execution.request_id == request_id);
                if is_known && matches!(self.planned_kill, Some(PlannedKill::Answering)) {
                    self.planned_kill = Some(PlannedKill::Unheard { _known: known });
                    return;
                }
                if is_known {
                    self.finish(outcome);
                }
                // A runtime that doesn't wait to hear it has ended, which is seen elsewhere.
                let _ = known.send(is_known);
            }
            Call::InitError { known, .. } if !matches!(self.state, State::Initialising) => {
                let _ = known.send(false);
            }
            Call::InitError { report, known } => {
                let _ = known.send(true);
                let error = report.into_init_error(&self.pool.function.id);
                self.pool.warn(&error);
                if let Some(job) = self.queued.take() {
                    let _ = job.answer.send(Err(error));
                }
            }
        }
    }

    /// Frees the instance, then tells the answer: so whoever invokes again at once finds it.
    fn finish(&mut self, outcome: Outcome) {
        let State::Running { execution, answer, job } = std::mem::replace(&mut self.state, State::Finishing)
        else {
            return;
        };
        let outcome = match outcome {
            Outcome::Answer(body) => Ok(body),
            Outcome::Error(report) => Err(report.into_function_error()),
            Outcome::TooLarge => Err(InvokeError::Function {
                kind: "Function.ResponseSizeTooLarge".to_owned(),
                message: "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
                    .to_owned(),
            }),
        };
        if let Err(error) = &outcome {
            self.pool.warn(error);
        }
        self.pool.report(&execution, &outcome, self.process.memory());
        self.pool.push_idle(self.free.clone());
        drop(job);
        // Nobody need be waiting: an invocation goes on when its client has left.
        let _ = answer.send(outcome);
    }

    /// Brings a queued job and a waiting runtime together.
    fn deliver(&mut self) {
        if self.queued.is_none() || !matches!(self.state, State::Waiting(_)) {
            return;
        }
        let (Some(job), State::Waiting(runtime)) =
            (self.queued.take(), std::mem::replace(&mut self.state, State::Finishing))
        else {
            return;
        };
        let timeout = self.pool.function.timeout;
        let began = Instant::now();
        let until = self.second_try.unwrap_or(began + timeout);
        let delivery = Delivery {
            request_id: job.request_id.clone(),
            function: self.pool.function.id.clone(),
            deadline: SystemTime::now() + until.duration_since(began),
            payload: job.payload.clone(),
        };
        let site = Site { function: &self.pool.function.id, operation: "", resources: &[] };
        let injection = self.pool.watchers.faults.inject(FaultPoint::Invocation, &site);
        self.planned_kill = match injection.fault {
            Some(Fault::FunctionKilledDuring) => Some(PlannedKill::At(began + injection.delay)),
            Some(Fault::FunctionKilledAfter) => Some(PlannedKill::Answering),
            _ => None,
        };
        if injection.fault == Some(Fault::FunctionKilledBefore) {
            self.planned_kill = Some(PlannedKill::Undelivered { _runtime: runtime });
        } else if runtime.send(Ok(delivery)).is_err() {
            // It hung up while it waited; it will ask again, or end.
            self.queued = Some(job);
            return;
        }
        let _ = job.taken.send(());
        let began = if self.second_try.take().is_some() { self.started } else { began };
        let Job { request_id, payload, answer, permit, .. } = job;
        let execution = Execution { request_id, event: payload, began, init: self.init.take() };
        self.state = State::Running { execution, answer, job: permit };
        self.until = until;
    }

    /// The process ended, by itself or by a fault. A job that no runtime has taken is dropped, and goes to another instance.
    fn ended(mut self, how: InvokeError) {
        let function = self.pool.function.id.clone();
        match std::mem::replace(&mut self.state, State::Finishing) {
            State::Initialising => {
                let error = InvokeError::Init { function: function.clone(), reason: how.to_string() };
                if let Some(job) = self.queued {
                    self.pool.warn(&error);
                    let _ = job.answer.send(Err(error));
                }
            }
            State::Running { execution, answer, job } => {
                // Of one that has ended, the system says no more; what ran out of memory has used it all.
                let memory = u64::from(self.pool.function.memory_mb);
                let used = (how == InvokeError::OutOfMemory).then_some(memory);
                self.pool.warn(&how);
                let outcome = Err(how);
                self.pool.report(&execution, &outcome, used);
                drop(job);
                let _ = answer.send(outcome);
            }
            State::Waiting(_) | State::Finishing => self.pool.warn(&how),
        }
    }

    /// The process was killed because what it did took too long.
    fn overdue(mut self, used: Option<u64>) {
        let pool = Arc::clone(&self.pool);
        let (function, console) = (&pool.function, &pool.watchers.console);
        match std::mem::replace(&mut self.state, State::Finishing) {
            State::Initialising => {
                let error = InvokeError::Timeout(function.timeout);
                pool.warn(&error);
                if let Some(job) = self.queued {
                    let _ = job.answer.send(Err(error));
                }
            }
            State::Running { execution, answer, job } => {
                let error = InvokeError::Timeout(function.timeout);
                pool.warn(&error);
                let outcome = Err(error);
                pool.report(&execution, &outcome, used);
                drop(job);
                let _ = answer.send(outcome);
            }
            State::Finishing => console.warning(&function.id, "answered, but asked for no more work: ended"),
            // Nothing to do for a while: memory is better used otherwise.
            State::Waiting(_) => {}
        }
    }
}

/// Starts a process, and the Runtime API that it asks.
fn start_process(pool: &Pool, temp_dir: &TempDir) -> Result<(Process, RuntimeApi), InvokeError> {
    let function = &pool.function;
    let command = pool.programs.command(&function.binary);
    let program = command.get_program().to_owned();
    let failed = |error: std::io::Error| InvokeError::Start {
        function: function.id.clone(),
        reason: format!("{}: {error}", program.display()),
    };
    let api = RuntimeApi::start().map_err(failed)?;
    let mut variables = pool.environment.of(function, &api.address);
    variables.insert("TMPDIR".to_owned(), temp_dir.path().display().to_string());
    let process = Process::start(
        command,
        &variables,
        function.memory_mb,
        &function.id,
        (&pool.watchers.console, &pool.watchers.meter),
    );
    Ok((process.map_err(failed)?, api))
}
