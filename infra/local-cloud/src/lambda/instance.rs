//! One instance of a function: a process from its cold start to its end.

use std::sync::Arc;

use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::time::sleep_until;
use tokio_util::sync::CancellationToken;

use super::api::Api;
use super::error::InvokeError;
use super::job::Job;
use super::planned_kill;
use super::pool::Pool;
use super::process::Process;
use super::session::{INIT_TIMEOUT, Session};

/// A process of a function, with its interface to Lambda and its files.
#[derive(Debug)]
pub(super) struct Instance {
    process: Process,
    api: Api,
    /// The `/tmp` of the function, as `TMPDIR`. It is dropped after the process, which writes to it.
    temp_dir: TempDir,
    /// Receives jobs from the pool.
    jobs: mpsc::Receiver<Job>,
    session: Session,
}

impl Instance {
    /// Starts an instance for a job: a cold start.
    pub(super) fn start(pool: Arc<Pool>, job: Job) -> Result<Self, InvokeError> {
        let temp_dir = tempfile::Builder::new().prefix("local-cloud-").tempdir().map_err(|error| {
            InvokeError::Start {
                function: pool.function.id.clone(),
                reason: format!("cannot create its temporary directory: {error}"),
            }
        })?;
        let (process, api) = start_process(&pool, &temp_dir)?;
        let (idle, jobs) = mpsc::channel(1);
        Ok(Self { process, api, temp_dir, jobs, session: Session::new(pool, idle, job) })
    }

    /// Runs until the process ends, exceeds a time limit, or has been idle for too long, or the cloud stops.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        loop {
            tokio::select! {
                Some(call) = self.api.calls.recv() => self.session.handle(call, &self.process),
                Some(job) = self.jobs.recv(), if !self.session.has_queued_job() => self.session.queue(job),
                error = self.process.ended() => {
                    self.handle_remaining_calls();
                    if !self.restart(&error.to_string()) {
                        return self.session.fail(error);
                    }
                }
                () = sleep_until(self.session.deadline()) => {
                    let used = self.process.memory();
                    self.process.kill().await;
                    if !self.restart(&format!("no request for work within {} s", INIT_TIMEOUT.as_secs())) {
                        return self.session.time_out(used);
                    }
                }
                () = planned_kill::is_due(self.session.planned_kill()) => {
                    self.process.kill().await;
                    self.handle_remaining_calls();
                    let error = "with error: signal: killed, by an injected fault";
                    return self.session.fail(InvokeError::Exit(error.to_owned()));
                }
                () = stop.cancelled() => {
                    self.process.kill().await;
                    return self.session.stop();
                }
            }
            if let Some(error) = self.session.failed_extension() {
                self.process.kill().await;
                return self.session.fail(error);
            }
            self.session.deliver();
        }
    }

    /// Handles the calls that the process made before it ended.
    fn handle_remaining_calls(&mut self) {
        while let Ok(call) = self.api.calls.try_recv() {
            self.session.handle(call, &self.process);
        }
    }

    /// Starts a second process if the first one never asked for work and an invocation waits for it.
    fn restart(&mut self, reason: &str) -> bool {
        if !self.session.can_restart() {
            return false;
        }
        let Ok((process, api)) = start_process(self.session.pool(), &self.temp_dir) else { return false };
        (self.process, self.api) = (process, api);
        self.session.restarted(reason);
        true
    }
}

/// Starts a process and the interface that it calls.
fn start_process(pool: &Pool, temp_dir: &TempDir) -> Result<(Process, Api), InvokeError> {
    let function = &pool.function;
    let command = pool.programs.command(&function.binary);
    let program = command.get_program().to_owned();
    let failed = |error: std::io::Error| InvokeError::Start {
        function: function.id.clone(),
        reason: format!("{}: {error}", program.display()),
    };
    let api = Api::start().map_err(failed)?;
    let mut variables = pool.environment.of(function, &api.address);
    variables.insert("TMPDIR".to_owned(), temp_dir.path().display().to_string());
    let process = Process::start(command, &variables, function.memory_mb, pool.log_sink());
    Ok((process.map_err(failed)?, api))
}
