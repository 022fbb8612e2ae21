//! `local-cloud bill`.

use std::path::Path;
use std::time::Duration;

use futures_util::future::join_all;
use local_cloud::meter::Usage;
use local_cloud::usage_file;
use serde_json::Value;

use crate::support::{Client, Program, Socket, Visitor};
use crate::{TEMPLATE, failure};

/// What was used so far, once nothing more is.
async fn usage(data: &Path) -> Usage {
    let mut before = None;
    loop {
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        let now = usage_file::read(data).unwrap();
        if let Some(now) = now.clone().filter(|_| now == before) {
            return now;
        }
        before = now;
    }
}

/// The bill of a data directory, as JSON.
fn bill(data: &Path) -> Value {
    let arguments = ["bill", "--json", "--data", data.to_str().unwrap()];
    let output = Program::command(&arguments).output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Runs something often; what each of it has used must be what the table says.
async fn hold_to_table<F: Future<Output = ()>>(data: &Path, what: &str, mut once: impl FnMut(u64) -> F) {
    const TIMES: u32 = 3;
    let before = usage(data).await;
    for time in 1..=TIMES {
        once(time.into()).await;
    }
    let (before, after) =
        (serde_json::to_value(before).unwrap(), serde_json::to_value(usage(data).await).unwrap());
    let bill = bill(data);
    let table = bill["operations"].as_array().unwrap();
    let said = &table.iter().find(|operation| operation["what"] == what).unwrap()["each"];
    let used =
        |name: &str| (after[name].as_f64().unwrap() - before[name].as_f64().unwrap()) / f64::from(TIMES);
    let all: Vec<_> = said.as_object().unwrap().keys().map(|name| format!("{name} {}", used(name))).collect();
    for (name, said) in said.as_object().unwrap() {
        let (said, used) = (said.as_f64().unwrap(), used(name));
        let is_as_said = match name.as_str() {
            // What a laptop takes is not what AWS takes; see the table.
            "gbSeconds" => said > 0.0,
            // Of a size or so: lists and lines differ by a few bytes.
            "bytesOut" | "logBytes" => (used - said).abs() <= said * 0.1,
            _ => (used - said).abs() < 0.01,
        };
        assert!(is_as_said, "{what}: {name} is {used}, not {said}; all: {all:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_use_what_the_table_says() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path();
    let run = Program::start(&["--data", data.to_str().unwrap(), "--template", TEMPLATE]);
    let ada = &Visitor::sign_up(&run.address, "ada").await;
    ada.create("shopping", "Shopping, first").await;
    let mut readers = Vec::new();
    for _ in 0..10 {
        let more = (0..10).map(|_| async {
            let mut socket = Socket::open(&run.address, Some(ada.cookie())).await.unwrap();
            socket.join_home().await;
            socket
        });
        readers.extend(join_all(more).await);
    }
    let readers = &tokio::sync::Mutex::new(readers);
    hold_to_table(data, "1,000 edits seen by 100 readers", |version| async move {
        let title = format!("Shopping, {version}");
        ada.rename("shopping", version, &title).await;
        let mut readers = readers.lock().await;
        let see = async |socket: &mut Socket| {
            socket.notetitles_until(|list| list["notelist"][0]["title"] == *title).await;
        };
        join_all(readers.iter_mut().map(see)).await;
    })
    .await;
    let guest = &Client::of(&run.address).with_cookie(ada.cookie());
    hold_to_table(data, "1,000 notes read", |_| async move {
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
    let manual = include_str!("../../../README.md");
    for (users, people) in [("10", "10"), ("1000", "1,000"), ("100000", "100,000")] {
        let output = Program::command(&["bill", "--json", "--users", users]).output().unwrap();
        let bill: Value = serde_json::from_slice(&output.stdout).unwrap();
        let line = format!("| {people} | ${:.2} |", bill["total"].as_f64().unwrap());
        assert!(manual.contains(&line), "no `{line}`");
    }
    assert!(failure(&["bill", "--users", "0"]).contains("1..=1000000"));
}
