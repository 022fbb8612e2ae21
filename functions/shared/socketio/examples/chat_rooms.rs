//! A chat with rooms. A client joins a room, and its messages go to the others in that room.
//!
//! In a browser:
//!
//! ```js
//! const socket = io(ADDRESS, { path: "/live/", transports: ["websocket"] });
//! socket.emit("join", "rust");
//! socket.on("message", ({ room, text }) => console.log(room, text));
//! socket.emit("message", { room: "rust", text: "Hello!" });
//! ```
//!
//! `template.yaml` beside this file deploys it, with `Binary: chat_rooms`.

use std::env;

use aws_config::BehaviorVersion;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use socketio::{Namespace, Server, Settings, Socket, SocketIo};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let io = &SocketIo::new(&config, env::var("CONNECTIONS_TABLE")?, Settings::default());
    let chat = Namespace::new("/", ()).on("join", join).on("leave", leave).on("message", send_message);
    let server = &Server::new(io.clone()).of(chat);
    let handler = service_fn(|event: LambdaEvent<Value>| handle(server, io, event.payload));
    Box::pin(lambda_runtime::run(handler)).await
}

/// Handles events of the WebSocket API, and batches of the Connections table's stream.
async fn handle(server: &Server, io: &SocketIo, event: Value) -> Result<Value, Error> {
    if event.get("Records").is_some() {
        let failures = io.send_open_packets(&serde_json::from_value(event)?).await;
        return Ok(serde_json::to_value(failures)?);
    }
    let response = server.handle(&serde_json::from_value(event)?).await;
    Ok(serde_json::to_value(response)?)
}

#[derive(Deserialize, Serialize)]
struct Message {
    room: String,
    text: String,
}

async fn join(_app: (), socket: Socket, room: String) -> Result<(), socketio::Error> {
    socket.join(&room).await
}

async fn leave(_app: (), socket: Socket, room: String) -> Result<(), socketio::Error> {
    socket.leave(&room).await
}

/// Sends a message to the others in its room. The client's acknowledgement has the number of sockets that received it.
async fn send_message(_app: (), socket: Socket, message: Message) -> Result<usize, socketio::Error> {
    let report = socket.to(&*message.room).emit("message", &message).await?;
    Ok(report.reached)
}
