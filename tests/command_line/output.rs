//! The output of a run.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::TEMPLATE;
use crate::support::{JOIN_HOME, Program, Socket, TestUser, until};

/// Runs the cloud with these options and performs actions on it. Returns the printed lines, up to the push of a changed
/// list.
async fn printed<F: Future<Output = ()>>(
    options: &[&str],
    address: impl Fn(&str) -> Option<String>,
    act: impl FnOnce(String) -> F,
) -> Vec<String> {
    let arguments = [&["--memory", "--port", "0", "--template", TEMPLATE], options].concat();
    let mut process = Program::command(&arguments).stderr(Stdio::inherit()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
    let address = lines.find_map(|line| address(&line)).unwrap();
    let printed = Arc::new(Mutex::new(Vec::new()));
    let reading = std::thread::spawn({
        let printed = Arc::clone(&printed);
        move || lines.for_each(|line| printed.lock().unwrap().push(line))
    });
    act(address).await;
    let is_last = |line: &String| line.contains("Stream.NoteChanged") && line.contains("done");
    until("the batch is printed", async || printed.lock().unwrap().iter().any(is_last)).await;
    let pid = process.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert!(process.wait().unwrap().success());
    reading.join().unwrap();
    std::mem::take(&mut *printed.lock().unwrap())
}

/// Signs up, creates a note, and waits until it is in the list.
async fn a_note_is_written(address: String) {
    let ada = TestUser::sign_up(&address, "ada").await;
    let mut socket = Socket::open(&address, Some(ada.cookie())).await.unwrap();
    socket.join_home().await;
    ada.create("shopping", "Shopping").await;
    socket.notetitles_until(|list| list["notelist"][0]["key"] == "shopping").await;
}

fn as_text(line: &str) -> Option<String> {
    Some(line.split_once("ready: ")?.1.to_owned())
}

fn as_json(line: &str) -> Option<String> {
    let line: Value = serde_json::from_str(line).unwrap();
    (line["kind"] == "ready").then(|| line["address"].as_str().unwrap().to_owned())
}

/// Returns the words of the line with this beginning that contains this text.
fn line<'a>(lines: &'a [String], beginning: &str, text: &str) -> Vec<&'a str> {
    let found = lines.iter().find(|line| line.starts_with(beginning) && line.contains(text));
    found.unwrap_or_else(|| panic!("no {beginning} ... {text} in {lines:#?}")).split_whitespace().collect()
}

#[tokio::test]
async fn lines_of_events_and_of_functions_name_the_function_and_the_request() {
    let lines = printed(&[], as_text, a_note_is_written).await;
    let put = line(&lines, "PUT", "/api/boards/team/notes/shopping");
    let (function, request) = (put[4], put[5]);
    assert_eq!((put[1], function), ("201", "Http"));
    assert_eq!(line(&lines, "Http", "PUT /api/boards/{board}/notes/{key} 201")[2], request);

    let frame = line(&lines, "<-", "40/home,");
    assert_eq!(frame[2], "WebSocket");
    assert_eq!(frame[3].len(), 6);

    let batch = line(&lines, "trigger", "Stream.NoteChanged");
    assert_eq!(batch[3], "Stream");
    assert_eq!(line(&lines, "Stream", "a batch of Notes")[2], batch[4]);
    assert!(!lines.iter().any(|line| line.starts_with("event")), "no payloads unless asked for");
}

#[tokio::test]
async fn verbose_output_shows_each_functions_event_result_and_report() {
    let lines = printed(&["--verbose"], as_text, a_note_is_written).await;
    let put = line(&lines, "PUT", "/api/boards/team/notes/shopping");
    let request = put[5];
    for (beginning, text) in [
        ("event", r#""rawPath":"/api/boards/team/notes/shopping""#),
        ("answer", r#""statusCode":201"#),
        ("report", "Memory Size: 256 MB"),
    ] {
        assert!(
            lines
                .iter()
                .any(|line| line.starts_with(beginning) && line.contains(request) && line.contains(text)),
            "{beginning} {text}"
        );
    }
}

#[tokio::test]
async fn json_output_has_an_object_per_line_and_payloads_on_request() {
    let lines = printed(&["--json", "-v"], as_json, a_note_is_written).await;
    let lines: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |kind: &str, matches: &dyn Fn(&Value) -> bool| {
        let found = lines.iter().find(|line| line["kind"] == kind && matches(line));
        found.unwrap_or_else(|| panic!("no such {kind} in {lines:#?}"))
    };
    let put = of("request", &|line| line["method"] == "PUT");
    assert_eq!((&put["status"], &put["function"]), (&201.into(), &"Http".into()));
    let invocation = of("invocation", &|line| line["requestId"] == put["requestId"]);
    assert_eq!(invocation["event"]["rawPath"], "/api/boards/team/notes/shopping");
    assert_eq!(invocation["answer"]["statusCode"], 201);
    assert!(invocation["report"].as_str().unwrap().starts_with("REPORT RequestId: "));
    assert!(invocation["milliseconds"].as_f64().unwrap() > 0.0);
    of("log", &|line| line["log"]["span"]["requestId"] == put["requestId"]);
    let batch = of("batch", &|line| line["trigger"] == "Stream.NoteChanged");
    of("invocation", &|line| line["requestId"] == batch["requestId"] && line["event"]["Records"].is_array());
    of("received", &|line| line["frame"] == JOIN_HOME && line["function"] == "WebSocket");
    of("sent", &|line| line["frame"].as_str().unwrap().contains("Shopping"));
    for kind in ["connected", "closed", "info"] {
        of(kind, &|_| true);
    }
}
