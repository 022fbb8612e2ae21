//! The server's side of the protocol, event by event, with handlers of every kind.

use std::future::pending;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::Server;
use crate::testing::Fixture;
use crate::{
    Arguments, ConnectError, Error, Handshake, Namespace, Reason, Refused, Session, Settings, Socket, clock,
};

/// What handlers recorder.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<String>>>);

impl Recorder {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// What `/room` wants to know of who comes in.
#[derive(serde::Deserialize)]
struct Auth {
    name: String,
}

async fn authorize(_: Recorder, socket: Socket, auth: Auth) -> Result<Value, Refused> {
    match auth.name.as_str() {
        "nobody" => Err(Refused::new("Who?", "unknown")),
        "banned" => Err(ConnectError::new("Out!", "banned").closing().into()),
        "broken" => Err(Error::application("the database is away").into()),
        name => Ok(json!({ "name": name, "session": socket.session(), "room": socket.query("room") })),
    }
}

async fn welcome(_: Recorder, socket: Socket) -> Result<(), Error> {
    socket.emit("welcome", &socket.data::<Value>()).await
}

async fn add(_: Recorder, _: Socket, (a, b): (i64, i64)) -> Result<i64, Error> {
    Ok(a + b)
}

async fn echo(_: Recorder, _: Socket, all: Arguments) -> Result<Arguments, Error> {
    Ok(all)
}

async fn hear(recorder: Recorder, socket: Socket, what: String) -> Result<(), Error> {
    recorder.note(format!("{} said {what}", socket.data::<Value>().unwrap()["name"].as_str().unwrap()));
    Ok(())
}

async fn fail(_: Recorder, _: Socket, _: Arguments) -> Result<(), Error> {
    Err(Error::application("no"))
}

async fn move_in(_: Recorder, socket: Socket, room: String) -> Result<(), Error> {
    socket.join(&room).await?;
    socket.to(&*room).emit("moved-in", &socket.id()).await.map(drop)
}

/// Keeps as many characters as it is asked to.
async fn keep(_: Recorder, _: Socket, auth: Value) -> Result<Value, Refused> {
    let characters = auth["characters"].as_u64().and_then(|characters| usize::try_from(characters).ok());
    Ok(characters.map_or(auth, |characters| "x".repeat(characters).into()))
}

async fn quit(_: Recorder, socket: Socket, close: bool) -> Result<(), Error> {
    socket.disconnect(close).await
}

async fn left(recorder: Recorder, socket: Socket, reason: Reason) -> Result<(), Error> {
    recorder.note(format!(
        "{} left: {}",
        socket.data::<Value>().unwrap()["name"].as_str().unwrap(),
        reason.as_str()
    ));
    Ok(())
}

async fn authenticate((): (), handshake: Handshake) -> Result<Option<Session>, Error> {
    let id = handshake.cookies().next().map(str::to_owned);
    Ok(id.map(|id| Session { id, expires: clock::now() + 60 }))
}

/// A server, and somebody who is connected to it.
struct TestServer {
    fixture: Fixture,
    server: Server,
    recorder: Recorder,
    clock: AtomicI64,
}

impl TestServer {
    async fn start() -> Self {
        Self::with(Fixture::start(1).await)
    }

    fn with(fixture: Fixture) -> Self {
        let recorder = Recorder::default();
        let room = Namespace::new("/room", recorder.clone())
            .authorize(authorize)
            .on_connect(welcome)
            .on("add", add)
            .on("echo", echo)
            .on("hear", hear)
            .on("fail", fail)
            .on("move-in", move_in)
            .on("quit", quit)
            .on_disconnect(left);
        let main = Namespace::new("/", recorder.clone()).on("echo", echo).on("move-in", move_in);
        let keeping = Namespace::new("/keeping", recorder.clone()).authorize(keep);
        let also = Namespace::new("/also-keeping", recorder.clone()).authorize(keep);
        let server = Server::new(fixture.io.clone()).keep_query(["room"]);
        let server = server.authenticate((), authenticate).of(room).of(main).of(keeping).of(also);
        Self { fixture, server, recorder, clock: AtomicI64::new(1) }
    }

