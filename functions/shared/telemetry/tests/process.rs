//! The output of a function's process. Logging starts once per process, and a panic ends it, so each test starts a process.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::env;
use std::process::{Command, Output};

use serde_json::Value;
use tracing::{debug, error, info};

/// Runs in the process that a test starts, and prints the lines that the test asks for.
#[test]
fn process() {
    let Ok(output) = env::var("OUTPUT") else { return };
    telemetry::log::start();
    telemetry::log::request("r1").in_scope(|| match output.as_str() {
        "lines" => {
            debug!(target: "notes", "a detail of ours");
            telemetry::log::user("ada");
            info!(target: "notes", status = 200, "of ours");
            debug!(target: "aws_smithy_runtime", body = "Milk", "a detail of others");
            info!(target: "aws_smithy_runtime", "of others");
            error!(target: "notes", "a failure");
        }
        "panic" => panic!("it is inside {}", "of what somebody wrote"),
        other => panic!("{other}?"),
    });
}

/// Starts a process that prints these lines.
fn output(lines: &str, environment: &[(&str, &str)]) -> Output {
    let mut process = Command::new(env::current_exe().unwrap());
    process.args(["--exact", "process", "--nocapture"]).env_clear().env("OUTPUT", lines);
    process.envs(environment.iter().copied()).output().unwrap()
}

const JSON: (&str, &str) = ("AWS_LAMBDA_LOG_FORMAT", "JSON");

/// Returns the lines of JSON that a process prints.
fn lines(environment: &[(&str, &str)]) -> Vec<Value> {
    let printed = String::from_utf8(output("lines", environment).stdout).unwrap();
    printed.lines().filter_map(|line| serde_json::from_str(line).ok()).filter(Value::is_object).collect()
}

fn messages(environment: &[(&str, &str)]) -> Vec<String> {
    lines(environment).iter().map(|line| line["message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_json_line_has_level_time_request_and_user() {
    let line = &lines(&[JSON])[0];
    assert_eq!(
        (&line["level"], &line["message"], &line["status"]),
        (&"INFO".into(), &"of ours".into(), &200.into())
    );
    assert_eq!((&line["span"]["requestId"], &line["span"]["user"]), (&"r1".into(), &"ada".into()));
    let time = line["timestamp"].as_str().unwrap();
    assert!(time.len() >= 20 && time.contains('T') && time.ends_with('Z'), "{time} is RFC 3339");
}

#[test]
fn a_text_line_has_request_and_user_too() {
    let printed = String::from_utf8(output("lines", &[]).stdout).unwrap();
    let line = printed.lines().find(|line| line.contains("of ours")).unwrap();
    assert_eq!(line.trim(), r#"INFO request{requestId="r1" user=ada}: of ours status=200"#);
}

#[test]
fn the_level_applies_to_our_lines_and_libraries_never_log_details() {
    let normal = ["of ours", "of others", "a failure"];
    assert_eq!(messages(&[JSON]), normal);
    assert_eq!(messages(&[JSON, ("AWS_LAMBDA_LOG_LEVEL", "INFO")]), normal);
    let detailed = ["a detail of ours", "of ours", "of others", "a failure"];
    for level in ["DEBUG", "TRACE", "trace"] {
        assert_eq!(messages(&[JSON, ("AWS_LAMBDA_LOG_LEVEL", level)]), detailed);
        assert_eq!(messages(&[JSON, ("AWS_LAMBDA_LOG_LEVEL", "INFO"), ("RUST_LOG", level)]), detailed);
    }
    assert_eq!(messages(&[JSON, ("RUST_LOG", "aws_smithy_runtime=trace")]), normal);
}

#[test]
fn lines_at_every_level_name_their_request() {
    let failures = lines(&[JSON, ("AWS_LAMBDA_LOG_LEVEL", "ERROR")]);
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0]["span"]["requestId"], "r1");
}

#[test]
fn a_panic_logs_one_line_with_its_location_without_its_message() {
    let output = output("panic", &[JSON]);
    assert!(!output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    let line = printed.lines().find_map(|line| serde_json::from_str::<Value>(line).ok()).unwrap();
    assert_eq!((&line["level"], &line["span"]["requestId"]), (&"ERROR".into(), &"r1".into()));
    assert!(line["place"].as_str().unwrap().contains("tests/process.rs:"), "{line}");
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(!printed.contains("somebody wrote") && !errors.contains("somebody wrote"), "{printed} {errors}");
}
