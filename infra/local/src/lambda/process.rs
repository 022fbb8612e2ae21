//! A function's process: how it starts, where its log goes, and how it ends, even when nobody is left to end it.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, ChildStdin};

use crate::console::Console;
use crate::meter::Meter;

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

/// A running process of a function. Dropping it kills it.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    /// Never written to. It closes with the cloud's process, however that ends: see [`end_with_parent`].
    _stdin: Option<ChildStdin>,
}

impl Process {
    /// Starts a program with exactly these variables. What it prints goes to the console.
    pub(super) fn start(
        command: Command,
        variables: &BTreeMap<String, String>,
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
        let stdin = child.stdin.take();
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(log(stdout, function.to_owned(), console.clone(), meter.clone()));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(log(stderr, function.to_owned(), console.clone(), meter.clone()));
        }
        Ok(Self { child, _stdin: stdin })
    }

    /// Waits until it ends by itself.
    pub(super) async fn ended(&mut self) -> std::io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Ends it, as Lambda ends an instance: at once.
    pub(super) async fn kill(&mut self) {
        // It fails if the process has just ended by itself, which is as good.
        let _ = self.child.kill().await;
    }
}

/// Prints what a process prints, line by line, until it ends.
async fn log(output: impl AsyncRead + Unpin, function: String, console: Console, meter: Meter) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line).await.is_ok_and(|length| length > 0) {
        meter.logged(line.len());
        console.log(&function, String::from_utf8_lossy(&line).trim_end());
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
