//! Events of clients: arguments, acknowledgements, and handlers that fail.

use super::TestServer;

#[tokio::test]
async fn a_failed_handler_closes_the_connection_so_that_its_client_reconnects() {
    let test = TestServer::start().await;
    test.connect("a=").await;
    assert_eq!(test.send("a=", r#"40/room,{"name":"broken"}"#).await, [] as [&str; 0]);
    assert!(test.fixture.gateway.closed("a="));

    test.enter("b=", "bob").await;
    assert_eq!(test.send("b=", r#"42/room,1["fail"]"#).await, [] as [&str; 0], "no acknowledgement");
    assert!(test.fixture.gateway.closed("b="));
    assert_eq!(test.fixture.rows().await, 0);
}

#[tokio::test]
async fn events_are_acknowledged_on_request() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    assert_eq!(test.send("a=", r#"42/room,7["add",1,2]"#).await, ["43/room,7[3]"]);
    assert_eq!(test.send("a=", r#"42/room,0["echo",1,{"two":[2]}]"#).await, [r#"43/room,0[1,{"two":[2]}]"#]);
    assert_eq!(test.send("a=", r#"42/room,8["echo"]"#).await, ["43/room,8[]"]);
    assert_eq!(test.send("a=", r#"42/room,9["record","hello"]"#).await, ["43/room,9[]"]);
    assert_eq!(test.send("a=", r#"42/room,["record","again"]"#).await, [] as [&str; 0]);
    assert_eq!(test.recorder.all(), ["ada said hello", "ada said again"]);
}

#[tokio::test]
async fn an_event_with_other_arguments_or_without_a_handler_is_ignored() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    for event in [
        r#"42/room,1["add",1,"two"]"#,
        r#"42/room,2["add"]"#,
        r#"42/room,3["record",7]"#,
        r#"42/room,4["x"]"#,
    ] {
        assert_eq!(test.send("a=", event).await, [] as [&str; 0], "{event}");
    }
    assert!(!test.fixture.gateway.closed("a="));
    assert_eq!(test.recorder.all(), [] as [&str; 0]);
}

#[tokio::test]
async fn json_that_javascript_accepts_is_accepted_or_its_event_alone_is_refused() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    let nested = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    for (sent, back) in [
        (r#""cut \ud83d""#.to_owned(), "\"cut \u{fffd}\"".to_owned()),
        ("1e400".into(), "null".into()),
        (r#"{"":{"":1}}"#.into(), r#"{"":{"":1}}"#.into()),
        (nested(126), nested(126)),
    ] {
        assert_eq!(
            test.send("a=", &format!(r#"42/room,1["echo",{sent}]"#)).await,
            [format!("43/room,1[{back}]")]
        );
    }
    let refused = r#"43/room,2[{"error":{"code":"too-deep","message":"The event's arguments are nested too deeply."}}]"#;
    for levels in [128, 10_000] {
        let nested = nested(levels);
        assert_eq!(test.send("a=", &format!(r#"42/room,2["echo",{nested}]"#)).await, [refused]);
        assert_eq!(test.send("a=", &format!(r#"42/room,["echo",{nested}]"#)).await, [] as [&str; 0]);
        let came = test.send("a=", &format!(r#"40/keeping,{{"a":{nested}}}"#)).await;
        assert_eq!(
            came,
            [
                r#"44/keeping,{"message":"The auth payload is nested too deeply.","data":{"code":"invalid-auth"}}"#
            ]
        );
    }
    assert_eq!(test.send("a=", r#"42/room,3["echo",1]"#).await, ["43/room,3[1]"], "it stays where it was");
    assert!(!test.fixture.gateway.closed("a="));
}

#[tokio::test]
async fn a_failed_acknowledgement_or_join_closes_nothing() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    let (long, room) = ("x".repeat(40_000), "x".repeat(513));
    assert_eq!(test.send("a=", &format!(r#"42/room,1["echo","{long}"]"#)).await, [] as [&str; 0]);
    assert_eq!(test.send("a=", &format!(r#"42/room,2["move-in","{room}"]"#)).await, [] as [&str; 0]);
    assert_eq!(test.send("a=", r#"42/room,3["echo",1]"#).await, ["43/room,3[1]"]);
    assert!(!test.fixture.gateway.closed("a="));
}

#[tokio::test]
async fn sockets_in_a_room_receive_each_others_events() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    test.enter("b=", "bob").await;
    assert_eq!(test.send("a=", r#"42/room,["move-in","red"]"#).await, [] as [&str; 0], "alone in it");
    assert_eq!(test.send("b=", r#"42/room,["move-in","red"]"#).await, [] as [&str; 0], "others only");
    let received = test.fixture.gateway.frames("a=").pop().unwrap();
    assert!(received.starts_with(r#"42/room,["moved-in",""#), "{received}");
}

#[tokio::test]
async fn a_clients_ping_makes_no_requests_and_has_no_response() {
    let test = TestServer::start().await;
    test.connect("a=").await;
    test.enter("b=", "bob").await;
    for connection in ["a=", "b="] {
        for _ in 0..20 {
            assert!(test.send_causes_no_calls(connection, "2").await);
        }
        assert!(!test.fixture.gateway.closed(connection));
    }
}
