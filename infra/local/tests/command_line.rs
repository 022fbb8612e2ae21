//! The program `local-cloud`: what it says on the command line, and how it ends.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

const TEMPLATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cloud/template.yaml");

fn local_cloud(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_local-cloud"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A run that must fail, and what it says.
fn failure(arguments: &[&str]) -> String {
    let Output { status, stderr, .. } = local_cloud(arguments).output().unwrap();
    assert!(!status.success());
    String::from_utf8(stderr).unwrap()
}

/// A run of its own, ended with the test.
struct Run(Child);

impl Run {
    /// Starts it and waits until it's ready.
    fn start(arguments: &[&str]) -> (Self, String) {
        let mut run = Self(local_cloud(arguments).spawn().unwrap());
        let mut lines = BufReader::new(run.0.stdout.take().unwrap()).lines().map_while(Result::ok);
        let address =
            lines.find_map(|line| Some(line.split_once("ready: ")?.1.to_owned())).expect("it gets ready");
        // Whatever it says later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        (run, address)
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn help_shows_the_options_and_not_the_role_of_functions() {
    let Output { status, stdout, .. } = local_cloud(&["--help"]).output().unwrap();
    let help = String::from_utf8(stdout).unwrap();
    assert!(status.success());
    for option in ["--port", "--data", "--memory", "--template"] {
        assert!(help.contains(option), "{option}");
    }
    assert!(!help.contains("function"), "{help}");
}

#[test]
fn a_missing_template_is_named() {
    let said = failure(&["--memory", "--port", "0", "--template", "nowhere.yaml"]);
    assert!(said.contains("nowhere.yaml") && said.trim().lines().count() <= 2, "{said}");
}

#[test]
fn a_taken_port_is_named_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = failure(&["--memory", "--port", &port, "--template", TEMPLATE]);
    assert_eq!(
        said,
        format!("error: port {port} is taken: stop what uses it, or choose another with --port\n")
    );
}

#[test]
fn a_data_directory_in_use_is_named_with_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().to_str().unwrap();
    let arguments = ["--data", data, "--port", "0", "--template", TEMPLATE];
    let (_run, address) = Run::start(&arguments);
    assert!(address.starts_with("http://localhost:"), "{address}");
    let said = failure(&arguments);
    assert!(said.contains(data) && said.contains("--data") && said.contains("--memory"), "{said}");
}

#[test]
fn a_run_that_was_killed_leaves_its_data_directory_free() {
    let directory = tempfile::tempdir().unwrap();
    let arguments = ["--data", directory.path().to_str().unwrap(), "--port", "0", "--template", TEMPLATE];
    let (run, _) = Run::start(&arguments);
    drop(run);
    Run::start(&arguments);
}

#[test]
fn an_unknown_function_is_refused() {
    let mut child = local_cloud(&["function", "nothing"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(!child.wait().unwrap().success());
    assert!(said.contains("nothing"), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn it_ends_cleanly_when_asked_to() {
    for signal in ["INT", "TERM"] {
        let (mut run, _) = Run::start(&["--memory", "--port", "0", "--template", TEMPLATE]);
        assert!(Path::new("/proc").join(run.0.id().to_string()).exists());
        let sent =
            Command::new("kill").args([format!("-{signal}"), run.0.id().to_string()]).status().unwrap();
        assert!(sent.success());
        assert!(run.0.wait().unwrap().success());
    }
}
