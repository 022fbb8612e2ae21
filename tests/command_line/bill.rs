//! The command `notes-dev bill`.

use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use documents::{ClientId, Document};
use futures_util::future::join_all;
use local_cloud::Data;
use local_service::faults::{Fault, Rule};
use serde_json::{Value, json};

use crate::support::{Client, PATIENCE, Program, Reader, Socket, TestCloud, until};
use crate::{TEMPLATE, failure};

/// Waits until the functions are idle, and returns the usage so far.
async fn usage(cloud: &TestCloud) -> Value {
    cloud.rests().await;
    serde_json::to_value(cloud.usage()).unwrap()
}

/// Runs `bill` on a data directory, and returns its JSON.
fn bill(data: &Path) -> Value {
    let arguments = ["bill", "--json", "--data", data.to_str().unwrap()];
    let output = Program::command(&arguments).output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Repeats an operation, and asserts that each run uses the amounts in the table of operations.
async fn assert_usage<F: Future<Output = ()>>(
    (cloud, data): (&TestCloud, &Path),
    what: &str,
    mut once: impl FnMut(u64) -> F,
) {
    const TIMES: u32 = 3;
    let bill = bill(data);
    let table = bill["operations"].as_array().unwrap();
    let expected = &table.iter().find(|operation| operation["what"] == what).unwrap()["each"];
    let before = usage(cloud).await;
    for time in 1..=TIMES {
        once(time.into()).await;
        // Two changes might share a batch.
        cloud.rests().await;
    }
    let mut wrong = Vec::new();
    // Logs and bytes are counted shortly after each response.
    let matches_table = async {
        loop {
            let after = usage(cloud).await;
            let used = |name: &str| {
                (after[name].as_f64().unwrap() - before[name].as_f64().unwrap()) / f64::from(TIMES)
            };
            wrong = expected
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, expected)| (name.as_str(), expected.as_f64().unwrap(), used(name)))
                .filter(|(name, expected, used)| !is_expected(name, *expected, *used))
                .collect();
            if wrong.is_empty() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let _ = tokio::time::timeout(PATIENCE, matches_table).await;
    assert!(wrong.is_empty(), "{what}: name, expected, used: {wrong:#?}");
}

/// Returns whether a used amount matches the table.
fn is_expected(name: &str, expected: f64, used: f64) -> bool {
    match name {
        // Functions take another time on this machine than on AWS. The table has the one on AWS.
        "gbSeconds" => expected > 0.0,
        // Lists and log lines differ by a few bytes.
        "bytesOut" | "logBytes" => (used - expected).abs() <= expected * 0.1,
        _ => (used - expected).abs() < 0.01,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_use_the_amounts_in_the_table() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path();
    let cloud = &TestCloud::with(|options| {
        options.data = Data::Directory(data.to_owned());
        // All hundred readers share one session.
        options.parameters.insert("ConnectionsPerSession".into(), "0".into());
        options.parameters.remove("EarlyPushSockets");
    })
    .await;
    let ada = &cloud.sign_up("ada").await;
    ada.create("shopping", "Shopping, first").await;
    let mut readers = Vec::new();
    for _ in 0..10 {
        let more = (0..10).map(|_| async {
            let mut socket = cloud.socket(ada).await;
            socket.join_home().await;
            socket
        });
        readers.extend(join_all(more).await);
    }
    let readers = &tokio::sync::Mutex::new(readers);
    // The bill reads the usage file that a run writes.
    until("the usage file exists", async || local_cloud::usage_file::path(data).exists()).await;
    // On a slow machine, an edit may come so late that it counts as new activity.
    cloud.silence_activity().await;
    // As on AWS, early pushes are done when the records arrive.
    cloud.faults().set(0, [Rule::new(Fault::RecordsLate).delay_ms(3_000)]);
    let measured = (cloud, data);
    assert_usage(measured, "1,000 edits seen by 100 readers", |version| async move {
        let title = format!("Shopping, {version}");
        ada.rename("shopping", version, &title).await;
        let mut readers = readers.lock().await;
        let see = async |socket: &mut Socket| {
            socket.notetitles_until(|list| list["notelist"][0]["title"] == *title).await;
        };
        join_all(readers.iter_mut().map(see)).await;
    })
    .await;
    cloud.faults().clear();
    // A page that has written before, so that the text has a state.
    let mut page = Reader::join(cloud, ada, "shopping").await;
    let mut text = Document::seed("");
    let mut write = async |word: &str| {
        let update = text.rewrite(&format!("{}{word}", text.text()), ClientId::new("ada", 1)).unwrap();
        let update = BASE64_STANDARD.encode(update);
        assert_eq!(page.ask("edit", json!({ "update": update })).await, json!({}));
        // The text is merged and pushed.
        page.event("noteupdated").await;
    };
    write("Milk").await;
    let write = &tokio::sync::Mutex::new(write);
    assert_usage(measured, "1,000 edits of a text by one person", |_| async move {
        write.lock().await(", eggs").await;
    })
    .await;
    let guest = &Client::guest(cloud).with_cookie(ada.cookie());
    assert_usage(measured, "1,000 notes read", |_| async move {
        guest.read("shopping").await.json(200);
    })
    .await;
}

#[tokio::test]
async fn the_bill_includes_the_traffic_of_all_runs() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().to_str().unwrap();
    for requests in 1..=2 {
        let mut run = Program::start(&["--data", data, "--template", TEMPLATE]);
        Client::of(&run.address).read("nothing").await;
        let pid = run.process.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        assert!(run.process.wait().unwrap().success());
        let bill = bill(directory.path());
        assert_eq!(bill["usage"]["httpRequests"], requests);
        assert_eq!(bill["usage"]["invocations"], requests);
        assert!(bill["total"].as_f64().unwrap() > 0.0);
    }
    let output = Program::command(&["bill", "--data", data]).output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    for what in [
        "requests to HTTP APIs",
        "GB-seconds",
        "read request units",
        "write request units",
        "messages",
        "connection minutes",
    ] {
        assert!(output.contains(what), "{output}");
    }
    assert!(output.contains("1,000 edits seen by 100 readers: $"), "{output}");
}

#[test]
fn a_directory_without_traffic_is_named_with_what_to_do() {
    let output = failure(&["bill", "--data", "nowhere"]);
    assert!(
        output.contains("nowhere") && output.contains("--data") && output.contains("cargo run"),
        "{output}"
    );
}

#[test]
fn the_monthly_costs_in_the_manual_match_the_bill() {
    let manual = include_str!("../../infra/README.md");
    for (users, people) in [("10", "10"), ("1000", "1,000"), ("100000", "100,000")] {
        let month = |board: &str| {
            let arguments = ["bill", "--json", "--users", users, "--board", board];
            let output = Program::command(&arguments).output().unwrap();
            let bill: Value = serde_json::from_slice(&output.stdout).unwrap();
            bill["total"].as_f64().unwrap()
        };
        let line = format!("| {people} | ${:.2} | ${:.2} |", month(users), month("20"));
        assert!(manual.contains(&line), "no `{line}`");
    }
    assert!(failure(&["bill", "--users", "0"]).contains("1..=1000000"));
    assert!(failure(&["bill", "--users", "10", "--board", "0"]).contains("1..=1000000"));
}
