//! The server's side of the protocol, event by event, with handlers of every kind.

mod deadlines;
mod events;
mod joining;
mod leaving;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::types::ConditionCheck;
use serde_json::{Value, json};

use super::Server;
use crate::testing::Fixture;
use crate::{Arguments, ConnectError, Error, Handshake, Namespace, Reason, Refused, Session, Socket, clock};

/// Records the calls of handlers.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<String>>>);

impl Recorder {
    fn note(&self, text: impl Into<String>) {
        self.0.lock().unwrap().push(text.into());
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// The auth payload of `/room`.
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

async fn record(recorder: Recorder, socket: Socket, text: String) -> Result<(), Error> {
    recorder.note(format!("{} said {text}", socket.data::<Value>().unwrap()["name"].as_str().unwrap()));
    Ok(())
}

async fn fail(_: Recorder, _: Socket, _: Arguments) -> Result<(), Error> {
    Err(Error::application("no"))
}

async fn move_in(_: Recorder, socket: Socket, room: String) -> Result<(), Error> {
    socket.join(&room).await?;
    socket.to(&*room).emit("moved-in", &socket.id()).await.map(drop)
}

/// Stores a number of characters as the socket's data.
async fn keep(_: Recorder, _: Socket, auth: Value) -> Result<Value, Refused> {
    let characters = auth["characters"].as_u64().and_then(|characters| usize::try_from(characters).ok());
    Ok(characters.map_or(auth, |characters| "x".repeat(characters).into()))
}

/// The auth payload of `/members`.
#[derive(serde::Deserialize)]
struct Membership {
    rooms: Vec<String>,
    /// The connection that must exist. `gone` means a member who is removed while it joins.
    member: String,
}

/// A condition that holds if a connection has a row.
fn exists(socket: &Socket, connection: &str) -> ConditionCheck {
    ConditionCheck::builder()
        .table_name(&socket.io.connections.table)
        .set_key(Some(crate::connections::key(connection, &crate::ConnectionId::new(connection))))
        .condition_expression("attribute_exists(room)")
        .build()
        .unwrap()
}

async fn admit(recorder: Recorder, socket: Socket, auth: Membership) -> Result<(), Refused> {
    recorder.note("asked");
    if auth.member == "gone" && recorder.all().len() > 1 {
        return Err(Refused::new("Members only.", "no-member"));
    }
    for room in auth.rooms {
        socket.join_if(&room, exists(&socket, &auth.member)).await?;
    }
    Ok(())
}

async fn join(_: Recorder, socket: Socket, (room, member): (String, String)) -> Result<&'static str, Error> {
    match socket.join_if(&room, exists(&socket, &member)).await {
        Ok(()) => Ok("joined"),
        Err(Error::Condition) => Ok("refused"),
        Err(error) => Err(error),
    }
}

async fn quit(_: Recorder, socket: Socket, close: bool) -> Result<(), Error> {
    socket.disconnect(close).await
}

async fn disconnected(recorder: Recorder, socket: Socket, reason: Reason) -> Result<(), Error> {
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

/// A server, and the clock of its gateway.
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
            .on("record", record)
            .on("fail", fail)
            .on("move-in", move_in)
            .on("quit", quit)
            .on_disconnect(disconnected);
        let main = Namespace::new("/", recorder.clone()).on("echo", echo).on("move-in", move_in);
        let keeping = Namespace::new("/keeping", recorder.clone()).authorize(keep);
        let also = Namespace::new("/also-keeping", recorder.clone()).authorize(keep);
        let server = Server::new(fixture.io.clone()).keep_query(["room"]);
        let members = Namespace::new("/members", recorder.clone()).authorize(admit).on("join", join);
        let server = server.authenticate((), authenticate).of(room).of(main).of(keeping).of(also).of(members);
        Self { fixture, server, recorder, clock: AtomicI64::new(1) }
    }

    /// Gives events a deadline of 100 ms.
    fn shorten_deadline(&mut self) {
        self.server.io.settings.event_deadline = Duration::from_millis(100);
    }

    /// Handles an event that the gateway received after all others.
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

    /// Sends a frame, and returns the frames that were sent back.
    async fn send(&self, connection: &str, frame: &str) -> Vec<String> {
        let before = self.fixture.gateway.frames(connection).len();
        assert_eq!(self.event(connection, "MESSAGE", json!({ "body": frame })).await, 200);
        self.fixture.gateway.frames(connection).split_off(before)
    }

    /// Returns whether a frame causes no request to the table and the gateway.
    async fn send_causes_no_calls(&self, connection: &str, frame: &str) -> bool {
        let before = self.fixture.requests();
        let frames = self.send(connection, frame).await;
        frames.is_empty() && self.fixture.requests() == before
    }

    /// Sends a frame that the gateway received at this time.
    async fn send_at(&self, at: i64, connection: &str, frame: &str) -> Vec<String> {
        let before = self.fixture.gateway.frames(connection).len();
        assert_eq!(self.event_at(at, connection, "MESSAGE", json!({ "body": frame })).await, 200);
        self.fixture.gateway.frames(connection).split_off(before)
    }

    /// Connects a client, which joins `/room`.
    async fn enter(&self, connection: &str, name: &str) {
        self.connect(connection).await;
        let came = self.send(connection, &format!(r#"40/room,{{"name":"{name}"}}"#)).await;
        assert!(came[0].starts_with(r#"40/room,{"sid":"#), "{came:?}");
    }
}
