//! Connections that are closed: their time is over, they are refused too often, or an event takes too long.

use std::future::pending;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use serde_json::json;

use super::{Recorder, TestServer};
use crate::server::Server;
use crate::testing::Fixture;
use crate::{Arguments, Error, Handshake, Namespace, Session, Settings, Socket, clock};

/// Creates a server whose handlers never return.
async fn server_with_slow_handlers() -> TestServer {
    async fn wait((): (), _: Socket, _: Arguments) -> Result<(), Error> {
        pending().await
    }
    async fn look_up((): (), handshake: Handshake) -> Result<Option<Session>, Error> {
        if handshake.cookies().any(|cookie| cookie == "slow") { pending().await } else { Ok(None) }
    }
    let (fixture, recorder) = (Fixture::start(1).await, Recorder::default());
    let slow = Namespace::new("/", ()).on("wait", wait);
    let server = Server::new(fixture.io.clone()).authenticate((), look_up).of(slow);
    TestServer { fixture, server, recorder, clock: AtomicI64::new(1) }
}

#[tokio::test]
async fn an_expired_connection_is_closed_at_its_next_frame() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    let update = test.fixture.client.update_item().table_name(crate::testing::TABLE);
    let s = |text: &str| aws_sdk_dynamodb::types::AttributeValue::S(text.into());
    let past = aws_sdk_dynamodb::types::AttributeValue::N(clock::now().to_string());
    let update =
        update.key("room", s("a=")).key("connectionId", s("a=")).update_expression("SET expires = :past");
    update.expression_attribute_values(":past", past).send().await.unwrap();
    assert_eq!(test.send("a=", r#"42/room,1["echo"]"#).await, [] as [&str; 0]);
    assert!(test.fixture.gateway.closed("a="));
}

#[tokio::test]
async fn a_connection_that_joined_nothing_in_time_is_closed_at_its_next_frame() {
    let idle = ["2", "3", "6", "41/room,", "40/nowhere,", r#"40/room,{"name":"ada"}"#, r#"42/room,["echo"]"#];
    for (time, frame) in idle.iter().flat_map(|frame| [(0, frame), (60, frame)]) {
        let settings = Settings { connect_timeout: Duration::from_secs(time), ..Settings::default() };
        let test = TestServer::with(Fixture::with(settings).await);
        test.connect("a=").await;
        test.send("a=", frame).await;
        // An event in a namespace that was not joined closes the connection, too.
        let is_out = time == 0 || frame.starts_with("42");
        assert_eq!(test.fixture.gateway.closed("a="), is_out, "{frame} after {time} s");
        assert_eq!(test.fixture.rows().await == 0, is_out, "{frame} after {time} s");
    }
}

#[tokio::test]
async fn a_connection_that_joined_in_time_lives_as_long_as_its_session() {
    let settings = Settings { connect_timeout: Duration::from_secs(2), ..Settings::default() };
    let test = TestServer::with(Fixture::with(settings).await);
    test.enter("a=", "ada").await;
    let own = test.fixture.io.connections.find(&crate::ConnectionId::new("a=")).await.unwrap().unwrap();
    assert_eq!(own.expires, own.ends);
    assert!(own.expires > clock::now() + 30);
    // Leaving does not change that.
    test.send("a=", "41/room,").await;
    let own = test.fixture.io.connections.find(own.id()).await.unwrap().unwrap();
    assert_eq!(own.expires, own.ends);
}

#[tokio::test]
async fn ten_refusals_are_sent_and_the_next_one_closes_the_connection() {
    let test = TestServer::start().await;
    test.connect("a=").await;
    test.enter("b=", "bob").await;
    for connection in ["a=", "b="] {
        for n in 0..9 {
            let refused = [format!(r#"44/x{n},{{"message":"Invalid namespace"}}"#)];
            assert_eq!(test.send(connection, &format!("40/x{n},")).await, refused);
        }
        assert_eq!(test.send(connection, r#"40/room,{"name":"nobody"}"#).await.len(), 1);
        assert!(!test.fixture.gateway.closed(connection));
        assert_eq!(test.send(connection, "40/x10,").await, [] as [&str; 0]);
        assert!(test.fixture.gateway.closed(connection));
    }
    assert_eq!(test.fixture.rows().await, 0);
}

#[tokio::test]
async fn a_frame_that_times_out_closes_its_connection() {
    let mut test = server_with_slow_handlers().await;
    test.connect("a=").await;
    test.send("a=", "40").await;
    assert!(!test.fixture.gateway.closed("a="));
    test.shorten_deadline();
    assert_eq!(test.send("a=", r#"42["wait"]"#).await, [] as [&str; 0]);
    assert!(test.fixture.gateway.closed("a="));
}

#[tokio::test]
async fn a_handshake_that_times_out_returns_503() {
    let mut test = server_with_slow_handlers().await;
    test.shorten_deadline();
    let query = json!({ "EIO": "4", "transport": "websocket" });
    let handshake = json!({ "headers": { "cookie": "slow" }, "queryStringParameters": query });
    assert_eq!(test.event("a=", "CONNECT", handshake).await, 503);
}
