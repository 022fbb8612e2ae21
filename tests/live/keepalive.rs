//! Idle connections: the schedule keeps them, and without it the gateway closes them.
//!
//! Minutes are seconds here: a connection is idle for too long after ten, and the schedule comes every nine. It can't go
//! much faster, since functions start and post no faster than ever, within the one second between.

use std::path::Path;

use aws_sdk_dynamodb::types::AttributeValue;
use local_cloud::ledger::Call;

use crate::support::{Frame, TestCloud};

const HURRY: u32 = 60;

#[tokio::test]
async fn an_idle_client_stays_connected_for_several_idle_limits() {
    let cloud = TestCloud::with(|options| options.hurry = HURRY).await;
    let ada = cloud.sign_up("ada").await;
    let mut idle = cloud.socket(&ada).await;
    idle.join_home().await;
    for _ in 0..3 {
        assert_eq!(idle.next().await, Frame::Text("6".into()), "which a client ignores");
    }
    // Two namespaces are asked for their sockets, and one connection is posted to.
    let counts = ["dynamodb:Query", "execute-api:POST", ""].map(|action| {
        let own = |call: &&Call| call.caller == "KeepAlive" && call.action.starts_with(action);
        cloud.calls().iter().filter(own).count()
    });
    assert_eq!(counts, [3 * 2, 3, 3 * 3]);
    ada.create("a", "A").await;
    assert_eq!(idle.notetitles().await["notelist"][0]["key"], "a");
    cloud.stop().await;
}

#[tokio::test]
async fn without_the_schedule_an_idle_client_is_closed() {
    let directory = tempfile::tempdir().unwrap();
    let copy = directory.path().join("template.yaml");
    std::fs::write(&copy, without_schedule()).unwrap();
    let cloud = TestCloud::with(|options| {
        options.hurry = HURRY;
        options.template = copy;
    })
    .await;
    let ada = cloud.sign_up("ada").await;
    let mut idle = cloud.socket(&ada).await;
    idle.join_home().await;
    assert_eq!(idle.next().await, Frame::Closed(Some(1001)));
    cloud.stop().await;
}

#[tokio::test]
async fn a_connection_that_has_lived_its_time_is_closed_and_leaves_no_rows() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut old = cloud.socket(&ada).await;
    old.join_home().await;
    let rows = cloud.rows("Connections").await;
    let mut row =
        rows.into_iter().find(|row| row["room"].as_s().is_ok_and(|room| room.starts_with("/home#"))).unwrap();
    let past = jiff::Timestamp::now().as_second() - 1;
    row.insert("expires".to_owned(), AttributeValue::N(past.to_string()));
    // The table's own expiry may be quicker. Then there is nothing to do, and the row is put there once more.
    while cloud.count("KeepAlive", "execute-api:DELETE", "") == 0 {
        let put = cloud.dynamodb().put_item().table_name("Connections").set_item(Some(row.clone()));
        put.send().await.unwrap();
        cloud.invoke("KeepAlive", "{}").await;
    }
    while !matches!(old.next().await, Frame::Closed(_)) {}
    assert!(cloud.count("KeepAlive", "dynamodb:DeleteItem", "Connections") >= 1, "{:?}", cloud.calls());
    cloud.stop().await;
}

/// The template as it is, but for the schedule.
fn without_schedule() -> String {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml");
    let own = std::fs::read_to_string(own).unwrap();
    let (before, rest) = own.split_once("      Events:\n        EveryNineMinutes:\n").unwrap();
    let (_, after) = rest.split_once("rate(9 minutes)\n").unwrap();
    format!("{before}{after}")
}
