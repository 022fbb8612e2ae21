//! The program `local-cloud`, run as one runs it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A run of the program, ended with the test.
pub struct Program {
    /// Its process.
    pub process: Child,
    /// `http://localhost:PORT`.
    pub address: String,
}

impl Program {
    /// The command line of a run that keeps what it says for the test.
    pub fn command(arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_local-cloud"));
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
        // Whatever it says later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, address: ready.expect("it gets ready") }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
