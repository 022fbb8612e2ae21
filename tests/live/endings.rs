//! Closed connections: every way that they close, and the removal of their rows.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::support::{TestCloud, TestUser, until};

#[tokio::test]
async fn closing_a_page_deletes_all_its_rows() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    socket.join_home().await;
    assert_eq!(cloud.socket_rows().await, 4, "the connection, the namespace, the board, the person");
    socket.leave().await;
    until("all rows are deleted", async || cloud.socket_rows().await == 0).await;
    cloud.stop().await;
}

#[tokio::test]
async fn the_next_push_deletes_the_rows_of_a_gone_connection_and_reaches_all_others() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    socket.join_home().await;
    // Rows of a connection that the gateway does not know, as after a lost $disconnect.
    let late = AttributeValue::N("4102444800".into());
    let s = |text: &str| AttributeValue::S(text.into());
    for (room, more) in
        [("gone=", Some(("rooms", AttributeValue::Ss(vec!["/home#0".into()])))), ("/home#0", None)]
    {
        let mut put = cloud.dynamodb().put_item().table_name("Connections");
        put = put
            .item("room", s(room))
            .item("connectionId", s("gone="))
            .item("expires", late.clone())
            .item("socket", s("AA9AAA0AAzAAAAHs"));
        if let Some((name, value)) = more {
            put = put.item(name, value).item("engine", s("AA9AAA0AAzAAAAHs"));
        }
        put.send().await.unwrap();
    }
    // The own row triggers an open packet, which fails. The push finds the row of the room.
    ada.create("a", "A").await;
    socket.notetitles().await;
    until("only the open connection's rows remain", async || cloud.socket_rows().await == 4).await;
    cloud.stop().await;
}

#[tokio::test]
async fn signing_out_closes_the_sockets_of_that_session_only() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let other_session = TestUser::sign_in(&cloud.address(), "ada").await;
    let mut tabs = [cloud.socket(&ada).await, cloud.socket(&ada).await];
    for tab in &mut tabs {
        tab.join_home().await;
    }
    let mut other = cloud.socket(&other_session).await;
    other.join_home().await;

    ada.sign_out().await;
    for tab in &mut tabs {
        tab.closed().await;
    }
    // The record of the deleted session closes them at once. The schedule is not needed.
    assert_eq!(cloud.count("Stream", "execute-api:DELETE", ""), 2);
    assert_eq!(cloud.count("KeepAlive", "", ""), 0);
    other_session.create("a", "A").await;
    assert_eq!(other.notetitles().await["notelist"][0]["key"], "a");
    until("only the other session's rows remain", async || cloud.socket_rows().await == 4).await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_connection_above_the_sessions_limit_closes_its_oldest_connection_only() {
    let cloud = TestCloud::with(|options| {
        options.parameters.insert("ConnectionsPerSession".into(), "3".into());
    })
    .await;
    let ada = cloud.sign_up("ada").await;
    let other_session = TestUser::sign_in(&cloud.address(), "ada").await;
    let mut other = cloud.socket(&other_session).await;
    other.join_home().await;
    let mut tabs = Vec::new();
    for _ in 0..3 {
        let mut tab = cloud.socket(&ada).await;
        tab.join_home().await;
        tab.was_sent_nothing().await;
        tabs.push(tab);
    }
    let mut one_more = cloud.socket(&ada).await;
    one_more.join_home().await;
    let mut oldest = tabs.remove(0);
    assert_eq!(
        oldest.next().await.text(),
        "41/home,",
        "the client does not reconnect by itself after this packet"
    );
    assert!(matches!(oldest.next().await, crate::support::Frame::Closed(_)));
    for tab in tabs.iter_mut().chain([&mut one_more, &mut other]) {
        tab.was_sent_nothing().await;
    }
    until("the oldest connection's rows are deleted", async || cloud.socket_rows().await == 16).await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_push_closes_the_sockets_of_an_expired_session_even_if_ttl_is_late() {
    let cloud = TestCloud::start().await;
    cloud.keep_expired_items();
    let ada = cloud.sign_up("ada").await;
    let mut expired = cloud.socket(&ada).await;
    expired.join_home().await;
    let row = cloud
        .rows("Connections")
        .await
        .into_iter()
        .find(|row| row["room"].as_s().unwrap() == "/home,team#0")
        .unwrap();
    let mut alive = cloud.socket(&ada).await;
    alive.join_home().await;
    let update = cloud.dynamodb().update_item().table_name("Connections");
    let update = update.key("room", row["room"].clone()).key("connectionId", row["connectionId"].clone());
    let update = update.update_expression("SET expires = :now");
    let now = jiff::Timestamp::now().as_second();
    update.expression_attribute_values(":now", AttributeValue::N(now.to_string())).send().await.unwrap();

    ada.create("a", "A").await;
    alive.notetitles().await;
    assert!(
        matches!(expired.next().await, crate::support::Frame::Closed(_)),
        "closed without receiving the push"
    );
    cloud.stop().await;
}
