//! A function's process: how it starts, where its log goes, and how it ends, even when nobody is left to end it.

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

/// The programs that play functions.
#[derive(Debug, Clone)]
pub struct Programs {
    /// Plays every function that has no program of its own.
    pub player: PathBuf,
    /// The others' programs, by binary.
    pub own: BTreeMap<String, PathBuf>,
}

impl Programs {
    /// How the player of a binary is started: as it is, if that is a program of its own, or as
    /// `PLAYER function BINARY`.
    pub(super) fn command(&self, binary: &str) -> Command {
        if let Some(program) = self.own.get(binary) {
            return Command::new(program);
        }
        let mut command = Command::new(&self.player);
        command.args(["function", binary]);
        command
    }
}

/// How long a process that has ended may keep the cloud waiting for the end of its log: another may hold it open.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// A running process of a function. Dropping it kills it.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    /// Never written to. It closes with the cloud's process, however that ends: see [`end_with_parent`].
    _stdin: Option<ChildStdin>,
    /// Whether it has said that it got no more memory.
    exhausted: Arc<AtomicBool>,
    /// Cancelled once all that it said on its standard error is read.
    read: CancellationToken,
}

impl Process {
    /// Starts a program with exactly these variables and this much memory, in MB. What it prints goes to the console.
    pub(super) fn start(
        command: Command,
        variables: &BTreeMap<String, String>,
        memory_mb: u32,
        function: &str,
        (console, meter): (&Console, &Meter),
    ) -> std::io::Result<Self> {
        let mut command = tokio::process::Command::from(command);
        command.env_clear().envs(variables);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        // Ctrl-C in a terminal reaches every process of the foreground group; ending functions is up to us.
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn()?;
        if let Some(id) = child.id() {
            memory::limit(id, memory_mb)?;
        }
        let stdin = child.stdin.take();
        let (exhausted, read) = (Arc::new(AtomicBool::new(false)), CancellationToken::new());
        if let Some(stdout) = child.stdout.take() {
            let log = log(stdout, function.to_owned(), (console.clone(), meter.clone()), Arc::default());
            tokio::spawn(log);
        }
        if let Some(stderr) = child.stderr.take() {
            let printing = (console.clone(), meter.clone());
            let log = log(stderr, function.to_owned(), printing, Arc::clone(&exhausted));
            let is_read = read.clone().drop_guard();
            tokio::spawn(async move {
                log.await;
                drop(is_read);
            });
        }
        Ok(Self { child, _stdin: stdin, exhausted, read })
    }

    /// Waits until it ends by itself, and says how.
    pub(super) async fn ended(&mut self) -> InvokeError {
        match self.child.wait().await {
            Ok(status) if status.success() => InvokeError::Exit("without providing a reason".to_owned()),
            Ok(status) => {
                let _ = tokio::time::timeout(LAST_WORDS, self.read.cancelled()).await;
                if self.exhausted.load(Ordering::Relaxed) {
                    return InvokeError::OutOfMemory;
                }
                InvokeError::Exit(format!("with error: {}", how(status)))
            }
            Err(error) => InvokeError::Exit(format!("with error: {error}")),
        }
    }

    /// The most memory that it has used so far, in MB, if the system says.
    pub(super) fn memory(&self) -> Option<u64> {
        self.child.id().and_then(memory::peak)
    }

    /// Ends it, as Lambda ends an instance: at once.
    pub(super) async fn kill(&mut self) {
        // It fails if the process has just ended by itself, which is as good.
        let _ = self.child.kill().await;
    }
}

/// How a process ended, in Lambda's words, which are Go's.
fn how(status: ExitStatus) -> String {
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

/// Prints what a process prints, line by line, until it ends, and orders if it got no more memory.
async fn log(
    output: impl AsyncRead + Unpin,
    function: String,
    (console, meter): (Console, Meter),
    exhausted: Arc<AtomicBool>,
) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line).await.is_ok_and(|length| length > 0) {
        meter.logged(line.len());
        let text = String::from_utf8_lossy(&line);
        if memory::is_exhaustion(&text) {
            exhausted.store(true, Ordering::Relaxed);
        }
        console.log(&function, text.trim_end());
        line.clear();
    }
}

/// Called by a function's process: ends it when the cloud that started it is gone, even by `kill -9`.
///
/// A program of its own does without: it ends when its runtime finds the Runtime API gone.
///
/// A function holds the reading end of a pipe on its standard input whose other end only the cloud's process holds. The
/// system closes that one with the process. (Linux could signal the child by itself, but other systems can't.)
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
