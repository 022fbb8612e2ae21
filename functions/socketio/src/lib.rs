//! Socket.IO over API Gateway: real Socket.IO clients, no server.
//!
//! API Gateway holds the WebSocket; functions that live for milliseconds speak
//! [Engine.IO 4](https://socket.io/docs/v4/engine-io-protocol/) and
//! [Socket.IO 5](https://socket.io/docs/v4/socket-io-protocol/) over it. What a server would keep in memory stands in
//! one DynamoDB table ([`Connections`]), and what it would write to a socket is posted to `@connections` ([`Gateway`]).
//!
//! - [`Server`] takes the three kinds of event of a WebSocket API (`$connect`, `$default`, `$disconnect`).
//! - [`SocketIo`] is for everybody else: any function can greet, emit to a namespace, or close a session's sockets.
//!
//! # What API Gateway makes different
//!
//! - **Websocket transport only, text only.** Clients say `transports: ["websocket"]`; the gateway closes a connection
//!   that sends a binary frame.
//! - **The open packet comes from the table's stream.** Nothing can be posted to a connection before `$connect` has
//!   returned, so the row that `$connect` writes reaches a function that greets ([`SocketIo::greet`]).
//! - **No server pings.** The gateway watches the connection; the open packet's `pingInterval` is as long as a
//!   connection can live, so that the client never waits for a ping.
//! - **32 KiB a frame.** A larger packet is refused before anything is sent ([`Error::TooLarge`]).

mod connection_id;
mod connections;
mod error;
mod frame;
mod gateway;
mod handshake;
mod packet;
mod room;
mod server;
mod socket;
mod socketio;

pub use futures_util::future::BoxFuture;

pub use connection_id::ConnectionId;
pub use connections::{Connection, Connections, Revision};
pub use error::{ConnectError, Error};
pub use frame::{Frame, Malformed};
pub use gateway::{Gateway, PostError};
pub use handshake::{Handshake, HandshakeRefused, Session};
pub use packet::{MAX_PAYLOAD, event, room_for_payload};
pub use server::{Authenticate, Namespace, Server};
pub use socket::Socket;
pub use socketio::{Reached, SocketIo};
