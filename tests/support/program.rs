//! The program `notes-dev`, run as one runs it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

/// A run of the program, ended with the test.
pub struct Program {
    /// Its process.
    pub process: Child,
    /// `http://localhost:PORT`.
    pub address: String,
    said: Arc<Mutex<Vec<String>>>,
}

impl Program {
    /// The command line of a run that keeps what it says for the test.
    pub fn command(arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notes-under-test"));
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts it on a free port, and waits until it is ready.
    pub fn start(arguments: &[&str]) -> Self {
        let mut command = Self::command(arguments);
        let mut process = command.args(["--port", "0"]).stderr(Stdio::inherit()).spawn().unwrap();
        let said = BufReader::new(process.stdout.take().unwrap());
        let mut lines = said.lines().map_while(Result::ok);
        let ready = lines.find_map(|line| Some(line.split_once("ready: ")?.1.to_owned()));
        let said = Arc::<Mutex<Vec<_>>>::default();
        // Also, what it says must not fill the pipe.
        std::thread::spawn({
            let said = Arc::clone(&said);
            move || lines.for_each(|line| said.lock().unwrap().push(line))
        });
        Self { process, address: ready.expect("it gets ready"), said }
    }

    /// Whether a line that it has printed since it was ready has this in it.
    pub fn has_said(&self, text: &str) -> bool {
        self.said.lock().unwrap().iter().any(|line| line.contains(text))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
