//! Rooms and sockets, managed through the library from outside the server.

use std::collections::BTreeSet;

use socketio::{Error, Settings};

use crate::support::{Frame, JOIN_HOME, Socket, TestCloud, until};

/// Joins `/home` with three sockets, and returns them with their ids.
async fn three_sockets(cloud: &TestCloud) -> ([Socket; 3], [String; 3]) {
    let ada = cloud.sign_up("ada").await;
    let mut ids = Vec::new();
    let mut sockets = Vec::new();
    for _ in 0..3 {
        let mut socket = cloud.socket(&ada).await;
        socket.expect("0").await;
        socket.send(JOIN_HOME).await;
        ids.push(socket.expect("40/home,").await["sid"].as_str().unwrap().to_owned());
        socket.notetitles().await;
        sockets.push(socket);
    }
    (sockets.try_into().ok().unwrap(), ids.try_into().unwrap())
}

async fn ids(emitter: socketio::Emitter) -> BTreeSet<String> {
    emitter.fetch_sockets().await.unwrap().into_iter().map(|socket| socket.id).collect()
}

fn set(ids: &[&String]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).clone()).collect()
}

/// Joins, emits to and leaves rooms of this number of partitions.
async fn rooms_are_joined_emitted_to_and_left(shards: u16) {
    let cloud = TestCloud::with(|options| {
        options.parameters.insert("RoomShards".into(), shards.to_string());
    })
    .await;
    let io = cloud.socketio(Settings { room_shards: shards, ..Settings::default() });
    let ([mut a, mut b, mut c], [a_id, b_id, c_id]) = three_sockets(&cloud).await;
    let home = || io.of("/home");
    assert_eq!(ids(home()).await, set(&[&a_id, &b_id, &c_id]));

    // Leaving out the room of one connection selects the others.
    assert_eq!(home().sockets_join("all").await.unwrap(), 3);
    assert_eq!(ids(home().to("all")).await.len(), 3);
    assert_eq!(ids(home().to("nobody")).await.len(), 0);
    assert_eq!(ids(home().to("nobody").to("all")).await.len(), 3, "several rooms are one target");
    assert_eq!(ids(home().except("all")).await.len(), 0);

    let reached = home().to("all").to("all").emit("hello", &("one", 2)).await.unwrap();
    assert_eq!((reached.reached, reached.gone, reached.closed, reached.missed), (3, 0, 0, 0));
    for socket in [&mut a, &mut b, &mut c] {
        assert_eq!(socket.next().await.text(), r#"42/home,["hello","one",2]"#, "once each");
    }

    // Leaving the namespace leaves its rooms.
    a.send("41/home,").await;
    until("a has left", async || ids(home()).await == set(&[&b_id, &c_id])).await;
    assert_eq!(ids(home().to("all")).await, set(&[&b_id, &c_id]));

    assert_eq!(home().to("all").sockets_leave("all").await.unwrap(), 2);
    assert_eq!(ids(home().to("all")).await.len(), 0);
    assert_eq!(ids(home()).await, set(&[&b_id, &c_id]), "they stay in the namespace");

    // A kicked socket receives a DISCONNECT packet, and its connection stays open.
    assert_eq!(home().disconnect_sockets(false).await.unwrap(), 2);
    for socket in [&mut b, &mut c] {
        assert_eq!(socket.next().await.text(), "41/home,");
        socket.was_sent_nothing().await;
    }
    assert_eq!(cloud.socket_rows().await, 3, "only the connections' own rows remain");
    cloud.stop().await;
}

#[tokio::test]
async fn rooms_are_joined_emitted_to_and_left_in_one_partition() {
    rooms_are_joined_emitted_to_and_left(1).await;
}

#[tokio::test]
async fn rooms_are_joined_emitted_to_and_left_in_eight_partitions() {
    rooms_are_joined_emitted_to_and_left(8).await;
}

#[tokio::test]
async fn disconnecting_with_close_closes_the_connections_and_deletes_all_rows() {
    let cloud = TestCloud::start().await;
    let io = cloud.socketio(Settings::default());
    let (sockets, _) = three_sockets(&cloud).await;
    assert_eq!(io.of("/home").disconnect_sockets(true).await.unwrap(), 3);
    for mut socket in sockets {
        assert!(matches!(socket.next().await, Frame::Closed(_)));
    }
    until("all rows are deleted", async || cloud.socket_rows().await == 0).await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_packet_over_the_limit_reaches_no_socket_and_one_at_the_limit_reaches_all() {
    let cloud = TestCloud::start().await;
    let io = cloud.socketio(Settings::default());
    let ([mut a, _b, _c], _) = three_sockets(&cloud).await;
    let envelope = r#"42/home,["m",""]"#.len();
    let fits = "x".repeat(socketio::MAX_FRAME - envelope);
    let error = io.of("/home").emit("m", &format!("{fits}x")).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { size } if size == socketio::MAX_FRAME + 1), "{error}");
    assert_eq!(io.of("/home").emit("m", &fits).await.unwrap().reached, 3);
    assert_eq!(a.next().await.text().len(), socketio::MAX_FRAME);
    cloud.stop().await;
}
