//! `notes-dev invoke`.

use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::Program;
use crate::{TEMPLATE, failure};

const EVENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../events");

/// What a function answers to one of the sample events, and what is said beside it.
fn invoke(function: &str, event: &str, more: &[&str]) -> (Value, String) {
    let event = format!("{EVENTS}/{event}.json");
    let arguments = [&["invoke", function, &event, "--template", TEMPLATE], more].concat();
    let output = Program::command(&arguments).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    (serde_json::from_slice(&output.stdout).unwrap(), said)
}

#[test]
fn one_event_is_answered_in_json_and_logs_go_beside_it() {
    let (answer, said) = invoke("stream", "stream-note-created", &[]);
    assert_eq!(answer, json!({"batchItemFailures": []}));
    assert!(said.contains("a batch of Notes"), "{said}");
    let (answer, said) = invoke("HTTP", "http-read-note", &[]);
    assert_eq!(answer["statusCode"], 401, "there is no session in an empty cloud");
    assert!(said.contains("GET /api/notes/{key} 401"), "{said}");
}

#[test]
fn an_event_may_come_from_standard_input() {
    let mut command = Program::command(&["invoke", "KeepAlive", "-", "--template", TEMPLATE]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let event = std::fs::read(format!("{EVENTS}/keepalive-scheduled.json")).unwrap();
    child.stdin.take().unwrap().write_all(&event).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "null\n");
}

#[test]
fn with_a_data_directory_an_event_finds_and_leaves_what_is_there() {
    let directory = tempfile::tempdir().unwrap();
    let data = ["--data", directory.path().to_str().unwrap()];
    let (answer, _) = invoke("Http", "http-sign-up", &data);
    assert_eq!(answer["statusCode"], 201);
    let (answer, _) = invoke("Http", "http-sign-up", &data);
    assert_eq!(answer["statusCode"], 409, "taken");
}

#[test]
fn a_payload_is_shown_to_whom_it_interests() {
    let (_, said) = invoke("stream", "stream-note-created", &["-v"]);
    assert!(said.contains("event       Stream ") && said.contains("answer      Stream "), "{said}");
    assert!(said.contains(r#"{"S":"Shopping"}"#), "{said}");
}

#[test]
fn an_unknown_function_is_answered_with_those_there_are() {
    let event = format!("{EVENTS}/http-page.json");
    assert_eq!(
        failure(&["invoke", "htp", &event, "--template", TEMPLATE]),
        "error: the template has no function htp: it has Http, KeepAlive, Stream, WebSocket\n"
    );
}

#[test]
fn a_file_that_holds_no_event_is_named_with_what_to_do() {
    let said = failure(&["invoke", "http", TEMPLATE, "--template", TEMPLATE]);
    assert!(said.contains("template.yaml is no JSON") && said.contains("events/"), "{said}");
    let said = failure(&["invoke", "http", "nowhere.json", "--template", TEMPLATE]);
    assert!(said.contains("nowhere.json") && said.contains("name a file"), "{said}");
}

#[test]
fn a_function_that_fails_fails_the_command() {
    let directory = tempfile::tempdir().unwrap();
    let event = directory.path().join("event.json");
    std::fs::write(&event, "{}").unwrap();
    let said = failure(&["invoke", "http", event.to_str().unwrap(), "--template", TEMPLATE]);
    assert!(said.contains("error: Http failed: ") && said.contains("above"), "{said}");
}
