//! One instance of a function: a process from its cold start to its end, doing one invocation after the other.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::Bytes;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::error::{InvokeError, Report};
use super::process::Process;
use super::report::Execution;
use super::runtime_api::{Call, Delivery, Outcome, RuntimeApi};
use super::{Job, Pool};
use crate::faults::Fault;
use crate::faults::rule::{Place, Site};

/// How long a process may take until it first asks for work. (Lambda allows ten seconds, and when they are over starts
/// anew within the function's timeout.)
const INIT: Duration = Duration::from_secs(10);
/// How long a process is kept without work.
const KEPT: Duration = Duration::from_mins(5);

/// A process of a function, and what it's doing.
#[derive(Debug)]
pub(super) struct Instance {
    pool: Arc<Pool>,
    process: Process,
    api: RuntimeApi,
    /// Where jobs come from, and the end of it that goes to the pool whenever this instance is free.
    jobs: mpsc::Receiver<Job>,
    free: mpsc::Sender<Job>,
    /// A job that the runtime hasn't taken yet.
    queued: Option<Job>,
    state: State,
    /// When the process was started, until its first invocation, which is billed for that.
    cold_start: Option<Instant>,
    /// When the state has lasted too long.
    until: Instant,
    /// When it is killed on purpose, if it is.
    doom: Option<Doom>,
}

/// When a fault has a process killed.
#[derive(Debug)]
enum Doom {
    At(Instant),
    /// When it answers.
    Answering,
    /// Now, and until it is dead its runtime goes on waiting for what it is not given.
    Undelivered {
        _runtime: oneshot::Sender<Delivery>,
    },
    /// Now, and until it is dead its runtime goes on waiting to hear that it was heard.
    Unheard {
        _known: oneshot::Sender<bool>,
    },
}

#[derive(Debug)]
enum State {
    /// The process has started, and not yet asked for work.
    Initialising,
    /// The runtime waits for an invocation.
    Waiting(oneshot::Sender<Delivery>),
    /// The runtime works on an invocation.
    Running {
        request_id: String,
        answer: oneshot::Sender<Result<Bytes, InvokeError>>,
        job: Held,
        execution: Execution,
    },
    /// The runtime has answered, and not yet asked for more.
    Finishing,
}

/// What an execution under way holds on to: its place among them all.
type Held = tokio::sync::OwnedSemaphorePermit;

impl Instance {
    /// A cold start, for a job.
    pub(super) fn start(pool: Arc<Pool>, job: Job) -> Result<Self, InvokeError> {
        let function = &pool.function;
        let command = pool.programs.command(&function.binary);
        let program = command.get_program().to_owned();
        let failed = |error: std::io::Error| InvokeError::Start {
            function: function.id.clone(),
            reason: format!("{}: {error}", program.display()),
        };
        let api = RuntimeApi::start().map_err(failed)?;
        let variables = pool.environment.of(function, &api.address);
        let process = Process::start(command, &variables, &function.id, (&pool.console, &pool.meter))
            .map_err(failed)?;
        let until = Instant::now() + INIT.max(function.timeout);
        let (free, jobs) = mpsc::channel(1);
        let (queued, state, cold_start) = (Some(job), State::Initialising, Some(Instant::now()));
        Ok(Self { pool, process, api, jobs, free, queued, state, cold_start, until, doom: None })
    }

