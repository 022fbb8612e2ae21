//! The server's side of the protocol: what happens on `$connect`, on every frame, and on `$disconnect`.

use std::collections::BTreeMap;

use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest;
use engineioxide_core::Sid;
use futures_util::future::BoxFuture;
use tracing::{debug, error, info, warn};

use crate::connections::Connection;
use crate::frame::Frame;
use crate::handshake::{Handshake, Session, expiry};
use crate::packet;
use crate::room::Room;
use crate::{ConnectError, ConnectionId, Error, Socket, SocketIo};

/// Knows the session behind a handshake.
pub trait Authenticate: Send + Sync {
    /// The session that the handshake's cookies name, if there is one and it lives.
    fn authenticate<'a>(&'a self, handshake: &'a Handshake) -> BoxFuture<'a, Result<Option<Session>, Error>>;
}

/// A namespace: who may come in, and what awaits them.
pub trait Namespace: Send + Sync {
    /// Lets a socket in, or says in which words it is refused. Nothing is written or sent before.
    fn admit<'a>(&'a self, socket: &'a Socket) -> BoxFuture<'a, Result<Result<(), ConnectError>, Error>>;

    /// A socket is in: its row is written, so that no push misses it, and it was told.
    fn connected<'a>(&'a self, socket: &'a Socket) -> BoxFuture<'a, Result<(), Error>>;
}

/// A Socket.IO server, one event at a time.
pub struct Server {
    io: SocketIo,
    origin: String,
    authenticate: Box<dyn Authenticate>,
    namespaces: BTreeMap<String, Box<dyn Namespace>>,
}

impl Server {
    /// A server for pages of `origin` (`https://notes.example`), without namespaces yet.
    pub fn new(io: SocketIo, origin: impl Into<String>, authenticate: impl Authenticate + 'static) -> Self {
        Self { io, origin: origin.into(), authenticate: Box::new(authenticate), namespaces: BTreeMap::new() }
    }

    /// Declares a namespace.
    #[must_use]
    pub fn of(mut self, name: &str, namespace: impl Namespace + 'static) -> Self {
        self.namespaces.insert(name.to_owned(), Box::new(namespace));
        self
    }

    /// Takes an event of the WebSocket API and gives the status to answer it with.
    ///
    /// Only `$connect` is ever answered with anything but 200: the client would get the gateway's own error text, and
    /// take it for a broken packet.
    pub async fn handle(&self, event: &ApiGatewayWebsocketProxyRequest) -> u16 {
        let context = &event.request_context;
        let Some(id) = context.connection_id.clone().map(ConnectionId::new) else {
            error!("an event without a connection id: is this function behind a WebSocket API?");
            return 500;
        };
        match context.event_type.as_deref() {
            Some("CONNECT") => self.connect(id, event).await,
            Some("DISCONNECT") => {
                info!(connection = %id, reason = context.disconnect_reason, "disconnected");
                self.disconnected(&id).await;
                200
            }
            _ => {
                self.frame(&id, event.body.as_deref().unwrap_or_default()).await;
                200
            }
        }
    }

    /// `$connect`: writes the connection's own row, whose record in the stream greets the client.
    ///
    /// A client without a session is let in here and refused at the namespace, where it stops; refused here it would
    /// come back for ever.
    async fn connect(&self, id: ConnectionId, event: &ApiGatewayWebsocketProxyRequest) -> u16 {
        let handshake = match Handshake::check(event, &self.origin) {
            Ok(handshake) => handshake,
            Err(refused) => {
                info!(connection = %id, %refused, "handshake refused");
                return refused.status();
            }
        };
        let opened = async {
            let session = self.authenticate.authenticate(&handshake).await?;
            let expires = expiry(session.as_ref());
            let connection = Connection::opened(id.clone(), session.map(|session| session.id), expires);
            self.io.connections.open(&connection).await
        };
        match opened.await {
            Ok(()) => 200,
            Err(error) => {
                error!(connection = %id, %error, "handshake failed");
                503
            }
        }
    }

