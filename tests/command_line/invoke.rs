//! The command `notes-dev invoke`.

use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::Program;
use crate::{TEMPLATE, failure};

const EVENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../events");

/// Invokes a function with a sample event. Returns its result, and the program's standard error.
fn invoke(function: &str, event: &str, more: &[&str]) -> (Value, String) {
    let event = format!("{EVENTS}/{event}.json");
    let arguments = [&["invoke", function, &event, "--template", TEMPLATE], more].concat();
    let output = Program::command(&arguments).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    (serde_json::from_slice(&output.stdout).unwrap(), stderr)
}

#[test]
fn a_result_is_json_on_standard_output_and_logs_go_to_standard_error() {
    let (result, logs) = invoke("stream", "stream-note-created", &[]);
    assert_eq!(result, json!({"batchItemFailures": []}));
    assert!(logs.contains("a batch of Notes"), "{logs}");
    let (result, logs) = invoke("HTTP", "http-read-note", &[]);
    assert_eq!(result["statusCode"], 401, "an empty cloud has no session");
    assert!(logs.contains("GET /api/boards/{board}/notes/{key} 401"), "{logs}");
}

#[test]
fn an_event_did_not_come_through_the_edge_and_is_refused_only_on_request() {
    let (result, _) = invoke("http", "http-page", &[]);
    assert_eq!(result["statusCode"], 200);
    let (result, _) = invoke("http", "http-page", &["--parameter-overrides", "Edge=yes"]);
    assert_eq!(result["statusCode"], 403);
}

#[test]
fn an_event_can_come_from_standard_input() {
    let mut command = Program::command(&["invoke", "KeepAlive", "-", "--template", TEMPLATE]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let event = std::fs::read(format!("{EVENTS}/keepalive-scheduled.json")).unwrap();
    child.stdin.take().unwrap().write_all(&event).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "null\n");
}

#[test]
fn with_a_data_directory_an_event_reads_and_writes_stored_data() {
    let directory = tempfile::tempdir().unwrap();
    let data = ["--data", directory.path().to_str().unwrap()];
    let (result, _) = invoke("Http", "http-sign-up", &data);
    assert_eq!(result["statusCode"], 201);
    let (result, _) = invoke("Http", "http-sign-up", &data);
    assert_eq!(result["statusCode"], 409, "taken");
}

#[test]
fn verbose_output_shows_payloads() {
    let (_, output) = invoke("stream", "stream-note-created", &["-v"]);
    assert!(output.contains("event       Stream ") && output.contains("answer      Stream "), "{output}");
    assert!(output.contains(r#"{"S":"Shopping"}"#), "{output}");
}

#[test]
fn an_unknown_function_is_refused_with_the_names_of_all_functions() {
    let event = format!("{EVENTS}/http-page.json");
    assert_eq!(
        failure(&["invoke", "htp", &event, "--template", TEMPLATE]),
        "error: the template has no function htp: it has Http, KeepAlive, Merge, Stream, WebSocket\n"
    );
}

#[test]
fn a_file_without_an_event_is_named_with_what_to_do() {
    let output = failure(&["invoke", "http", TEMPLATE, "--template", TEMPLATE]);
    assert!(output.contains("template.yaml is not JSON") && output.contains("events/"), "{output}");
    let output = failure(&["invoke", "http", "nowhere.json", "--template", TEMPLATE]);
    assert!(output.contains("nowhere.json") && output.contains("choose a file"), "{output}");
}

#[test]
fn a_function_that_fails_fails_the_command() {
    let directory = tempfile::tempdir().unwrap();
    let event = directory.path().join("event.json");
    std::fs::write(&event, "{}").unwrap();
    let output = failure(&["invoke", "http", event.to_str().unwrap(), "--template", TEMPLATE]);
    assert!(output.contains("error: Http failed: ") && output.contains("above"), "{output}");
}
