//! `notes-dev bill`.

use std::path::Path;

use futures_util::future::join_all;
use local_cloud::Data;
use serde_json::Value;

use crate::support::{Client, PATIENCE, Program, Socket, TestCloud, until};
use crate::{TEMPLATE, failure};

/// What was used so far, once no function works.
async fn usage(cloud: &TestCloud) -> Value {
    cloud.rests().await;
    serde_json::to_value(cloud.usage()).unwrap()
}

/// The bill of a data directory, as JSON.
fn bill(data: &Path) -> Value {
    let arguments = ["bill", "--json", "--data", data.to_str().unwrap()];
    let output = Program::command(&arguments).output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Runs something often; what each of it has used must be what the table says.
async fn hold_to_table<F: Future<Output = ()>>(
    (cloud, data): (&TestCloud, &Path),
    what: &str,
    mut once: impl FnMut(u64) -> F,
) {
    const TIMES: u32 = 3;
    let bill = bill(data);
    let table = bill["operations"].as_array().unwrap();
    let said = &table.iter().find(|operation| operation["what"] == what).unwrap()["each"];
    let before = usage(cloud).await;
    for time in 1..=TIMES {
        once(time.into()).await;
    }
    let mut wrong = Vec::new();
    // Logs are read, and answers are counted, a moment after the answer.
    let as_said = async {
        loop {
            let after = usage(cloud).await;
            let used = |name: &str| {
                (after[name].as_f64().unwrap() - before[name].as_f64().unwrap()) / f64::from(TIMES)
            };
            wrong = said
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, said)| (name.as_str(), said.as_f64().unwrap(), used(name)))
                .filter(|(name, said, used)| !is_as_said(name, *said, *used))
                .collect();
            if wrong.is_empty() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let _ = tokio::time::timeout(PATIENCE, as_said).await;
    assert!(wrong.is_empty(), "{what}: what, as the table says, as it is: {wrong:#?}");
}

/// Whether what was used is what the table says.
fn is_as_said(name: &str, said: f64, used: f64) -> bool {
    match name {
        // What a laptop takes is not what AWS takes; see the table.
        "gbSeconds" => said > 0.0,
        // Of a size or so: lists and lines differ by a few bytes.
        "bytesOut" | "logBytes" => (used - said).abs() <= said * 0.1,
        _ => (used - said).abs() < 0.01,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_use_what_the_table_says() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path();
    let cloud = &TestCloud::with(|options| {
        options.data = Data::Directory(data.to_owned());
        // All hundred readers are of one session.
        options.parameters.insert("ConnectionsPerSession".into(), "0".into());
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
    // A bill is made of what a run has written down.
    until("something is written down", async || local_cloud::usage_file::path(data).exists()).await;
    let measured = (cloud, data);
    hold_to_table(measured, "1,000 edits seen by 100 readers", |version| async move {
        let title = format!("Shopping, {version}");
        ada.rename("shopping", version, &title).await;
        let mut readers = readers.lock().await;
        let see = async |socket: &mut Socket| {
            socket.notetitles_until(|list| list["notelist"][0]["title"] == *title).await;
        };
        join_all(readers.iter_mut().map(see)).await;
    })
    .await;
    let guest = &Client::guest(cloud).with_cookie(ada.cookie());
    hold_to_table(measured, "1,000 notes read", |_| async move {
        guest.read("shopping").await.json(200);
    })
    .await;
}

#[tokio::test]
async fn the_traffic_of_all_runs_is_on_the_bill() {
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
    let said = String::from_utf8(output.stdout).unwrap();
    for what in [
        "requests to HTTP APIs",
        "GB-seconds",
        "read request units",
        "write request units",
        "messages",
        "connection minutes",
    ] {
        assert!(said.contains(what), "{said}");
    }
    assert!(said.contains("1,000 edits seen by 100 readers: $"), "{said}");
}

#[test]
fn a_directory_without_traffic_is_named_with_what_to_do() {
    let said = failure(&["bill", "--data", "nowhere"]);
    assert!(said.contains("nowhere") && said.contains("--data") && said.contains("cargo run"), "{said}");
}

#[test]
fn what_the_operating_manual_says_of_a_month_is_what_the_bill_says() {
    let manual = include_str!("../../infra/README.md");
    for (users, people) in [("10", "10"), ("1000", "1,000"), ("100000", "100,000")] {
        let output = Program::command(&["bill", "--json", "--users", users]).output().unwrap();
        let bill: Value = serde_json::from_slice(&output.stdout).unwrap();
        let line = format!("| {people} | ${:.2} |", bill["total"].as_f64().unwrap());
        assert!(manual.contains(&line), "no `{line}`");
    }
    assert!(failure(&["bill", "--users", "0"]).contains("1..=1000000"));
}
