//! Idle connections: the schedule keeps them, and without it the gateway closes them.
//!
//! Minutes are seconds here, but functions start and post no faster than ever. A connection is idle for too long after ten
//! minutes. A schedule of nine would leave one second for that, too little for a busy machine: here it comes every three.
//! That the template's own comes before those ten minutes is for `tests/template` to show.

use std::path::Path;

use aws_sdk_dynamodb::types::AttributeValue;
use local_service::Call;

use crate::support::{Frame, TestCloud};

const HURRY: u32 = 60;

/// How often the schedule comes before an idle connection would have ended twice.
const TIMES: usize = 7;

#[tokio::test]
async fn an_idle_client_stays_connected_for_several_idle_limits() {
    let (_directory, cloud) =
        hurried(|template| template.replace("rate(9 minutes)", "rate(3 minutes)")).await;
    let ada = cloud.sign_up("ada").await;
    let mut idle = cloud.socket(&ada).await;
    idle.join_home().await;
    for _ in 0..TIMES {
        assert_eq!(idle.next().await, Frame::Text("6".into()), "which a client ignores");
    }
    // Two namespaces are asked for their sockets, and one connection is posted to.
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
    let (_directory, cloud) = hurried(without_schedule).await;
    let ada = cloud.sign_up("ada").await;
    let mut idle = cloud.socket(&ada).await;
    idle.join_home().await;
    assert_eq!(idle.next().await, Frame::Closed(Some(1001)));
    cloud.stop().await;
}

#[tokio::test]
async fn a_connection_that_has_lived_its_time_is_closed_and_leaves_no_rows() {
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

/// A hurried cloud that runs a changed template, and the directory that holds that.
async fn hurried(change: impl FnOnce(&str) -> String) -> (tempfile::TempDir, TestCloud) {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml");
    let directory = tempfile::tempdir().unwrap();
    let copy = directory.path().join("template.yaml");
    std::fs::write(&copy, change(&std::fs::read_to_string(own).unwrap())).unwrap();
    let cloud = TestCloud::with(|options| {
        options.time_scale = HURRY;
        options.template = copy;
    });
    (directory, cloud.await)
}

/// The template without the schedule.
fn without_schedule(template: &str) -> String {
    let (before, rest) = template.split_once("      Events:\n        EveryNineMinutes:\n").unwrap();
    let (_, after) = rest.split_once("rate(9 minutes)\n").unwrap();
    format!("{before}{after}")
}
