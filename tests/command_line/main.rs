//! Tests of the command line of `notes-dev`: output, errors and exit.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[path = "../support/mod.rs"]
mod support;

mod bill;
mod guestbook;
mod invoke;
mod older_data;
mod output;
mod users;
mod watch;

use std::io::Read;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use support::Program;

const TEMPLATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../template.yaml");

/// Runs the program, asserts that it fails, and returns its standard error.
fn failure(arguments: &[&str]) -> String {
    let Output { status, stderr, .. } = Program::command(arguments).output().unwrap();
    assert!(!status.success());
    String::from_utf8(stderr).unwrap()
}

/// Runs the program, and returns its standard output.
fn stdout_of(arguments: &[&str]) -> String {
    String::from_utf8(Program::command(arguments).output().unwrap().stdout).unwrap()
}

#[test]
fn help_shows_the_options_and_commands_and_not_the_role_of_functions() {
    let Output { status, stdout, .. } = Program::command(&["--help"]).output().unwrap();
    let help = String::from_utf8(stdout).unwrap();
    assert!(status.success());
    for option in [
        "--port",
        "--data",
        "--memory",
        "--template",
        "--time-scale",
        "--verbose",
        "--watch",
        "--json",
        "--poll",
        "--dynamodb",
        "--faults",
        "export",
        "import",
        "invoke",
        "bill",
        "users",
    ] {
        assert!(help.contains(option), "{option}");
    }
    assert!(!help.contains("Plays a function"), "{help}");
}

#[test]
fn a_missing_template_is_named() {
    let stderr = failure(&["--memory", "--port", "0", "--template", "nowhere.yaml"]);
    assert!(stderr.contains("nowhere.yaml") && stderr.trim().lines().count() <= 2, "{stderr}");
}

#[test]
fn a_taken_port_is_named_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let stderr = failure(&["--memory", "--port", &port, "--template", TEMPLATE]);
    assert_eq!(
        stderr,
        format!(
            "error: port {port} is taken: stop the program that uses it, or choose another with --port\n"
        )
    );
}

#[test]
fn another_port_that_is_taken_is_named_with_its_own_option() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for option in ["--dynamodb", "--faults"] {
        let stderr = failure(&["--memory", "--port", "0", option, &port, "--template", TEMPLATE]);
        assert!(
            stderr.contains(&format!("port {port}: ")) && stderr.contains(&format!("with {option}")),
            "{stderr}"
        );
    }
}

#[test]
fn a_data_directory_in_use_is_named_with_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().to_str().unwrap();
    let run = Program::start(&["--data", data, "--template", TEMPLATE]);
    assert!(run.address.starts_with("http://localhost:"), "{}", run.address);
    let stderr = failure(&["--data", data, "--port", "0", "--template", TEMPLATE]);
    assert!(stderr.contains(data) && stderr.contains("--data") && stderr.contains("--memory"), "{stderr}");
}

#[test]
fn an_unusable_data_directory_is_named_with_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().to_str().unwrap();
    std::fs::write(
        directory.path().join("dynamodb.sqlite"),
        "no tables, but a letter of some length".repeat(9),
    )
    .unwrap();
    let stderr = failure(&["--data", data, "--port", "0", "--template", TEMPLATE]);
    assert!(stderr.contains("dynamodb.sqlite") && stderr.contains("move the file away"), "{stderr}");
    let file = directory.path().join("dynamodb.sqlite");
    let stderr = failure(&["--data", file.to_str().unwrap(), "--port", "0", "--template", TEMPLATE]);
    assert!(stderr.contains("--data") && stderr.contains("--memory"), "{stderr}");
}

#[test]
fn an_invalid_port_or_parameter_is_named_with_what_to_do() {
    let stderr = failure(&["--memory", "--port", "99999", "--template", TEMPLATE]);
    assert!(stderr.contains("--port") && stderr.contains("65535"), "{stderr}");
    let stderr =
        failure(&["--memory", "--port", "0", "--parameter-overrides", "RoomShards", "--template", TEMPLATE]);
    assert!(stderr.contains("write NAME=VALUE"), "{stderr}");
}

#[test]
fn a_run_that_was_killed_leaves_its_data_directory_free() {
    let directory = tempfile::tempdir().unwrap();
    let arguments = ["--data", directory.path().to_str().unwrap(), "--template", TEMPLATE];
    drop(Program::start(&arguments));
    Program::start(&arguments);
}

#[test]
fn an_unknown_function_is_refused() {
    let mut child = Program::command(&["function", "nothing"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert!(!child.wait().unwrap().success());
    assert!(stderr.contains("nothing"), "{stderr}");
}

#[test]
fn a_functions_crate_that_is_missing_or_does_not_compile_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let template = directory.path().join("template.yaml");
    std::fs::write(&template, OTHER).unwrap();
    let arguments = ["--memory", "--port", "0", "--template", template.to_str().unwrap()];
    let folder = directory.path().join("other");
    let stderr = failure(&arguments);
    assert_eq!(
        stderr,
        format!(
            "error: Other.CodeUri: {} is not a crate: it has no Cargo.toml; write the folder of a crate\n",
            folder.display()
        )
    );

    std::fs::create_dir_all(folder.join("src")).unwrap();
    std::fs::write(folder.join("Cargo.toml"), "package = { name = \"other\" }").unwrap();
    std::fs::write(folder.join("src/main.rs"), "fn main() { this_is_what_is_wrong() }").unwrap();
    let stderr = failure(&arguments);
    assert!(stderr.contains("this_is_what_is_wrong"), "{stderr}");
    let building = format!("building other in {}", folder.display());
    assert!(stdout_of(&arguments).contains(&building), "a build is announced");
    let end = format!(
        "error: Other: Cargo did not build other in {}: correct the errors above, and run this command again\n",
        folder.display()
    );
    assert!(stderr.ends_with(&end), "{stderr}");
}

/// A template whose function is a crate beside it.
const OTHER: &str = "
Transform: AWS::Serverless-2016-10-31
Resources:
  Other:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: rust-cargolambda, BuildProperties: { Binary: other } }
    Properties: { CodeUri: other, Runtime: provided.al2023, Handler: bootstrap }
";

#[test]
#[cfg(target_os = "linux")]
fn it_ends_cleanly_when_asked_to() {
    for signal in ["INT", "TERM"] {
        let mut run = Program::start(&["--memory", "--template", TEMPLATE]);
        assert!(Path::new("/proc").join(run.process.id().to_string()).exists());
        let sent =
            Command::new("kill").args([format!("-{signal}"), run.process.id().to_string()]).status().unwrap();
        assert!(sent.success());
        assert!(run.process.wait().unwrap().success());
    }
}
