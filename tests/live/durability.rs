//! Acknowledged writes survive a kill of the whole program.

use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::support::{Socket, TestUser, in_time};

/// Starts the program with a data directory, and returns its process and address.
async fn run(data: &Path) -> (Child, String) {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml");
    let mut program = Command::new(env!("CARGO_BIN_EXE_notes-under-test"))
        .args(["--port", "0", "--data"])
        .arg(data)
        .arg("--template")
        .arg(template)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let ready = async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some(at) = line.find("http://localhost:") {
                return line[at..].split_whitespace().next().unwrap().to_owned();
            }
        }
        panic!("the program ended without an address");
    };
    let address = in_time("the program prints its address", ready).await;
    // Reads on, because a full pipe would block the program.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (program, address)
}

#[tokio::test]
async fn notes_accounts_and_sessions_survive_a_kill() {
    let data = tempfile::tempdir().unwrap();
    let (mut program, address) = run(data.path()).await;
    let ada = TestUser::sign_up(&address, "ada").await;
    ada.create("stored", "Stored").await;
    let mut socket = Socket::open(&address, Some(ada.cookie())).await.unwrap();
    socket.join_home().await;
    program.start_kill().unwrap();
    program.wait().await.unwrap();
    socket.closed().await;

    let (_program, address) = run(data.path()).await;
    let ada = TestUser::returning(&address, ada.cookie());
    assert_eq!(ada.titles().await[0]["title"], "Stored");
    let mut socket = Socket::open(&address, Some(ada.cookie())).await.unwrap();
    let before = socket.join_home().await["revision"].as_u64().unwrap();
    ada.rename("stored", 1, "Changed").await;
    let list = socket.notetitles_until(|list| list["notelist"][0]["title"] == "Changed").await;
    assert!(list["revision"].as_u64().unwrap() > before, "revisions keep rising");
}
