//! A whole application: the one that Socket.IO's public protocol test suite expects of a server.
//!
//! `cargo run -- --memory --template functions/shared/socketio/examples/template.yaml` runs it at
//! `http://localhost:3000/socket.io/`. One function takes the events of the WebSocket API, and the records of the
//! Connections table's stream.
//!
//! API Gateway supports neither polling nor binary frames nor pings of the server, so those tests of the suite fail.

use std::env;
use std::time::Duration;

use aws_config::BehaviorVersion;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use socketio::{Arguments, Namespace, Refused, Server, Settings, Socket, SocketIo};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_runtime::tracing::init_default_subscriber();
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let io = &SocketIo::new(&config, env::var("CONNECTIONS_TABLE")?, settings());
    // If this fails, the first event connects.
    let _ = io.warm_up().await;
    let server = &server(io.clone());
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| Box::pin(handle(server, io, event.payload))))
        .await
}

/// The timings that the suite expects in the open packet. A real client would time out after half a second, because this
/// server sends no pings. Other applications keep the defaults.
fn settings() -> Settings {
    Settings {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        max_payload: 1_000_000,
        ..Settings::default()
    }
}

fn server(io: SocketIo) -> Server {
    let main = Namespace::new("/", ())
        .authorize(keep_auth)
        .on_connect(emit_auth)
        .on("message", send_back)
        .on("message-with-ack", acknowledge);
    let custom = Namespace::new("/custom", ()).authorize(keep_auth).on_connect(emit_auth);
    Server::new(io).of(main).of(custom)
}

/// A batch of the stream has records. All other events are for the server.
async fn handle(server: &Server, io: &SocketIo, event: Value) -> Result<Value, Error> {
    if event.get("Records").is_some() {
        let failed = io.send_open_packets(&serde_json::from_value(event)?).await;
        return Ok(serde_json::to_value(failed)?);
    }
    let answer = server.handle(&serde_json::from_value(event)?).await;
    Ok(serde_json::to_value(answer)?)
}

/// Accepts every socket. The return value becomes the socket's data.
async fn keep_auth(_app: (), _socket: Socket, auth: Value) -> Result<Value, Refused> {
    Ok(auth)
}

async fn emit_auth(_app: (), socket: Socket) -> Result<(), socketio::Error> {
    socket.emit("auth", &socket.data::<Value>()).await
}

async fn send_back(_app: (), socket: Socket, arguments: Arguments) -> Result<(), socketio::Error> {
    socket.emit("message-back", &arguments).await
}

async fn acknowledge(_app: (), _socket: Socket, arguments: Arguments) -> Result<Arguments, socketio::Error> {
    Ok(arguments)
}
