//! Socket.IO over API Gateway: real Socket.IO clients, no server.
//!
//! API Gateway holds the WebSocket; functions that live for milliseconds speak
//! [Engine.IO 4](https://socket.io/docs/v4/engine-io-protocol/) and
//! [Socket.IO 5](https://socket.io/docs/v4/socket-io-protocol/) over it. What a server would keep in memory stands in
//! one DynamoDB table, and what it would write to a socket is posted to `@connections`.
//!
//! ```no_run
//! use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest;
//! use socketio::{Error, Namespace, Server, Settings, Socket, SocketIo};
//!
//! async fn message(_app: (), socket: Socket, text: String) -> Result<(), Error> {
//!     socket.broadcast().emit("message", &text).await?;
//!     Ok(())
//! }
//!
//! # async fn example(event: ApiGatewayWebsocketProxyRequest) {
//! let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
//! let io = SocketIo::new(&config, "Connections", Settings::default());
//! let server = Server::new(io).of(Namespace::new("/", ()).on("message", message));
//! let answer = server.handle(&event).await; // `$connect`, `$default`, `$disconnect`
//! # }
//! ```
//!
//! - [`Server`] takes the three kinds of event of a WebSocket API, and calls the handlers of each [`Namespace`].
//! - [`SocketIo`] is for everybody else: any function can greet, emit to a namespace or a room of it
//!   ([`SocketIo::of`]), or close a session's sockets.
//! - [`RoomChange`] says of a record of the table's stream whose room it is of: so that who is in it can be told who else
//!   is ([`Emitter::emit_with`]), whoever comes or goes, and however.
//!
//! An application to start from, with its template, is in `examples/`. It runs at `http://localhost:3000/socket.io/`
//! with `cargo run -- --memory --template functions/shared/socketio/examples/template.yaml`.
//!
//! # What API Gateway makes different, and what to do about it
//!
//! - **Websocket transport only.** There is no request to poll with. Clients say `transports: ["websocket"]`.
//! - **Text only.** The gateway closes a connection that sends a binary frame, and a packet that announces one is
//!   malformed here. Send what is binary as text (base64), or over HTTP with its address in the event.
//! - **The open packet comes from the table's stream.** Nothing can be posted to a connection before `$connect` has
//!   returned, so the row that `$connect` writes reaches a function that greets ([`SocketIo::send_open_packets`]). Give that
//!   table a stream of new images, and the function a trigger.
//! - **No server pings.** Nobody is there to send one on time. The gateway watches the connection; the open packet's
//!   `pingInterval` is as long as a connection can live, so that the client never waits for one.
//! - **Ten idle minutes, two hours in all.** The gateway closes a connection that is silent for ten minutes: call
//!   [`SocketIo::keep_alive`] on a schedule of nine. After two hours it closes it anyway, and the client connects anew
//!   by itself.
//! - **32 KiB a frame.** A larger packet is refused before anything is sent ([`Error::TooLarge`]): emit what changed,
//!   and let clients read the rest over HTTP.
//! - **A connection joins a namespace or is closed.** It has [`Settings::connect_timeout`] for that, and ten refusals. A
//!   client's own ping is not answered: in Engine.IO 4 the server pings. Give the trigger the filter for rows that expired
//!   ([`SocketIo::send_open_packets`]).
//! - **Payloads are read as `JSON.parse` reads them.** An unpaired surrogate becomes U+FFFD, and a number beyond the largest
//!   `null`. An event that is nested more deeply than 127 levels is acknowledged with `{error: {code: "too-deep"}}`.
//! - **What a namespace keeps is bounded.** The data of a connection's sockets has 32 KiB of JSON together; more is refused.
//!   Query parameters are kept if they are named ([`Server::keep_query`]).
//! - **The clients' configuration says how often calls are retried.** Posts use it as it is, and requests that met a
//!   transaction on the same row count as transient.
//! - **Handlers run side by side.** Two frames of one connection may be in two functions at the same time. What has to
//!   be in order wants a version, or an acknowledgement before the next is sent; what a client says right before it
//!   leaves may come too late, and is not heard.
//! - **A client that leaves before it was let in stays.** `socket.io-client` sends no DISCONNECT for a namespace whose
//!   CONNECT is not answered yet. The socket is in its rooms until the connection ends. Leave after `connect`.
//! - **Nothing is in memory.** What a handler needs to know of a socket is in its [`Socket::data`], which its namespace
//!   gave it when it came in.

mod arguments;
mod clock;
mod conflicts;
mod connection;
mod connection_id;
mod connections;
mod emitter;
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
mod revision;
mod room;
mod server;
mod settings;
mod socket;
mod socketio;
#[cfg(test)]
mod testing;

pub use arguments::Arguments;
pub use connection::Connection;
pub use connection_id::ConnectionId;
pub use connections::{CONNECTIONS_TABLE, IndexShape, TableShape};
pub use emitter::{Emitter, RemoteSocket};
pub use error::{ConnectError, Error};
pub use fan_out::DeliveryReport;
pub use frame::{Frame, Malformed, Reply};
pub use handshake::{Handshake, HandshakeRefused, Session};
pub use namespace::{Namespace, Reason, Refused};
pub use packet::{event, max_payload_bytes};
pub use revision::Revision;
pub use room::RoomChange;
pub use server::Server;
pub use settings::{MAX_FRAME, Settings};
pub use socket::Socket;
pub use socketio::SocketIo;