    /// From now on nothing may take longer than a moment.
    fn shorten_deadline(&mut self) {
        self.server.io.settings.event_deadline = Duration::from_millis(100);
    }

    /// An event that the gateway received after all others.
    async fn event(&self, connection: &str, kind: &str, rest: Value) -> i64 {
        let now = self.clock.fetch_add(10, Ordering::Relaxed);
        self.event_at(now, connection, kind, rest).await
    }

    async fn event_at(&self, at: i64, connection: &str, kind: &str, rest: Value) -> i64 {
        let mut event = json!({ "requestContext": {
            "connectionId": connection, "eventType": kind, "connectedAt": 0, "requestTimeEpoch": at,
        } });
        event.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        self.server.handle(&serde_json::from_value(event).unwrap()).await.status_code
    }

    async fn connect(&self, connection: &str) {
        let query = json!({ "EIO": "4", "transport": "websocket", "room": "blue" });
        let handshake = json!({ "headers": { "cookie": "ada" }, "queryStringParameters": query });
        assert_eq!(self.event(connection, "CONNECT", handshake).await, 200);
    }

    /// Sends a frame, and gives what came back.
    async fn send(&self, connection: &str, frame: &str) -> Vec<String> {
        let before = self.fixture.gateway.frames(connection).len();
        assert_eq!(self.event(connection, "MESSAGE", json!({ "body": frame })).await, 200);
        self.fixture.gateway.frames(connection).split_off(before)
    }

    /// Whether a frame of this connection reaches nothing but its function: no row and no gateway.
    async fn send_causes_no_calls(&self, connection: &str, frame: &str) -> bool {
        let before = self.fixture.requests();
        let frames = self.send(connection, frame).await;
        frames.is_empty() && self.fixture.requests() == before
    }

    /// Sends a frame that the gateway received at a time.
    async fn send_at(&self, at: i64, connection: &str, frame: &str) -> Vec<String> {
        let before = self.fixture.gateway.frames(connection).len();
        assert_eq!(self.event_at(at, connection, "MESSAGE", json!({ "body": frame })).await, 200);
        self.fixture.gateway.frames(connection).split_off(before)
    }