    /// `$disconnect`: takes the rows away. It may never come; then the next push's 410 does this, or TTL.
    async fn disconnected(&self, id: &ConnectionId) {
        if let Err(error) = self.io.connections.remove(id).await {
            warn!(connection = %id, %error, "rows of a closed connection were left behind");
        }
    }

    /// `$default`: one frame of a client. What cannot be done closes the connection, and the client starts anew.
    async fn frame(&self, id: &ConnectionId, text: &str) {
        let done = match Frame::parse(text) {
            Ok(frame) => self.act(id, frame).await,
            Err(malformed) => {
                info!(connection = %id, %malformed, "malformed frame: closing");
                self.io.disconnect(id).await
            }
        };
        let Err(error) = done else { return };
        let closed = if let Error::Gone = error {
            debug!(connection = %id, "gone before it could be answered");
            self.io.connections.remove(id).await
        } else {
            error!(connection = %id, %error, "a frame could not be handled: closing");
            self.io.disconnect(id).await
        };
        if let Err(error) = closed {
            error!(connection = %id, %error, "neither answered nor closed");
        }
    }

    async fn act(&self, id: &ConnectionId, frame: Frame) -> Result<(), Error> {
        match frame {
            Frame::Ping => Ok(self.io.gateway.post(id, &packet::pong()).await?),
            Frame::Noop => Ok(()),
            Frame::Close => self.io.disconnect(id).await,
            Frame::Connect { namespace, .. } => self.join(id, namespace).await,
            Frame::Disconnect { namespace } => {
                self.io.connections.leave(id, &Room::of_namespace(&namespace)).await
            }
            Frame::Event { namespace, .. } | Frame::Ack { namespace, .. } => {
                self.expect_member(id, &namespace).await
            }
        }
    }

    /// Lets a socket into a namespace: first its row, then its answer, then whatever the namespace has for it. Whoever
    /// pushes after the row was written finds it; what was pushed before is in what the namespace reads now.
    async fn join(&self, id: &ConnectionId, name: String) -> Result<(), Error> {
        let Some(namespace) = self.namespaces.get(&name) else {
            let refusal = packet::connect_error(&name, &ConnectError::invalid_namespace())?;
            return Ok(self.io.gateway.post(id, &refusal).await?);
        };
        let Some(connection) = self.living(id).await? else { return Ok(()) };
        let socket = Socket { io: self.io.clone(), connection, namespace: name, id: Sid::new() };
        if let Err(refusal) = namespace.admit(&socket).await? {
            return self.refuse(&socket, &refusal).await;
        }
        let room = Room::of_namespace(&socket.namespace);
        self.io.connections.join(&socket.connection, &room, socket.id).await?;
        self.io.gateway.post(id, &packet::connect(&socket.namespace, socket.id)?).await?;
        info!(connection = %id, namespace = socket.namespace, "joined");
        namespace.connected(&socket).await
    }

    async fn refuse(&self, socket: &Socket, refusal: &ConnectError) -> Result<(), Error> {
        let id = &socket.connection.connection_id;
        info!(connection = %id, namespace = socket.namespace, "refused");
        self.io.gateway.post(id, &packet::connect_error(&socket.namespace, refusal)?).await?;
        if refusal.closes { self.io.disconnect(id).await } else { Ok(()) }
    }

    /// Closes a connection that speaks in a namespace that it is not in, as Socket.IO does.
    async fn expect_member(&self, id: &ConnectionId, namespace: &str) -> Result<(), Error> {
        let Some(connection) = self.living(id).await? else { return Ok(()) };
        if self.io.connections.is_member(&connection, &Room::of_namespace(namespace)) {
            return Ok(());
        }
        info!(connection = %id, namespace, "a packet for a namespace that was not joined: closing");
        self.io.disconnect(id).await
    }

    /// The connection's own row. A connection without one, or whose time is over, is closed.
    async fn living(&self, id: &ConnectionId) -> Result<Option<Connection>, Error> {
        match self.io.connections.find(id).await? {
            Some(connection) if !connection.has_expired() => Ok(Some(connection)),
            _ => {
                self.io.disconnect(id).await?;
                Ok(None)
            }
        }
    }
}
