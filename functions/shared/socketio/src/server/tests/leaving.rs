//! Leaving a namespace, and frames that are handled in another order than they came.

use serde_json::json;

use super::TestServer;

/// The frames of a client that leaves a room and joins the next at once.
const LEAVE: &str = "41/room,";
const BACK: &str = r#"40/room,{"name":"ada again"}"#;

#[tokio::test]
async fn a_disconnection_calls_each_namespaces_handler_once_with_its_reason() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    test.enter("b=", "bob").await;
    test.send("a=", "41/room,").await;
    test.send("a=", "41/room,").await;
    test.event("b=", "DISCONNECT", json!({})).await;
    test.event("b=", "DISCONNECT", json!({})).await;
    assert_eq!(test.recorder.all(), ["ada left: client namespace disconnect", "bob left: transport close"]);
    assert_eq!(test.fixture.rows().await, 1, "the first one's own row");
}

#[tokio::test]
async fn a_server_kicks_a_socket_or_closes_its_connection() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    assert_eq!(test.send("a=", r#"42/room,["quit",false]"#).await, ["41/room,"]);
    assert!(!test.fixture.gateway.closed("a="));
    test.enter("b=", "bob").await;
    assert_eq!(test.send("b=", r#"42/room,["quit",true]"#).await, [] as [&str; 0]);
    assert!(test.fixture.gateway.closed("b="));
}

#[tokio::test]
async fn a_socket_that_leaves_and_rejoins_at_once_is_in_in_either_order() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    test.send("a=", r#"42/room,["move-in","red"]"#).await;

    assert_eq!(test.send_at(200, "a=", BACK).await.len(), 2, "accepted, and an event of the handler");
    assert_eq!(test.fixture.rows().await, 2, "the former socket's room was left");
    assert_eq!(test.send_at(100, "a=", LEAVE).await, [] as [&str; 0]);
    assert_eq!(test.send_at(300, "a=", r#"42/room,1["record","here"]"#).await, ["43/room,1[]"]);
    assert_eq!(test.recorder.all(), ["ada again said here"]);
}

#[tokio::test]
async fn an_event_for_a_former_socket_reaches_no_other() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    test.send_at(200, "a=", BACK).await;
    assert_eq!(test.send_at(100, "a=", r#"42/room,1["record","for the former"]"#).await, [] as [&str; 0]);
    assert_eq!(test.recorder.all(), [] as [&str; 0]);
    assert!(!test.fixture.gateway.closed("a="));
}

#[tokio::test]
async fn an_event_handled_after_leaving_is_ignored_and_the_connection_stays() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    test.send_at(200, "a=", LEAVE).await;
    assert_eq!(test.send_at(100, "a=", r#"42/room,1["record","goodbye"]"#).await, [] as [&str; 0]);
    assert!(!test.fixture.gateway.closed("a="));
    assert_eq!(test.send_at(300, "a=", r#"42/room,1["record","still here?"]"#).await, [] as [&str; 0]);
    assert!(test.fixture.gateway.closed("a="), "the client sent this after it had left");
    assert_eq!(test.recorder.all(), ["ada left: client namespace disconnect"]);
}

#[tokio::test]
async fn the_later_of_two_connects_wins() {
    let test = TestServer::start().await;
    test.connect("a=").await;
    test.send_at(200, "a=", BACK).await;
    assert_eq!(test.send_at(100, "a=", r#"40/room,{"name":"ada"}"#).await, [] as [&str; 0]);
    test.send_at(300, "a=", r#"42/room,1["record","hello"]"#).await;
    assert_eq!(test.recorder.all(), ["ada again said hello"]);
}

#[tokio::test]
async fn concurrent_leaving_and_rejoining_ends_inside_without_stale_rows() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    for turn in 1..=20 {
        let at = turn * 1000;
        test.send_at(at, "a=", r#"42/room,["move-in","red"]"#).await;
        let (leave, back) = (test.send_at(at + 1, "a=", LEAVE), test.send_at(at + 2, "a=", BACK));
        futures_util::future::join(Box::pin(leave), Box::pin(back)).await;
        let members = test.fixture.io.of("/room").fetch_sockets().await.unwrap();
        let own = test.fixture.io.connections.find(&members[0].connection).await.unwrap().unwrap();
        assert_eq!(members.len(), 1);
        assert_eq!(members[0].id, own.sockets["/room"].id.to_string(), "turn {turn}");
        assert!(
            test.fixture.io.of("/room").to("red").fetch_sockets().await.unwrap().is_empty(),
            "turn {turn}"
        );
        assert!(!test.fixture.gateway.closed("a="), "turn {turn}");
    }
}