    /// Works until the process ends, hangs, has had no work for long, or the cloud stops.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        loop {
            tokio::select! {
                Some(call) = self.api.calls.recv() => self.answer(call),
                Some(job) = self.jobs.recv(), if self.queued.is_none() => self.queued = Some(job),
                status = self.process.ended() => {
                    let how = status.map_or_else(|error| error.to_string(), |status| status.to_string());
                    return self.ended(&how);
                }
                () = sleep_until(self.until) => {
                    self.process.kill().await;
                    return self.overdue();
                }
                () = doomed(self.doom.as_ref()) => {
                    self.process.kill().await;
                    return self.ended("signal: 9 (SIGKILL), by a fault on purpose");
                }
                () = stop.cancelled() => return self.process.kill().await,
            }
            self.deliver();
        }
    }

    fn answer(&mut self, call: Call) {
        match call {
            Call::Next(waiting) => {
                self.state = State::Waiting(waiting);
                self.until = Instant::now() + KEPT;
            }
            Call::Done { request_id, outcome, known } => {
                let is_known =
                    matches!(&self.state, State::Running { request_id: own, .. } if *own == request_id);
                if is_known && matches!(self.doom, Some(Doom::Answering)) {
                    self.doom = Some(Doom::Unheard { _known: known });
                    return;
                }
                if is_known {
                    self.finish(outcome);
                }
                // A runtime that doesn't wait to hear it has ended, which is seen elsewhere.
                let _ = known.send(is_known);
            }
            Call::InitError(report) => {
                let error = Report::parse(&report).into_init_error(&self.pool.function.id);
                self.pool.console.warning(&self.pool.function.id, &error.to_string());
                if let Some(job) = self.queued.take() {
                    let _ = job.answer.send(Err(error));
                }
            }
        }
    }

    /// Frees the instance, then tells the answer: so whoever invokes again at once finds it.
    fn finish(&mut self, outcome: Outcome) {
        let State::Running { answer, job, execution, .. } =
            std::mem::replace(&mut self.state, State::Finishing)
        else {
            return;
        };
        let outcome = match outcome {
            Outcome::Answer(body) => Ok(body),
            Outcome::Error(report) => Err(Report::parse(&report).into_function_error()),
            Outcome::TooLarge => Err(InvokeError::Function {
                kind: "Function.ResponseSizeTooLarge".to_owned(),
                message: "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
                    .to_owned(),
            }),
        };
        if let Err(error) = &outcome {
            self.pool.console.warning(&self.pool.function.id, &error.to_string());
        }
        self.pool.report(&execution, &outcome);
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
        let delivery = Delivery {
            request_id: job.request_id.clone(),
            function: self.pool.function.id.clone(),
            deadline: SystemTime::now() + timeout,
            payload: job.payload.clone(),
        };
        let site = Site { function: &self.pool.function.id, operation: "", resources: &[] };
        let strike = self.pool.faults.strike(Place::Invocation, &site);
        let undelivered = strike.fault == Some(Fault::FunctionKilledBefore);
        self.doom = match strike.fault {
            Some(Fault::FunctionKilledDuring) => Some(Doom::At(Instant::now() + strike.delay)),
            Some(Fault::FunctionKilledAfter) => Some(Doom::Answering),
            _ => None,
        };
        if undelivered {
            self.doom = Some(Doom::Undelivered { _runtime: runtime });
        } else if runtime.send(delivery).is_err() {
            // It hung up while it waited; it will ask again, or end.
            self.queued = Some(job);
            return;
        }
        let _ = job.taken.send(());
        let Job { request_id, payload, answer, permit, .. } = job;
        let billed_from = self.cold_start.take().unwrap_or_else(Instant::now);
        let execution = Execution { request_id: request_id.clone(), event: payload, billed_from };
        self.state = State::Running { request_id, answer, job: permit, execution };
        self.until = Instant::now() + timeout;
    }

    /// The process ended, by itself or by a fault. A job that no runtime has taken is dropped, and goes to another instance.
    fn ended(mut self, how: &str) {
        // What the runtime said last comes before that it ended.
        while let Ok(call) = self.api.calls.try_recv() {
            self.answer(call);
        }
        let function = self.pool.function.id.clone();
        match self.state {
            State::Initialising => {
                let error = InvokeError::Init { function: function.clone(), reason: how.to_owned() };
                if let Some(job) = self.queued {
                    self.pool.console.warning(&function, &error.to_string());
                    let _ = job.answer.send(Err(error));
                }
            }
            State::Running { answer, execution, .. } => {
                let error = InvokeError::Exit(how.to_owned());
                self.pool.console.warning(&function, &error.to_string());
                self.pool.report(&execution, &Err(error.clone()));
                let _ = answer.send(Err(error));
            }
            State::Waiting(_) | State::Finishing => {
                self.pool.console.warning(&function, &format!("Runtime exited: {how}"));
            }
        }
    }

    /// The process was killed because what it did took too long.
    fn overdue(self) {
        let (function, console) = (&self.pool.function, &self.pool.console);
        match self.state {
            State::Initialising => {
                let reason =
                    format!("it asked for no work within {} s", INIT.max(function.timeout).as_secs());
                let error = InvokeError::Init { function: function.id.clone(), reason };
                console.warning(&function.id, &error.to_string());
                if let Some(job) = self.queued {
                    let _ = job.answer.send(Err(error));
                }
            }
            State::Running { answer, execution, .. } => {
                let error = InvokeError::Timeout(function.timeout);
                console.warning(&function.id, &error.to_string());
                self.pool.report(&execution, &Err(error.clone()));
                let _ = answer.send(Err(error));
            }
            State::Finishing => console.warning(&function.id, "answered, but asked for no more work: ended"),
            // Nothing to do for a while: memory is better used otherwise.
            State::Waiting(_) => {}
        }
    }
}

/// Waits for the moment at which a process is to be killed, if there is one.
async fn doomed(doom: Option<&Doom>) {
    match doom {
        Some(Doom::At(at)) => sleep_until(*at).await,
        Some(Doom::Undelivered { .. } | Doom::Unheard { .. }) => {}
        Some(Doom::Answering) | None => std::future::pending().await,
    }
}
