//! The process of a function: its start, its log, and its end, even if the cloud is killed first.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, ChildStdin};
use tokio_util::sync::CancellationToken;

use super::error::InvokeError;
use super::memory;
use crate::console::Console;
use local_service::Meter;

/// The programs that run functions.
#[derive(Debug, Clone)]
pub struct Programs {
    /// Runs every function that has no separate program.
    pub player: PathBuf,
    /// Programs of single functions, by binary.
    pub own: BTreeMap<String, PathBuf>,
}

impl Programs {
    /// Returns the command that runs a binary: its own program, or `PLAYER function BINARY`.
    pub(super) fn command(&self, binary: &str) -> Command {
        if let Some(program) = self.own.get(binary) {
            return Command::new(program);
        }
        let mut command = Command::new(&self.player);
        command.args(["function", binary]);
        command
    }
}

/// Time limit for reading the rest of the log of a process that has ended. Another process may hold the pipe open.
const LOG_TIMEOUT: Duration = Duration::from_millis(200);

/// A running process of a function. Dropping it kills it.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    /// Never written to. The system closes it with the cloud's process: see [`end_with_parent`].
    _stdin: Option<ChildStdin>,
    /// Whether the process has logged that an allocation failed.
    exhausted: Arc<AtomicBool>,
    /// Cancelled once its standard error is read to the end.
    read: CancellationToken,
}

/// The destination of the output of a process.
#[derive(Debug, Clone)]
pub(super) struct LogSink {
    /// The logical id of the function.
    pub(super) function: String,
    pub(super) console: Console,
    pub(super) meter: Meter,
}

impl Process {
    /// Starts a program with exactly these variables and this much memory, in MB.
    pub(super) fn start(
        command: Command,
        variables: &BTreeMap<String, String>,
        memory_mb: u32,
        sink: LogSink,
    ) -> std::io::Result<Self> {
        let mut command = tokio::process::Command::from(command);
        command.env_clear().envs(variables);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        // Ctrl-C in a terminal reaches every process of the foreground group, but the cloud ends its functions itself.
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn()?;
        if let Some(id) = child.id() {
            memory::limit(id, memory_mb)?;
        }
        let stdin = child.stdin.take();
        let (exhausted, read) = (Arc::new(AtomicBool::new(false)), CancellationToken::new());
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(log(stdout, sink.clone(), Arc::default()));
        }
        if let Some(stderr) = child.stderr.take() {
            let log = log(stderr, sink, Arc::clone(&exhausted));
            let is_read = read.clone().drop_guard();
            tokio::spawn(async move {
                log.await;
                drop(is_read);
            });
        }
        Ok(Self { child, _stdin: stdin, exhausted, read })
    }

    /// Waits until the process ends by itself. Returns how it ended.
    pub(super) async fn ended(&mut self) -> InvokeError {
        match self.child.wait().await {
            Ok(status) if status.success() => InvokeError::Exit("without providing a reason".to_owned()),
            Ok(status) => {
                let _ = tokio::time::timeout(LOG_TIMEOUT, self.read.cancelled()).await;
                if self.exhausted.load(Ordering::Relaxed) {
                    return InvokeError::OutOfMemory;
                }
                InvokeError::Exit(format!("with error: {}", describe(status)))
            }
            Err(error) => InvokeError::Exit(format!("with error: {error}")),
        }
    }

    /// Returns the most memory that the process has used so far, in MB, if the system reports it.
    pub(super) fn memory(&self) -> Option<u64> {
        self.child.id().and_then(memory::peak)
    }

    /// Kills the process at once, as Lambda does.
    pub(super) async fn kill(&mut self) {
        // Fails if the process has just ended by itself, which is harmless.
        let _ = self.child.kill().await;
    }
}

/// Describes how a process ended, in Lambda's words, which are Go's.
fn describe(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return match signal {
            6 => "signal: aborted".to_owned(),
            9 => "signal: killed".to_owned(),
            11 => "signal: segmentation fault".to_owned(),
            15 => "signal: terminated".to_owned(),
            other => format!("signal: {other}"),
        };
    }
    status.code().map_or_else(|| status.to_string(), |code| format!("exit status {code}"))
}

/// Logs the output of a process line by line, until it ends. Sets `exhausted` if an allocation failed.
async fn log(output: impl AsyncRead + Unpin, sink: LogSink, exhausted: Arc<AtomicBool>) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line).await.is_ok_and(|length| length > 0) {
        sink.meter.logged(line.len());
        let text = String::from_utf8_lossy(&line);
        if memory::is_exhaustion(&text) {
            exhausted.store(true, Ordering::Relaxed);
        }
        sink.console.log(&sink.function, text.trim_end());
        line.clear();
    }
}

/// Ends this process when the cloud that started it ends, even by `kill -9`. The process of a function calls this.
///
/// A function with a separate program does not need it: its runtime ends when the Runtime API is gone.
///
/// The standard input of a function is a pipe. Only the cloud's process holds the other end, and the system closes that
/// end with the process. (Linux could signal the child instead. Other systems cannot.)
pub fn end_with_parent() {
    std::thread::spawn(|| {
        let mut nothing = [0; 64];
        let mut stdin = std::io::stdin().lock();
        loop {
            match stdin.read(&mut nothing) {
                Ok(1..) => {}
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Ok(0) | Err(_) => std::process::exit(0),
            }
        }
    });
}
