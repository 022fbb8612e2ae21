//! Sessions from cookies. Only users who are signed in join the namespace, and signing out closes their sockets.
//!
//! The session is found when the connection opens, and checked again when the socket joins a namespace. A client would
//! retry a refused handshake forever. A namespace that refuses the client sends the reason, and the client stops.
//!
//! `template.yaml` beside this file deploys it, with `Binary: authentication`.

use std::env;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_config::BehaviorVersion;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use socketio::{ConnectError, Handshake, Namespace, Refused, Server, Session, Settings, Socket, SocketIo};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let io = &SocketIo::new(&config, env::var("CONNECTIONS_TABLE")?, Settings::default());
    let users = USERS;
    let server = &Server::new(io.clone())
        // A browser sends its cookies with the handshake of any page.
        .origin("https://chat.example")
        .authenticate(users, find_session)
        .of(Namespace::new("/", users).authorize(authorize).on("who-am-i", who_am_i));
    let handler = service_fn(|event: LambdaEvent<Value>| handle(server, io, event.payload));
    Box::pin(lambda_runtime::run(handler)).await
}

/// Handles events of the WebSocket API, and batches of the Connections table's stream.
async fn handle(server: &Server, io: &SocketIo, event: Value) -> Result<Value, Error> {
    if event.get("Records").is_some() {
        let failures = io.send_open_packets(&serde_json::from_value(event)?).await;
        return Ok(serde_json::to_value(failures)?);
    }
    // Another function of the application asks for this when a user signs out. It needs the table's index `by-session`.
    if let Some(session) = event["signedOut"].as_str() {
        return Ok(io.end_session(session).await?.into());
    }
    let response = server.handle(&serde_json::from_value(event)?).await;
    Ok(serde_json::to_value(response)?)
}

/// The application's users, by session. A real application has a table.
#[derive(Clone, Copy)]
struct Users(&'static [(&'static str, &'static str)]);

const USERS: Users = Users(&[("ada-1", "Ada"), ("bob-1", "Bob")]);

#[derive(Deserialize, Serialize)]
struct User {
    name: String,
}

impl Users {
    /// Finds the user of a session.
    fn find(self, session: &str) -> Option<User> {
        let user = self.0.iter().find(|(own, _)| *own == session);
        user.map(|(_, name)| User { name: (*name).to_owned() })
    }
}

/// Finds the session in the handshake's cookies.
async fn find_session(users: Users, handshake: Handshake) -> Result<Option<Session>, socketio::Error> {
    let id = handshake.cookies().find_map(|cookies| cookies.strip_prefix("session=").map(str::to_owned));
    let hour = SystemTime::now() + Duration::from_hours(1);
    let expires = hour.duration_since(UNIX_EPOCH).map_err(socketio::Error::application)?.as_secs();
    Ok(id.filter(|id| users.find(id).is_some()).map(|id| Session { id, expires }))
}

/// Lets signed-in users join. The user becomes the socket's data.
async fn authorize(users: Users, socket: Socket, _auth: Value) -> Result<User, Refused> {
    let user = socket.session().and_then(|session| users.find(session));
    Ok(user.ok_or_else(|| ConnectError::new("Sign in first.", "unauthenticated").closing())?)
}

async fn who_am_i(_users: Users, socket: Socket, (): ()) -> Result<Option<User>, socketio::Error> {
    Ok(socket.data())
}
