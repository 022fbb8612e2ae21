//! Stopping: no process outlives its cloud, even if the cloud is killed.

use local_cloud::Cloud;
use serde_json::json;
use std::process::{ExitCode, Stdio};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::running::{Gate, Socket, direct, in_time, options, recorded, start, until};

crate::trials![
    a_stopped_cloud_ends_its_processes,
    a_dropped_cloud_ends_its_processes,
    a_killed_cloud_ends_its_processes,
    a_cloud_stops_while_a_function_hangs,
    clients_get_a_close_frame_when_a_cloud_stops,
    data_survives_a_stop,
];

/// Runs a cloud with an idle and a hanging function, and prints their process ids. Runs in a separate process.
pub(crate) fn play() -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let cloud = start().await;
        let gate = Gate::new();
        let pass = || direct(&cloud, json!({"do": "pass", "gate": gate.path()}));
        let opening = async {
            gate.reached_by(2).await;
            gate.open();
        };
        let (one, other, ()) = tokio::join!(pass(), pass(), opening);
        println!("{} {}", one.unwrap()["process"], other.unwrap()["process"]);
        // One of them now blocks its thread, so that its runtime cannot react.
        let _ = direct(&cloud, json!({"do": "hang"})).await;
    });
    ExitCode::SUCCESS
}

/// Returns whether a process runs. A zombie counts as ended.
fn runs(process: u64) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/stat"));
    status.is_ok_and(|status| !status.rsplit(") ").next().unwrap_or_default().starts_with('Z'))
}

async fn until_ended(process: u64) {
    until(&format!("process {process} has ended"), async || !runs(process)).await;
}

async fn a_stopped_cloud_ends_its_processes() {
    let cloud = start().await;
    let process = direct(&cloud, json!({})).await.unwrap()["process"].as_u64().unwrap();
    assert!(runs(process));
    cloud.stop().await;
    assert!(!runs(process));
}

async fn a_dropped_cloud_ends_its_processes() {
    let cloud = start().await;
    let process = direct(&cloud, json!({})).await.unwrap()["process"].as_u64().unwrap();
    drop(cloud);
    until_ended(process).await;
}

async fn a_killed_cloud_ends_its_processes() {
    let mut cloud = Command::new(std::env::current_exe().unwrap())
        .arg("cloud")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(cloud.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap();
    let processes: Vec<u64> = line.split(' ').map(|process| process.parse().unwrap()).collect();
    assert!(processes.iter().all(|process| runs(*process)));
    // This sends SIGKILL.
    cloud.kill().await.unwrap();
    for process in processes {
        until_ended(process).await;
    }
}

/// The function hangs for ten minutes, much longer than the time limit of a test. A stop that waited for it would fail.
async fn a_cloud_stops_while_a_function_hangs() {
    let cloud = start().await;
    let mut socket = Socket::connect(&cloud, "").await.unwrap();
    assert_eq!(socket.ask("hello").await, "hello");
    let gate = Gate::new();
    let hang = json!({"do": "hang", "gate": gate.path()});
    tokio::select! {
        outcome = cloud.invoke("Endless", hang.to_string().into()) => panic!("{outcome:?}"),
        () = gate.reached_by(1) => {}
    }
    in_time("the cloud stops", cloud.stop()).await;
}

async fn clients_get_a_close_frame_when_a_cloud_stops() {
    let cloud = start().await;
    let mut socket = Socket::connect(&cloud, "").await.unwrap();
    assert_eq!(socket.ask("hello").await, "hello");
    let (code, ()) = tokio::join!(socket.closed(), cloud.stop());
    assert_eq!(code, Some(1001));
}

async fn data_survives_a_stop() {
    let directory = tempfile::tempdir().unwrap();
    let mut options = options();
    options.data = local_cloud::Data::Directory(directory.path().join("data"));
    let cloud = Cloud::start(options.clone()).await.unwrap();
    let mut socket = Socket::connect(&cloud, "").await.unwrap();
    let id = socket.id().await;
    cloud.stop().await;
    let cloud = Cloud::start(options).await.unwrap();
    recorded(&cloud, &id, "connect").await;
    // The stop waited for `$disconnect`.
    assert_eq!(recorded(&cloud, &id, "disconnect").await["requestContext"]["disconnectStatusCode"], 1001);
    cloud.stop().await;
}
