//! Idle connections: the schedule keeps them open, and without it the gateway closes them.
//!
//! Minutes are seconds here, but functions start and post at their usual speed. The gateway closes a connection after ten
//! idle minutes. A schedule of nine minutes would leave one second, too little on a busy machine, so it is three minutes
//! here. `tests/template` checks the template's own schedule.

use std::path::Path;

use aws_sdk_dynamodb::types::AttributeValue;
use local_service::Call;

use crate::support::{Frame, TestCloud};

/// A minute takes a second.
const TIME_SCALE: u32 = 60;

/// The number of scheduled events within two idle limits.
const TIMES: usize = 7;

#[tokio::test]
async fn an_idle_client_stays_connected_for_several_idle_limits() {
    let (_directory, cloud) =
        with_scaled_time(|template| template.replace("rate(9 minutes)", "rate(3 minutes)")).await;
    let ada = cloud.sign_up("ada").await;
    let mut idle = cloud.socket(&ada).await;
    idle.join_home().await;
    for _ in 0..TIMES {
        assert_eq!(idle.next().await, Frame::Text("6".into()), "clients ignore this packet");
    }
    // Two namespaces are queried for their sockets, and one connection receives a post.
    let counts = ["dynamodb:Query", "execute-api:POST", ""].map(|action| {
        let own = |call: &&Call| call.caller == "KeepAlive" && call.action.starts_with(action);
        cloud.calls().iter().filter(own).count()
    });
    assert_eq!(counts, [TIMES * 2, TIMES, TIMES * 3]);
    ada.create("a", "A").await;
    assert_eq!(idle.notetitles().await["notelist"][0]["key"], "a");
    cloud.stop().await;
}

#[tokio::test]
async fn without_the_schedule_an_idle_client_is_closed() {
    let (_directory, cloud) = with_scaled_time(without_schedule).await;
    let ada = cloud.sign_up("ada").await;
    let mut idle = cloud.socket(&ada).await;
    idle.join_home().await;
    assert_eq!(idle.next().await, Frame::Closed(Some(1001)));
    cloud.stop().await;
}

#[tokio::test]
async fn the_schedule_closes_an_expired_connection_and_deletes_its_rows() {
    let cloud = TestCloud::start().await;
    cloud.keep_expired_items();
    let ada = cloud.sign_up("ada").await;
    let mut old = cloud.socket(&ada).await;
    old.join_home().await;
    let rows = cloud.rows("Connections").await;
    let mut row =
        rows.into_iter().find(|row| row["room"].as_s().is_ok_and(|room| room.starts_with("/home#"))).unwrap();
    let past = jiff::Timestamp::now().as_second() - 1;
    row.insert("expires".to_owned(), AttributeValue::N(past.to_string()));
    let put = cloud.dynamodb().put_item().table_name("Connections").set_item(Some(row));
    put.send().await.unwrap();
    let mut young = cloud.socket(&ada).await;
    young.join_home().await;
    cloud.invoke("KeepAlive", "{}").await;
    assert_eq!(young.next().await, Frame::Text("6".into()));
    assert_eq!(cloud.count("KeepAlive", "execute-api:DELETE", ""), 1);
    while !matches!(old.next().await, Frame::Closed(_)) {}
    assert!(cloud.count("KeepAlive", "dynamodb:DeleteItem", "Connections") >= 1, "{:?}", cloud.calls());
    cloud.stop().await;
}

/// Starts a cloud with a changed template and scaled time. Returns it and the template's directory.
async fn with_scaled_time(change: impl FnOnce(&str) -> String) -> (tempfile::TempDir, TestCloud) {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml");
    let directory = tempfile::tempdir().unwrap();
    let copy = directory.path().join("template.yaml");
    std::fs::write(&copy, change(&std::fs::read_to_string(own).unwrap())).unwrap();
    let cloud = TestCloud::with(|options| {
        options.time_scale = TIME_SCALE;
        options.template = copy;
    });
    (directory, cloud.await)
}

/// Removes the schedule from the template.
fn without_schedule(template: &str) -> String {
    let (before, rest) = template.split_once("      Events:\n        EveryNineMinutes:\n").unwrap();
    let (_, after) = rest.split_once("rate(9 minutes)\n").unwrap();
    format!("{before}{after}")
}
