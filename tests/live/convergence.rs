//! Whatever happens side by side, every connected page ends on the true list.

use futures_util::future::join_all;
use serde_json::Value;

use crate::support::{Socket, TestCloud, Visitor};

/// Reads until a list is the true one, as a page does: a list with a revision below the one shown is ignored.
async fn settles_on(socket: &mut Socket, first: Value, truth: &Value) {
    let mut shown = first;
    while shown["notelist"] != *truth {
        let list = socket.notetitles().await;
        if list["revision"].as_u64() >= shown["revision"].as_u64() {
            shown = list;
        }
    }
}

/// Creates, renames and destroys notes of one's own.
async fn write(visitor: Visitor, name: String) {
    for n in 0..8 {
        let key = format!("{name}-{n}");
        visitor.create(&key, &key).await;
        visitor.rename(&key, 1, &format!("{key}, again")).await;
        if n % 2 == 0 {
            visitor.destroy(&key, 2).await;
        }
    }
}

async fn everyone_ends_on_the_truth(shards: &str) {
    let cloud = TestCloud::with(|options| {
        options.parameters.insert("RoomShards".into(), shards.into());
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
    // Others join in the midst of it.
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
async fn everyone_ends_on_the_truth_whoever_writes_and_joins_side_by_side() {
    everyone_ends_on_the_truth("1").await;
}

#[tokio::test]
async fn so_they_do_in_a_room_over_eight_partitions() {
    everyone_ends_on_the_truth("8").await;
}

#[tokio::test]
async fn a_client_that_is_greeted_and_pushed_to_twice_is_as_well_off() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    let open = socket.expect("0").await;

    // The record of the connection's own row comes again, as at-least-once delivery has it.
    let row = cloud.rows("Connections").await.into_iter().find(|row| row.contains_key("engine")).unwrap();
    let id = row["connectionId"].as_s().unwrap();
    let sample = include_str!("../../events/stream-connection-opened.json");
    let again =
        sample.replace("L0SM9cOFvHcCIhw=", id).replace("AA9AAA0AAzAAAAHs", row["engine"].as_s().unwrap());
    let answer = cloud.invoke("Stream", &again).await;
    assert_eq!(answer["batchItemFailures"], serde_json::json!([]));
    assert_eq!(socket.expect("0").await, open);

    // So its client joins twice.
    for _ in 0..2 {
        socket.send("40/home,").await;
        socket.expect("40/home,").await;
        socket.notetitles().await;
    }
    assert_eq!(cloud.socket_rows().await, 2);
    ada.create("a", "A").await;
    assert_eq!(socket.notetitles().await["notelist"][0]["key"], "a");
    cloud.stop().await;
}
