//! Malformed, early and rare frames.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::support::{Frame, JOIN_HOME, Socket, TestCloud, until};

#[tokio::test]
async fn a_malformed_frame_closes_its_connection_and_no_other() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut witness = cloud.socket(&ada).await;
    witness.join_home().await;

    for malformed in
        ["x", "4", "42{}", "42/home,[]", "42/home,[1]", "40/home,[]", "2probe", r#"451-["a",{}]"#, "{}"]
    {
        let mut socket = cloud.socket(&ada).await;
        socket.join_home().await;
        socket.send(malformed).await;
        assert!(matches!(socket.next().await, Frame::Closed(_)), "{malformed} closes");
    }
    ada.create("still-here", "Still here").await;
    assert_eq!(witness.notetitles().await["notelist"][0]["key"], "still-here");
    cloud.stop().await;
}

#[tokio::test]
async fn a_packet_for_a_namespace_that_was_not_joined_closes_the_connection() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    for early in [r#"42/home,["hello"]"#, "43/home,1[]", r#"42["hello"]"#] {
        let mut socket = cloud.socket(&ada).await;
        socket.expect("0").await;
        socket.send(early).await;
        assert!(matches!(socket.next().await, Frame::Closed(_)), "{early}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_clients_pings_and_unknown_events_are_ignored() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    socket.join_home().await;
    cloud.forget_calls().await;
    for _ in 0..50 {
        socket.send("2").await;
    }
    socket.send(r#"42/home,["nobody-listens",1]"#).await;
    socket.was_sent_nothing().await;
    assert_eq!(cloud.count("WebSocket", "execute-api:POST", ""), 1, "{:#?}", cloud.calls());
    cloud.stop().await;
}

#[tokio::test]
async fn a_connection_that_joins_no_namespace_expires_and_is_closed() {
    let cloud = TestCloud::start().await;
    let mut silent = Socket::open(&cloud.address(), None).await.unwrap();
    silent.expect("0").await;
    // The connection expires as if it had been opened long ago. The table's TTL finds it, because no frame comes.
    let own = cloud.rows("Connections").await.remove(0);
    let update = cloud.dynamodb().update_item().table_name("Connections");
    let update = update.key("room", own["room"].clone()).key("connectionId", own["connectionId"].clone());
    let past = AttributeValue::N((jiff::Timestamp::now().as_second() - 1).to_string());
    let update = update.update_expression("SET expires = :past").expression_attribute_values(":past", past);
    update.send().await.unwrap();
    silent.closed().await;
    until("its row is deleted", async || cloud.socket_rows().await == 0).await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_connection_with_many_refused_packets_is_closed_with_and_without_a_session() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    for cookie in [None, Some(ada.cookie())] {
        let mut socket = Socket::open(&cloud.address(), cookie).await.unwrap();
        socket.expect("0").await;
        let mut refused = 0;
        for n in 0..50 {
            if socket.try_send(&format!("40/x{n},")).await.is_err() {
                break;
            }
        }
        while let Frame::Text(refusal) = socket.next().await {
            assert!(refusal.starts_with("44/x"), "{refusal}");
            refused += 1;
        }
        assert!(refused <= 10, "{refused} packets were refused");
    }
    until("all rows are deleted", async || cloud.socket_rows().await == 0).await;
    cloud.stop().await;
}

#[tokio::test]
async fn an_unknown_namespace_is_refused_and_the_connection_stays() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    socket.expect("0").await;
    socket.send("40/nowhere,").await;
    assert_eq!(socket.next().await.text(), r#"44/nowhere,{"message":"Invalid namespace"}"#);
    socket.send(JOIN_HOME).await;
    socket.expect("40/home,").await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_socket_that_left_the_namespace_receives_no_push_and_can_join_again() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    socket.join_home().await;
    socket.send("41/home,").await;
    until("the row of the room is deleted", async || cloud.socket_rows().await == 1).await;

    let mut witness = cloud.socket(&ada).await;
    witness.join_home().await;
    ada.create("a", "A").await;
    witness.notetitles().await;

    // It received no push: the next frame is the response to the join.
    socket.send(JOIN_HOME).await;
    socket.expect("40/home,").await;
    assert_eq!(socket.notetitles().await["notelist"][0]["key"], "a");
    cloud.stop().await;
}
