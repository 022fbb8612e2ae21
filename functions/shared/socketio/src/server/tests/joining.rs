//! Joining a namespace: authorization, data, the query, and refusals.

use serde_json::json;

use super::TestServer;

#[tokio::test]
async fn a_new_socket_has_its_auth_session_and_query() {
    let test = TestServer::start().await;
    test.connect("a=").await;
    let came = test.send("a=", r#"40/room,{"name":"ada"}"#).await;
    assert_eq!(came.len(), 2);
    assert_eq!(came[1], r#"42/room,["welcome",{"name":"ada","room":"blue","session":"ada"}]"#);
}

#[tokio::test]
async fn a_refused_socket_receives_the_reason_and_stays_connected_unless_it_is_closing() {
    let test = TestServer::start().await;
    test.connect("a=").await;
    let refused =
        |message, code| vec![format!(r#"44/room,{{"message":"{message}","data":{{"code":"{code}"}}}}"#)];
    assert_eq!(test.send("a=", r#"40/room,{"name":"nobody"}"#).await, refused("Who?", "unknown"));
    let other = refused("The auth payload is not what this namespace expects.", "invalid-auth");
    assert_eq!(test.send("a=", r#"40/room,{"name":7}"#).await, other);
    assert_eq!(test.send("a=", "40/room,").await, other);
    assert!(!test.fixture.gateway.closed("a="));
    assert_eq!(test.send("a=", r#"40/room,{"name":"banned"}"#).await, refused("Out!", "banned"));
    assert!(test.fixture.gateway.closed("a="));
    assert_eq!(test.fixture.rows().await, 0);
}

#[tokio::test]
async fn named_query_parameters_are_stored_with_any_value() {
    let test = TestServer::start().await;
    let query = json!({ "EIO": "4", "transport": "websocket", "room": "é\u{0}", "": "abc", "x": "y".repeat(8 * 1024) });
    assert_eq!(test.event("a=", "CONNECT", json!({ "queryStringParameters": query })).await, 200);
    let came = test.send("a=", r#"40/room,{"name":"ada"}"#).await;
    assert_eq!(came[1], r#"42/room,["welcome",{"name":"ada","room":"é\u0000","session":null}]"#);
    assert!(test.fixture.bytes("a=").await < 512, "other parameters are not stored");

    let query = json!({ "EIO": "4", "transport": "websocket", "room": "y".repeat(2 * 1024) });
    assert_eq!(test.event("b=", "CONNECT", json!({ "queryStringParameters": query })).await, 400);
}

#[tokio::test]
async fn data_too_large_for_a_connections_row_is_refused_at_the_namespace() {
    let test = TestServer::start().await;
    test.connect("a=").await;
    let refused = r#"{"message":"The data of this socket is too large.","data":{"code":"too-much-data"}}"#;
    // Quotes, and the data in the other namespace, count as well.
    let came = test.send("a=", r#"40/keeping,{"characters":32767}"#).await;
    assert_eq!(came, [format!("44/keeping,{refused}")]);
    let came = test.send("a=", r#"40/keeping,{"characters":32765}"#).await;
    assert!(came[0].starts_with("40/keeping,"), "{came:?}");
    assert_eq!(
        test.send("a=", r#"40/also-keeping,{"characters":0}"#).await,
        [format!("44/also-keeping,{refused}")]
    );
    // A socket that joins again replaces its own data.
    let came = test.send("a=", r#"40/keeping,{"characters":32766}"#).await;
    assert!(came[0].starts_with("40/keeping,"), "{came:?}");
    assert!(!test.fixture.gateway.closed("a="));
}

#[tokio::test]
async fn one_connection_carries_several_namespaces_including_the_main_one() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    let came = test.send("a=", "40").await;
    assert!(came[0].starts_with(r#"40{"sid":"#), "{came:?}");
    assert_eq!(test.send("a=", r#"421["echo","main"]"#).await, [r#"431["main"]"#]);
    assert_eq!(test.send("a=", "41").await, [] as [&str; 0]);
    assert_eq!(test.send("a=", r#"42/room,1["echo","room"]"#).await, [r#"43/room,1["room"]"#]);
    // The main namespace was left, so an event in it is a protocol error.
    test.send("a=", r#"421["echo","main"]"#).await;
    assert!(test.fixture.gateway.closed("a="));
}

#[tokio::test]
async fn rooms_that_a_socket_joins_while_it_is_authorized_are_written_with_it() {
    let test = TestServer::start().await;
    test.connect("a=").await;
    // Its row represents a membership.
    test.connect("b=").await;
    let before = test.fixture.requests();
    let came = test.send("a=", r#"40/members,{"rooms":["blue","red","blue"],"member":"b="}"#).await;
    assert!(came[0].starts_with("40/members,"), "{came:?}");
    assert_eq!(test.fixture.requests() - before, 3, "the connection, one transaction, one post");
    for room in ["blue", "red"] {
        assert_eq!(test.fixture.io.of("/members").to(room).fetch_sockets().await.unwrap().len(), 1, "{room}");
    }
    // Joining again with other rooms leaves the former ones.
    test.send("a=", r#"40/members,{"rooms":["red"],"member":"b="}"#).await;
    for (room, sockets) in [("blue", 0), ("red", 1)] {
        let found = test.fixture.io.of("/members").to(room).fetch_sockets().await.unwrap();
        assert_eq!(found.len(), sockets, "{room}");
    }
    test.send("a=", "41/members").await;
    assert_eq!(test.fixture.rows().await, 2, "only the connections' own rows remain");
}

#[tokio::test]
async fn a_condition_that_does_not_hold_makes_the_socket_be_authorized_again() {
    let test = TestServer::start().await;
    test.connect("a=").await;
    // Its row represents a membership.
    test.connect("b=").await;
    // It is a member when it asks, and no longer when the row is written.
    let came = test.send("a=", r#"40/members,{"rooms":["blue"],"member":"gone"}"#).await;
    assert_eq!(came, [r#"44/members,{"message":"Members only.","data":{"code":"no-member"}}"#]);
    assert_eq!(test.recorder.all(), ["asked", "asked"]);
    assert_eq!(test.fixture.io.of("/members").fetch_sockets().await.unwrap().len(), 0);
    // A condition that never holds is an error in the end, and the connection is closed.
    test.send("a=", r#"40/members,{"rooms":["blue"],"member":"liar"}"#).await;
    assert_eq!(test.recorder.all().len(), 5);
    assert!(test.fixture.gateway.closed("a="));
}

#[tokio::test]
async fn a_socket_joins_a_room_later_only_if_the_condition_holds() {
    let test = TestServer::start().await;
    test.connect("a=").await;
    // Its row represents a membership.
    test.connect("b=").await;
    test.send("a=", r#"40/members,{"rooms":[],"member":"b="}"#).await;
    assert_eq!(test.send("a=", r#"42/members,1["join","blue","b="]"#).await, [r#"43/members,1["joined"]"#]);
    assert_eq!(test.send("a=", r#"42/members,2["join","red","gone"]"#).await, [r#"43/members,2["refused"]"#]);
    for (room, sockets) in [("blue", 1), ("red", 0)] {
        let found = test.fixture.io.of("/members").to(room).fetch_sockets().await.unwrap();
        assert_eq!(found.len(), sockets, "{room}");
    }
}
