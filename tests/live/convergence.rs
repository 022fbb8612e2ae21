//! Every connected page ends on the current list, despite concurrent writes and joins.

use futures_util::future::join_all;
use serde_json::Value;

use crate::support::{JOIN_HOME, Socket, TestCloud, TestUser};

/// Reads lists until the page shows the current one. Like a page, it ignores a list with a lower revision.
async fn settles_on(socket: &mut Socket, first: Value, truth: &Value) {
    let mut shown = first;
    while shown["notelist"] != *truth {
        let list = socket.notetitles().await;
        if list["revision"].as_u64() >= shown["revision"].as_u64() {
            shown = list;
        }
    }
}

/// Creates, renames and deletes notes of one writer.
async fn write(user: TestUser, name: String) {
    for n in 0..8 {
        let key = format!("{name}-{n}");
        user.create(&key, &key).await;
        user.rename(&key, 1, &format!("{key}, again")).await;
        if n % 2 == 0 {
            user.destroy(&key, 2).await;
        }
    }
}

/// Writes and joins concurrently, then asserts that every page ends on the current list. Early pushes go to at most this many
/// sockets.
async fn all_end_on_the_current_list(shards: &str, early: &str) {
    let cloud = TestCloud::with(|options| {
        options.parameters.insert("RoomShards".into(), shards.into());
        options.parameters.insert("EarlyPushSockets".into(), early.into());
    })
    .await;
    let ada = cloud.sign_up("ada").await;
    let mut early = Vec::new();
    for _ in 0..4 {
        let mut socket = cloud.socket(&ada).await;
        let first = socket.join_home().await;
        early.push((socket, first));
    }

    let writers = join_all((0..4).map(|n| write(ada.clone(), format!("writer-{n}"))));
    // Other pages join meanwhile.
    let joiners = join_all((0..6).map(|_| async {
        let mut socket = cloud.socket(&ada).await;
        let first = socket.join_home().await;
        (socket, first)
    }));
    let (_, late) = futures_util::future::join(writers, joiners).await;

    let truth = ada.titles().await;
    assert_eq!(truth.as_array().unwrap().len(), 16);
    for (mut socket, first) in early.into_iter().chain(late) {
        settles_on(&mut socket, first, &truth).await;
    }
    cloud.stop().await;
}

#[tokio::test]
async fn every_page_ends_on_the_current_list_after_concurrent_writes_and_joins() {
    for early in ["0", "4", "200"] {
        all_end_on_the_current_list("1", early).await;
    }
}

#[tokio::test]
async fn every_page_ends_on_the_current_list_in_a_room_of_eight_partitions() {
    for early in ["0", "200"] {
        all_end_on_the_current_list("8", early).await;
    }
}

#[tokio::test]
async fn a_client_that_receives_its_open_packet_twice_joins_twice_and_receives_each_push_once() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    let open = socket.expect("0").await;

    // The record of the connection's own row is delivered again, as at-least-once delivery permits.
    let row = cloud.rows("Connections").await.into_iter().find(|row| row.contains_key("engine")).unwrap();
    let id = row["connectionId"].as_s().unwrap();
    let sample = include_str!("../../events/stream-connection-opened.json");
    let again =
        sample.replace("L0SM9cOFvHcCIhw=", id).replace("AA9AAA0AAzAAAAHs", row["engine"].as_s().unwrap());
    let result = cloud.invoke("Stream", &again).await;
    assert_eq!(result["batchItemFailures"], serde_json::json!([]));
    assert_eq!(socket.expect("0").await, open);

    // The client then joins twice.
    for _ in 0..2 {
        socket.send(JOIN_HOME).await;
        socket.expect("40/home,").await;
        socket.notetitles().await;
    }
    assert_eq!(cloud.socket_rows().await, 4);
    ada.create("a", "A").await;
    assert_eq!(socket.notetitles().await["notelist"][0]["key"], "a");
    cloud.stop().await;
}
