//! Socket.IO servers on AWS Lambda and API Gateway's WebSocket APIs, for the official Socket.IO clients.
//!
//! ```no_run
//! use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest;
//! use lambda_runtime::{LambdaEvent, service_fn};
//! use socketio::{Error, Namespace, Server, Settings, Socket, SocketIo};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), lambda_runtime::Error> {
//!     let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
//!     let io = SocketIo::new(&config, "Connections", Settings::default());
//!     let server = &Server::new(io).of(Namespace::new("/", ()).on("message", message));
//!     lambda_runtime::run(service_fn(|event: LambdaEvent<ApiGatewayWebsocketProxyRequest>| async move {
//!         Ok::<_, lambda_runtime::Error>(server.handle(&event.payload).await) // $connect, $default, $disconnect
//!     }))
//!     .await
//! }
//!
//! async fn message(_app: (), socket: Socket, text: String) -> Result<(), Error> {
//!     socket.broadcast().emit("message", &text).await?;
//!     Ok(())
//! }
//! ```
//!
//! API Gateway holds the WebSocket connections. Functions that run for milliseconds speak [Engine.IO
//! 4](https://socket.io/docs/v4/engine-io-protocol/) and [Socket.IO 5](https://socket.io/docs/v4/socket-io-protocol/)
//! over them. A DynamoDB table holds the state that a server would keep in memory, and `@connections` sends packets to
//! clients.
//!
//! - [`Server`] handles the events of a WebSocket API, and calls the handlers of each [`Namespace`].
//! - [`SocketIo`] reaches the sockets from any function: it sends open packets, emits to a namespace or a room
//!   ([`SocketIo::of`]), and closes the connections of a session.
//! - [`RoomChange`] reads records of the table's stream: a socket joined or left a room. With [`Emitter::read_sockets_with_data`],
//!   that is enough to show who is present.
//!
//! The folder `examples` has a template and four applications: the protocol's test server, chat rooms, authentication,
//! and a function that emits without a socket.
//!
//! # What differs from a Socket.IO server
//!
//! - **WebSocket transport only.** Clients set `transports: ["websocket"]`.
//! - **Text only.** The gateway closes a connection that sends a binary frame, and a packet that announces one is
//!   malformed. Send binary data as base64, or over HTTP with its address in the event.
//! - **The open packet comes from the table's stream.** Nothing can be posted to a connection before `$connect` has
//!   returned. So the row that `$connect` writes triggers a function that calls [`SocketIo::send_open_packets`]. The
//!   table needs a stream of new images, and the function a trigger.
//! - **No server pings.** The gateway watches the connection. The open packet's `pingInterval` is the longest life of
//!   a connection, so that clients never wait for a ping. A client's own ping gets no response.
//! - **Ten idle minutes, two hours in all.** The gateway closes a connection without messages after ten minutes: call
//!   [`SocketIo::keep_alive`] every nine. It closes every connection after two hours, and clients reconnect by
//!   themselves.
//! - **32 KiB per frame.** A larger packet is refused before anything is sent ([`Error::TooLarge`]). Emit what
//!   changed, and let clients read the rest over HTTP.
//! - **A connection joins a namespace, or is closed.** It has [`Settings::connect_timeout`] and ten refusals for that.
//!   The trigger needs the filter for expired rows ([`SocketIo::send_open_packets`]).
//! - **Payloads are parsed as `JSON.parse` does.** An unpaired surrogate becomes U+FFFD, and a number that is too
//!   large becomes `null`. An event that is nested more than 127 levels deep is acknowledged with `{error: {code:
//!   "too-deep"}}`.
//! - **Stored data is limited.** The data of a connection's sockets has 32 KiB of JSON in all. Query parameters are
//!   kept if the server names them ([`Server::keep_query`]).
//! - **The clients' configuration says how often calls are retried.** Requests that conflict with a transaction on the
//!   same row count as transient.
//! - **Handlers run in parallel.** Two frames of one connection may be in two functions at the same time. Use a
//!   version, or wait for an acknowledgement, where order matters. An event that a client sends right before it leaves
//!   may be ignored.
//! - **A client that leaves before it has joined stays.** `socket.io-client` sends no DISCONNECT for a namespace whose
//!   CONNECT has no response yet. Its socket stays in its rooms until the connection ends. Leave after `connect`.
//! - **Nothing is in memory.** The data that a handler needs about a socket is in [`Socket::data`].

mod arguments;
mod clock;
mod conflicts;
mod connection;
mod connection_id;
mod connections;
mod emitter;
mod entry;
mod error;
mod fan_out;
mod frame;
mod gateway;
mod handshake;
mod json;
mod members;
mod namespace;
mod opening;
mod packet;
#[cfg(test)]
mod properties;
mod remote_socket;
mod revision;
mod room;
mod server;
mod settings;
mod socket;
mod socketio;
mod sockets;
#[cfg(test)]
mod testing;

pub use arguments::Arguments;
pub use connection::Connection;
pub use connection_id::ConnectionId;
pub use connections::{CONNECTIONS_TABLE, IndexShape, TableShape};
pub use emitter::Emitter;
pub use error::{ConnectError, Error};
pub use fan_out::DeliveryReport;
pub use frame::{Frame, Malformed, Reply};
pub use handshake::{Handshake, HandshakeRefused, Session};
pub use namespace::{Namespace, Reason, Refused};
pub use opening::batch_failure;
pub use packet::{event, max_payload_bytes};
pub use remote_socket::RemoteSocket;
pub use revision::{Paced, Revision};
pub use room::RoomChange;
pub use server::Server;
pub use settings::{MAX_FRAME, Settings};
pub use socket::Socket;
pub use socketio::SocketIo;
pub use sockets::Sockets;
