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
async fn named_query_parameters_are_stored_whatever_their_value() {
    let test = TestServer::start().await;
    let query = json!({ "EIO": "4", "transport": "websocket", "room": "é\u{0}", "": "abc", "x": "y".repeat(8 * 1024) });
    assert_eq!(test.event("a=", "CONNECT", json!({ "queryStringParameters": query })).await, 200);
    let came = test.send("a=", r#"40/room,{"name":"ada"}"#).await;
    assert_eq!(came[1], r#"42/room,["welcome",{"name":"ada","room":"é\u0000","session":null}]"#);
    assert!(test.fixture.bytes("a=").await < 512, "what nobody asked for is not stored");

    let query = json!({ "EIO": "4", "transport": "websocket", "room": "y".repeat(2 * 1024) });
    assert_eq!(test.event("b=", "CONNECT", json!({ "queryStringParameters": query })).await, 400);
}

#[tokio::test]
async fn data_too_large_for_a_connections_row_is_refused_at_the_namespace() {
    let test = TestServer::start().await;
    test.connect("a=").await;
    let refused = r#"{"message":"There is more to keep with this socket than there is room for.","data":{"code":"too-much-data"}}"#;
    // Quotes, and what the other namespace keeps, count as well.
    let came = test.send("a=", r#"40/keeping,{"characters":32767}"#).await;
    assert_eq!(came, [format!("44/keeping,{refused}")]);
    let came = test.send("a=", r#"40/keeping,{"characters":32765}"#).await;
    assert!(came[0].starts_with("40/keeping,"), "{came:?}");
    assert_eq!(
        test.send("a=", r#"40/also-keeping,{"characters":0}"#).await,
        [format!("44/also-keeping,{refused}")]
    );
    // One that comes back takes its own place.
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
    // The main one was left: speaking in it is out of order.
    test.send("a=", r#"421["echo","main"]"#).await;
    assert!(test.fixture.gateway.closed("a="));
}
