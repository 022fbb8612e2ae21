//! The program `notes-dev`, run as on a command line.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

/// A run of the program. Dropping it ends the process.
pub struct Program {
    /// The process.
    pub process: Child,
    /// The address, `http://localhost:PORT`.
    pub address: String,
    printed: Arc<Mutex<Vec<String>>>,
}

impl Program {
    /// Returns a command that runs the program with piped output.
    pub fn command(arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notes-under-test"));
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts the program on a free port, and waits until it is ready.
    pub fn start(arguments: &[&str]) -> Self {
        let mut command = Self::command(arguments);
        let mut process = command.args(["--port", "0"]).stderr(Stdio::inherit()).spawn().unwrap();
        let stdout = BufReader::new(process.stdout.take().unwrap());
        let mut lines = stdout.lines().map_while(Result::ok);
        let ready = lines.find_map(|line| Some(line.split_once("ready: ")?.1.to_owned()));
        let printed = Arc::<Mutex<Vec<_>>>::default();
        // Reads to the end, because a full pipe would block the program.
        std::thread::spawn({
            let printed = Arc::clone(&printed);
            move || lines.for_each(|line| printed.lock().unwrap().push(line))
        });
        Self { process, address: ready.expect("the program gets ready"), printed }
    }

    /// Returns whether a line that it printed since it was ready contains this text.
    pub fn has_printed(&self, text: &str) -> bool {
        self.printed.lock().unwrap().iter().any(|line| line.contains(text))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
