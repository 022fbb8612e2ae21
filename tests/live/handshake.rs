//! The handshake: accepted and refused connections.

use crate::support::{Frame, JOIN_HOME, Socket, TestCloud};

#[tokio::test]
async fn a_session_receives_the_open_packet_joins_home_and_receives_the_list() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;

    let open = socket.expect("0").await;
    assert_eq!(open["upgrades"], serde_json::json!([]));
    assert_eq!((&open["pingInterval"], &open["pingTimeout"]), (&7_200_000.into(), &20_000.into()));
    assert_eq!(open["maxPayload"], 32_768);

    socket.send(JOIN_HOME).await;
    let connected = socket.expect("40/home,").await;
    assert_eq!(connected["sid"].as_str().map(str::len), Some(16));
    let list = socket.notetitles().await;
    assert_eq!(list, serde_json::json!({ "board": "team", "revision": 0, "notelist": [], "more": false }));
    cloud.stop().await;
}

#[tokio::test]
async fn a_client_without_a_session_receives_the_open_packet_and_is_refused_at_the_namespace() {
    let cloud = TestCloud::start().await;
    let strange = format!("__Host-notes-session=ada.{}", "A".repeat(43));
    for cookie in [None, Some("__Host-notes-session=forged"), Some(strange.as_str())] {
        let mut socket = Socket::open(&cloud.address(), cookie).await.unwrap();
        socket.expect("0").await;
        socket.send(JOIN_HOME).await;
        assert_eq!(
            socket.next().await.text(),
            r#"44/home,{"message":"Sign in first.","data":{"code":"unauthenticated"}}"#
        );
        assert!(
            matches!(socket.next().await, Frame::Closed(_)),
            "the connection is closed after the refusal"
        );
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_session_that_ended_after_the_handshake_is_refused() {
    let cloud = TestCloud::start().await;
    cloud.keep_expired_items();
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    socket.expect("0").await;
    // The session expires, but its connection stays open, as after a lost close.
    let sessions = cloud.rows("Sessions").await;
    let key = |name: &str| sessions[0][name].clone();
    let mut update = cloud.dynamodb().update_item().table_name("Sessions");
    update = update.key("username", key("username")).key("id", key("id"));
    update = update.update_expression("SET expires = :past");
    update =
        update.expression_attribute_values(":past", aws_sdk_dynamodb::types::AttributeValue::N("1".into()));
    update.send().await.unwrap();

    socket.send(JOIN_HOME).await;
    assert!(socket.next().await.text().starts_with("44/home,"));
    socket.closed().await;
    cloud.stop().await;
}

#[tokio::test]
async fn the_handshake_refuses_a_foreign_origin_and_another_protocol() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let address = cloud.address();
    let cookie = ("cookie", Some(ada.cookie()));
    let websocket = "EIO=4&transport=websocket";

    for foreign in ["https://evil.example", "null", "http://localhost:1"] {
        let refused = Socket::open_with(&address, websocket, &[cookie, ("origin", Some(foreign))]).await;
        assert_eq!(refused.err(), Some(403), "{foreign}");
    }
    let own = Socket::open_with(&address, websocket, &[cookie, ("origin", Some(&address))]).await;
    assert!(own.is_ok(), "our own page connects");

    for query in ["EIO=3&transport=websocket", "EIO=4&transport=polling", ""] {
        assert_eq!(Socket::open_with(&address, query, &[cookie]).await.err(), Some(400), "{query}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_handshake_around_the_edge_is_refused_with_403() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let url = format!("{}/live/?EIO=4&transport=websocket", cloud.address());
    let host = cloud.own_host("websocketapi");
    let open = async |secret| {
        let headers = [("host", Some(&*host)), ("cookie", Some(ada.cookie())), ("x-front-door", secret)];
        Socket::open_at(&url, &headers).await
    };
    for secret in [None, Some(""), Some("guessed")] {
        assert_eq!(open(secret).await.err(), Some(403), "{secret:?}");
    }
    assert_eq!(cloud.socket_rows().await, 0, "a refused handshake leaves nothing behind");
    // The header makes the difference: with it, the own address accepts connections.
    open(Some(sam_template::STACK_ID)).await.unwrap().join_home().await;
    // The edge sends its secret in place of the client's value.
    let headers = [("cookie", Some(ada.cookie())), ("x-front-door", Some("guessed"))];
    let socket = Socket::open_with(&cloud.address(), "EIO=4&transport=websocket", &headers).await;
    socket.unwrap().join_home().await;
    cloud.stop().await;
}

#[tokio::test]
async fn without_an_edge_the_apis_own_address_accepts_connections() {
    let cloud = TestCloud::without_edge().await;
    let ada = cloud.sign_up("ada").await;
    let url = format!("{}/live/?EIO=4&transport=websocket", cloud.address());
    let host = cloud.own_host("websocketapi");
    for host in [None, Some(&*host)] {
        let headers = [("cookie", Some(ada.cookie())), ("host", host)];
        Socket::open_at(&url, &headers).await.unwrap().join_home().await;
    }
    cloud.stop().await;
}

#[tokio::test]
async fn any_query_is_accepted_and_none_of_it_is_stored() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let long = format!("long={}", "x".repeat(7 * 1024));
    for query in
        ["", "=", "token=abc&", "a=1&&b=2", "a", "=1", "a=%00&%00=a", "a=1&a=2", "%F0%9F%A6%80=%ff", &long]
    {
        let query = format!("EIO=4&transport=websocket&{query}");
        let socket = Socket::open_with(&cloud.address(), &query, &[("cookie", Some(ada.cookie()))]).await;
        let mut socket = socket.unwrap_or_else(|status| panic!("{status} for {query}"));
        socket.join_home().await;
        let rows = cloud.rows("Connections").await;
        assert!(
            rows.iter().all(|row| !row.contains_key("query") && format!("{row:?}").len() < 1024),
            "{query}: {rows:?}"
        );
        socket.leave().await;
    }
    cloud.stop().await;
}

#[tokio::test]
async fn connecting_after_an_hour_updates_the_sessions_last_use() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let before = cloud.leave_the_session_for_an_hour().await;
    cloud.socket(&ada).await.join_home().await;
    assert_ne!(cloud.rows("Sessions").await[0]["lastSeen"], before);
    assert_eq!(cloud.count("WebSocket", "dynamodb:UpdateItem", "Sessions"), 1);
    cloud.stop().await;
}