    /// Somebody in `/room`.
    async fn enter(&self, connection: &str, name: &str) {
        self.connect(connection).await;
        let came = self.send(connection, &format!(r#"40/room,{{"name":"{name}"}}"#)).await;
        assert!(came[0].starts_with(r#"40/room,{"sid":"#), "{came:?}");
    }
}

#[tokio::test]
async fn who_comes_in_is_known_by_auth_session_and_query_and_is_welcomed() {
    let test = TestServer::start().await;
    test.connect("a=").await;
    let came = test.send("a=", r#"40/room,{"name":"ada"}"#).await;
    assert_eq!(came.len(), 2);
    assert_eq!(came[1], r#"42/room,["welcome",{"name":"ada","room":"blue","session":"ada"}]"#);
}

#[tokio::test]
async fn who_is_refused_is_told_why_and_stays_connected_unless_it_is_of_no_use() {
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
async fn a_handler_that_fails_closes_the_connection_so_that_its_client_starts_anew() {
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
async fn events_are_acknowledged_if_that_was_asked_for() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    assert_eq!(test.send("a=", r#"42/room,7["add",1,2]"#).await, ["43/room,7[3]"]);
    assert_eq!(test.send("a=", r#"42/room,0["echo",1,{"two":[2]}]"#).await, [r#"43/room,0[1,{"two":[2]}]"#]);
    assert_eq!(test.send("a=", r#"42/room,8["echo"]"#).await, ["43/room,8[]"]);
    assert_eq!(test.send("a=", r#"42/room,9["hear","hello"]"#).await, ["43/room,9[]"]);
    assert_eq!(test.send("a=", r#"42/room,["hear","again"]"#).await, [] as [&str; 0]);
    assert_eq!(test.recorder.all(), ["ada said hello", "ada said again"]);
}

#[tokio::test]
async fn an_event_with_other_arguments_or_that_nobody_hears_is_ignored() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    for event in
        [r#"42/room,1["add",1,"two"]"#, r#"42/room,2["add"]"#, r#"42/room,3["hear",7]"#, r#"42/room,4["x"]"#]
    {
        assert_eq!(test.send("a=", event).await, [] as [&str; 0], "{event}");
    }
    assert!(!test.fixture.gateway.closed("a="));
    assert_eq!(test.recorder.all(), [] as [&str; 0]);
}

#[tokio::test]
async fn what_json_parse_takes_is_taken_or_its_event_alone_is_refused() {
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
async fn what_cannot_be_answered_or_joined_is_left_undone_and_closes_nothing() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    let (long, room) = ("x".repeat(40_000), "x".repeat(513));
    assert_eq!(test.send("a=", &format!(r#"42/room,1["echo","{long}"]"#)).await, [] as [&str; 0]);
    assert_eq!(test.send("a=", &format!(r#"42/room,2["move-in","{room}"]"#)).await, [] as [&str; 0]);
    assert_eq!(test.send("a=", r#"42/room,3["echo",1]"#).await, ["43/room,3[1]"]);
    assert!(!test.fixture.gateway.closed("a="));
}

#[tokio::test]
async fn a_query_is_kept_where_it_was_asked_for_and_can_be_anything() {
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
async fn more_data_than_a_connections_row_holds_is_refused_at_the_namespace() {
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
async fn several_namespaces_live_on_one_connection_the_main_one_among_them() {
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

#[tokio::test]
async fn who_joins_a_room_is_heard_by_the_others_in_it() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    test.enter("b=", "bob").await;
    assert_eq!(test.send("a=", r#"42/room,["move-in","red"]"#).await, [] as [&str; 0], "alone in it");
    assert_eq!(test.send("b=", r#"42/room,["move-in","red"]"#).await, [] as [&str; 0], "others only");
    let recorder = test.fixture.gateway.frames("a=").pop().unwrap();
    assert!(recorder.starts_with(r#"42/room,["moved-in",""#), "{recorder}");
}

#[tokio::test]
async fn a_disconnection_is_heard_once_for_each_namespace_with_its_reason() {
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
async fn a_server_puts_a_socket_out_or_closes_its_connection() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    assert_eq!(test.send("a=", r#"42/room,["quit",false]"#).await, ["41/room,"]);
    assert!(!test.fixture.gateway.closed("a="));
    test.enter("b=", "bob").await;
    assert_eq!(test.send("b=", r#"42/room,["quit",true]"#).await, [] as [&str; 0]);
    assert!(test.fixture.gateway.closed("b="));
}

#[tokio::test]
async fn a_connection_whose_time_is_over_is_closed_at_its_next_word() {
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

/// The frames of a client that leaves a room and wants into the next at once.
const LEAVE: &str = "41/room,";
const BACK: &str = r#"40/room,{"name":"ada again"}"#;

#[tokio::test]
async fn who_leaves_and_comes_back_at_once_is_in_whichever_is_acted_on_first() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    test.send("a=", r#"42/room,["move-in","red"]"#).await;

    assert_eq!(test.send_at(200, "a=", BACK).await.len(), 2, "let in, and welcomed");
    assert_eq!(test.fixture.rows().await, 2, "the former socket's room was left");
    assert_eq!(test.send_at(100, "a=", LEAVE).await, [] as [&str; 0]);
    assert_eq!(test.send_at(300, "a=", r#"42/room,1["hear","here"]"#).await, ["43/room,1[]"]);
    assert_eq!(test.recorder.all(), ["ada again said here"]);
}

#[tokio::test]
async fn what_was_meant_for_a_former_socket_reaches_no_other() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    test.send_at(200, "a=", BACK).await;
    assert_eq!(test.send_at(100, "a=", r#"42/room,1["hear","for the former"]"#).await, [] as [&str; 0]);
    assert_eq!(test.recorder.all(), [] as [&str; 0]);
    assert!(!test.fixture.gateway.closed("a="));
}

#[tokio::test]
async fn what_was_said_before_leaving_is_too_late_after_it_and_closes_nothing() {
    let test = TestServer::start().await;
    test.enter("a=", "ada").await;
    test.send_at(200, "a=", LEAVE).await;
    assert_eq!(test.send_at(100, "a=", r#"42/room,1["hear","goodbye"]"#).await, [] as [&str; 0]);
    assert!(!test.fixture.gateway.closed("a="));
    assert_eq!(test.send_at(300, "a=", r#"42/room,1["hear","still here?"]"#).await, [] as [&str; 0]);
    assert!(test.fixture.gateway.closed("a="), "which has left, and knows it");
    assert_eq!(test.recorder.all(), ["ada left: client namespace disconnect"]);
}

#[tokio::test]
async fn of_two_connects_the_one_that_was_received_last_stays() {
    let test = TestServer::start().await;
    test.connect("a=").await;
    test.send_at(200, "a=", BACK).await;
    assert_eq!(test.send_at(100, "a=", r#"40/room,{"name":"ada"}"#).await, [] as [&str; 0]);
    test.send_at(300, "a=", r#"42/room,1["hear","hello"]"#).await;
    assert_eq!(test.recorder.all(), ["ada again said hello"]);
}

#[tokio::test]
async fn leaving_and_coming_back_side_by_side_always_ends_inside_with_nothing_left_behind() {
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

#[tokio::test]
async fn a_connection_that_joins_nothing_in_its_time_is_closed_by_whatever_it_says() {
    let idle = ["2", "3", "6", "41/room,", "40/nowhere,", r#"40/room,{"name":"ada"}"#, r#"42/room,["echo"]"#];
    for (time, frame) in idle.iter().flat_map(|frame| [(0, frame), (60, frame)]) {
        let settings = Settings { connect_timeout: Duration::from_secs(time), ..Settings::default() };
        let test = TestServer::with(Fixture::with(settings).await);
        test.connect("a=").await;
        test.send("a=", frame).await;
        // Nobody speaks in a namespace before they are in it.
        let is_out = time == 0 || frame.starts_with("42");
        assert_eq!(test.fixture.gateway.closed("a="), is_out, "{frame} after {time} s");
        assert_eq!(test.fixture.rows().await == 0, is_out, "{frame} after {time} s");
    }
}

#[tokio::test]
async fn a_connection_that_joined_in_its_time_lives_as_long_as_its_session() {
    let settings = Settings { connect_timeout: Duration::from_secs(2), ..Settings::default() };
    let test = TestServer::with(Fixture::with(settings).await);
    test.enter("a=", "ada").await;
    let own = test.fixture.io.connections.find(&crate::ConnectionId::new("a=")).await.unwrap().unwrap();
    assert_eq!(own.expires, own.ends);
    assert!(own.expires > clock::now() + 30);
    // Nor does leaving take it away.
    test.send("a=", "41/room,").await;
    let own = test.fixture.io.connections.find(own.id()).await.unwrap().unwrap();
    assert_eq!(own.expires, own.ends);
}

#[tokio::test]
async fn a_ping_of_a_client_costs_nothing_and_is_not_answered() {
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

#[tokio::test]
async fn ten_refusals_are_answered_and_one_more_closes() {
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

/// A fixture where handlers take for ever.
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
async fn a_frame_that_takes_too_long_closes_its_connection_and_is_answered() {
    let mut test = server_with_slow_handlers().await;
    test.connect("a=").await;
    test.send("a=", "40").await;
    assert!(!test.fixture.gateway.closed("a="));
    test.shorten_deadline();
    assert_eq!(test.send("a=", r#"42["wait"]"#).await, [] as [&str; 0]);
    assert!(test.fixture.gateway.closed("a="));
}

#[tokio::test]
async fn a_handshake_that_takes_too_long_is_503() {
    let mut test = server_with_slow_handlers().await;
    test.shorten_deadline();
    let query = json!({ "EIO": "4", "transport": "websocket" });
    let handshake = json!({ "headers": { "cookie": "slow" }, "queryStringParameters": query });
    assert_eq!(test.event("a=", "CONNECT", handshake).await, 503);
}
