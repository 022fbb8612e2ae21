//! The server: events of the WebSocket API, dispatched to the handlers of namespaces.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_lambda_events::apigw::{ApiGatewayProxyResponse, ApiGatewayWebsocketProxyRequest};
use engineioxide_core::Sid;
use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio::time::timeout;
use tracing::{debug, error, info, warn};

use crate::connection::{Connection, Joined};
use crate::entry::Entry;
use crate::frame::{Frame, Reply};
use crate::handshake::{Handshake, Session, end};
use crate::namespace::{Handlers, Namespace, Reason, Refused, no_auth};
use crate::{ConnectError, ConnectionId, Error, Socket, SocketIo, packet};

/// Runs a future after the response.
type RunAfterResponse = Box<dyn Fn(BoxFuture<'static, Result<(), Error>>) + Send + Sync>;
type Authenticate =
    Box<dyn Fn(Handshake) -> BoxFuture<'static, Result<Option<Session>, Error>> + Send + Sync>;

/// The most CONNECT packets of one connection that are refused. One more closes it.
const MAX_REFUSALS: u64 = 10;

/// The most times that a socket is authorized, if a condition of its rooms fails each time.
const MAX_ADMISSIONS: usize = 3;

/// The origin of a frame, and when the gateway received it, in Unix milliseconds.
///
/// Frames of one connection are ordered by that time, whichever function handles them first.
#[derive(Clone, Copy)]
struct Received<'a> {
    connection: &'a ConnectionId,
    at: i64,
    /// When the gateway opened the connection, by the same clock.
    opened: i64,
}

/// A Socket.IO server, which handles one event at a time.
///
/// ```no_run
/// use aws_lambda_events::apigw::{ApiGatewayProxyResponse, ApiGatewayWebsocketProxyRequest};
/// use socketio::{Namespace, Server, SocketIo};
///
/// async fn handle(io: SocketIo, event: &ApiGatewayWebsocketProxyRequest) -> ApiGatewayProxyResponse {
///     let server = Server::new(io).of(Namespace::new("/", ()));
///     server.handle(event).await
/// }
/// ```
pub struct Server {
    io: SocketIo,
    origin: Option<String>,
    stored_query: Vec<String>,
    authenticate: Option<Authenticate>,
    after_response: Option<RunAfterResponse>,
    namespaces: BTreeMap<String, Handlers>,
}

impl Server {
    /// Creates a server without namespaces. It accepts pages of any origin, and finds no sessions.
    #[must_use]
    pub fn new(io: SocketIo) -> Self {
        Self {
            io,
            origin: None,
            stored_query: Vec::new(),
            authenticate: None,
            after_response: None,
            namespaces: BTreeMap::new(),
        }
    }

    /// Accepts only connections of pages of one origin, like `https://notes.example`.
    ///
    /// It is needed if sessions are in cookies: browsers send them with the handshake of any page.
    #[must_use]
    pub fn origin(mut self, origin: impl Into<String>) -> Self {
        self.origin = Some(origin.into());
        self
    }

    /// Keeps the handshake's query parameters with these names, for [`Socket::query`].
    ///
    /// The others are known only while the connection opens ([`Handshake::query`]). A handshake with more than 1 KiB
    /// of such parameters is refused.
    #[must_use]
    pub fn keep_query(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.stored_query.extend(names.into_iter().map(Into::into));
        self
    }

    /// Sets the handler that finds the session of a handshake, when a connection opens.
    ///
    /// A connection without a session is accepted here, because its client would retry a refused handshake forever.
    /// Namespaces refuse it, and its client stops.
    #[must_use]
    pub fn authenticate<S, F>(
        mut self,
        state: S,
        handler: impl Fn(S, Handshake) -> F + Send + Sync + 'static,
    ) -> Self
    where
        S: Clone + Send + Sync + 'static,
        F: Future<Output = Result<Option<Session>, Error>> + Send + 'static,
    {
        self.authenticate = Some(Box::new(move |handshake| Box::pin(handler(state.clone(), handshake))));
        self
    }

    /// Sends open packets right after the response to `$connect`. Without it, a client waits until the table's stream has reported
    /// its connection.
    ///
    /// `run` runs a future after the response, before the runtime asks for the next event. It may fail or be lost: then the function
    /// behind the stream sends the packet.
    #[must_use]
    pub fn open_after_response(
        mut self,
        run: impl Fn(BoxFuture<'static, Result<(), Error>>) + Send + Sync + 'static,
    ) -> Self {
        self.after_response = Some(Box::new(run));
        self
    }

    /// Adds a namespace.
    #[must_use]
    pub fn of<S>(mut self, namespace: Namespace<S>) -> Self {
        self.namespaces.insert(namespace.handlers.name.clone(), namespace.handlers);
        self
    }

    /// Handles an event of the WebSocket API: `$connect`, `$default` or `$disconnect`.
    ///
    /// Only `$connect` may return another status than 200. Otherwise the gateway would send its own error
    /// text to the client, which would take it for a broken packet.
    pub async fn handle(&self, event: &ApiGatewayWebsocketProxyRequest) -> ApiGatewayProxyResponse {
        let status = match timeout(self.io.settings.event_deadline, self.dispatch(event)).await {
            Ok(status) => status,
            Err(_) => self.time_out(event).await,
        };
        let mut response = ApiGatewayProxyResponse::default();
        response.status_code = status.into();
        response
    }

    /// Gives up on an event before the gateway does. The client reconnects.
    ///
    /// The rows stay until the next emit's 410, or TTL, because the table may be the cause of the delay.
    async fn time_out(&self, event: &ApiGatewayWebsocketProxyRequest) -> u16 {
        let context = &event.request_context;
        let id = ConnectionId::new(context.connection_id.clone().unwrap_or_default());
        error!(connection = %id, "took too long: closing");
        match context.event_type.as_deref() {
            Some("CONNECT") => return 503,
            Some("DISCONNECT") => {}
            _ => {
                if let Err(error) = self.io.gateway.close(&id).await {
                    error!(connection = %id, %error, "no response was sent, and the connection could not be closed");
                }
            }
        }
        200
    }

    async fn dispatch(&self, event: &ApiGatewayWebsocketProxyRequest) -> u16 {
        let context = &event.request_context;
        let Some(id) = context.connection_id.clone().map(ConnectionId::new) else {
            error!("an event without a connection id: is this function behind a WebSocket API?");
            return 500;
        };
        match context.event_type.as_deref() {
            Some("CONNECT") => return self.connect(id, event).await,
            Some("DISCONNECT") => {
                info!(connection = %id, reason = context.disconnect_reason, "disconnected");
                self.disconnected(&id).await;
            }
            _ => {
                let (at, opened) = (context.request_time_epoch, context.connected_at);
                let received = Received { connection: &id, at, opened };
                self.frame(received, event.body.as_deref().unwrap_or_default()).await;
            }
        }
        200
    }

    /// Handles `$connect`: writes the connection's own row, whose stream record triggers the open packet.
    async fn connect(&self, id: ConnectionId, event: &ApiGatewayWebsocketProxyRequest) -> u16 {
        let checked = Handshake::check(event, self.origin.as_deref());
        let checked = checked.and_then(|handshake| Ok((handshake.stored(&self.stored_query)?, handshake)));
        let (query, handshake) = match checked {
            Ok(checked) => checked,
            Err(refused) => {
                info!(connection = %id, %refused, "handshake refused");
                return refused.status();
            }
        };
        match self.open(&id, event.request_context.connected_at, handshake, query).await {
            Ok(()) => 200,
            Err(error) => {
                error!(connection = %id, %error, "handshake failed");
                503
            }
        }
    }

    async fn open(
        &self,
        id: &ConnectionId,
        opened: i64,
        handshake: Handshake,
        query: BTreeMap<String, String>,
    ) -> Result<(), Error> {
        let session = match &self.authenticate {
            Some(authenticate) => authenticate(handshake).await?,
            None => None,
        };
        let ends = end(session.as_ref());
        let time = self.io.settings.connect_timeout;
        let mut connection = Connection::opened(id.clone(), opened, session, query, ends, time);
        let Some(run) = &self.after_response else { return self.io.connections.open(&connection).await };
        SocketIo::claim_open_packet(&mut connection);
        self.io.connections.open(&connection).await?;
        let io = self.io.clone();
        run(Box::pin(async move { io.send_open_packet_early(&connection).await }));
        Ok(())
    }

    /// Handles `$disconnect`: deletes the rows. The event may never come, and then the next emit's 410 or TTL does it.
    async fn disconnected(&self, id: &ConnectionId) {
        match self.io.connections.remove(id).await {
            Ok(Some(connection)) => {
                let connection = Arc::new(connection);
                for (namespace, joined) in &connection.sockets {
                    self.notify_disconnected(
                        &self.socket(&connection, namespace, joined),
                        Reason::TransportClose,
                    )
                    .await;
                }
            }
            Ok(None) => {}
            Err(error) => warn!(connection = %id, %error, "rows of a closed connection were left behind"),
        }
    }

    /// Tells the application that a socket was disconnected.
    async fn notify_disconnected(&self, socket: &Socket, reason: Reason) {
        let Some(Handlers { on_disconnect: Some(handler), .. }) = self.namespaces.get(socket.namespace())
        else {
            return;
        };
        if let Err(error) = handler(socket.clone(), reason).await {
            warn!(socket = socket.id(), %error, "the handler of a disconnection failed");
        }
    }

    /// Handles `$default`: one frame of a client. A failure closes the connection, and the client reconnects.
    async fn frame(&self, from: Received<'_>, text: &str) {
        let id = from.connection;
        let done = match Frame::parse(text) {
            Ok(frame) => self.act(from, frame).await,
            Err(malformed) => {
                info!(connection = %id, %malformed, "malformed frame: closing");
                self.io.disconnect(id).await
            }
        };
        match done {
            Ok(()) => return,
            Err(Error::NotInNamespace) => {
                return debug!(connection = %id, "a frame of a former socket: ignored");
            }
            // A client that reconnects would send the same frame again.
            Err(error) if error.is_lasting() => {
                return error!(connection = %id, %error, "no response could be sent to a frame");
            }
            Err(Error::Gone) => debug!(connection = %id, "gone before the response"),
            Err(error) => error!(connection = %id, %error, "a frame could not be handled: closing"),
        }
        if let Err(error) = self.io.disconnect(id).await {
            error!(connection = %id, %error, "no response was sent, and the connection could not be closed");
        }
    }

    async fn act(&self, from: Received<'_>, frame: Frame) -> Result<(), Error> {
        let id = from.connection;
        match frame {
            // In Engine.IO 4 the server pings, and clients do not wait for a response.
            Frame::Ping | Frame::Noop => self.idle(from).await,
            Frame::Close => self.io.disconnect(id).await,
            Frame::Connect { namespace, auth } => {
                self.enter(from, &namespace, auth.map_or_else(no_auth, Value::Object)).await
            }
            Frame::Disconnect { namespace } => self.exit(from, &namespace).await,
            Frame::Event { namespace, name, arguments, ack } => {
                let Some(socket) = self.member(from, &namespace).await? else { return Ok(()) };
                self.event(&socket, &name, arguments, ack).await
            }
            // This library asks for no acknowledgements.
            Frame::Ack { namespace, .. } => self.member(from, &namespace).await.map(drop),
            Frame::TooDeep { namespace, reply: Reply::Connect } => {
                self.refuse(from, &namespace, &ConnectError::too_deep()).await
            }
            Frame::TooDeep { namespace, reply } => {
                let Some(socket) = self.member(from, &namespace).await? else { return Ok(()) };
                info!(connection = %id, namespace, "a payload that is nested too deeply: ignored");
                match reply {
                    Reply::Ack(ack) => socket.send(&packet::ack(&namespace, ack, &packet::too_deep())?).await,
                    Reply::Connect | Reply::None => Ok(()),
                }
            }
        }
    }

    /// Handles a frame that changes nothing. It costs nothing while its connection has time to join a namespace. After
    /// that it closes a connection that joined none.
    async fn idle(&self, from: Received<'_>) -> Result<(), Error> {
        let age = u128::try_from(from.at.saturating_sub(from.opened)).unwrap_or_default();
        if age > self.io.settings.connect_timeout.as_millis() {
            self.open_connection(from.connection).await?;
        }
        Ok(())
    }

    /// Adds a socket to a namespace: first its row, then its acceptance, then the namespace's `on_connect`.
    ///
    /// Emits that follow the row reach the socket. Data that was emitted before is in what the namespace reads now.
    /// Several functions may handle frames of one client at the same time. The CONNECT that the gateway received last
    /// wins.
    async fn enter(&self, from: Received<'_>, name: &str, auth: Value) -> Result<(), Error> {
        let id = from.connection;
        let Some(namespace) = self.namespaces.get(name) else {
            return self.refuse(from, name, &ConnectError::invalid_namespace()).await;
        };
        let joined_id = Sid::new();
        let mut admissions = MAX_ADMISSIONS;
        let socket = loop {
            let Some(connection) = self.open_connection(id).await? else { return Ok(()) };
            if connection.sockets.get(name).is_some_and(|other| other.at > from.at) {
                return Err(Error::NotInNamespace);
            }
            let mut joined = Joined { id: joined_id, at: from.at, data: Value::Null };
            let entry = Entry::default();
            let mut socket = self.socket(&Arc::new(connection.clone()), name, &joined);
            socket.auth = Some(Arc::new(auth.clone()));
            if let Some(authorize) = &namespace.authorize {
                let candidate = Socket { entry: Some(entry.clone()), ..socket.clone() };
                match authorize(candidate, auth.clone()).await {
                    Ok(data) => joined.data = data,
                    Err(Refused::Because(refusal)) => return self.refuse(from, name, &refusal).await,
                    Err(Refused::Failed(error)) => return Err(error),
                }
            }
            if !connection.has_room_for(name, &joined.data) {
                error!(connection = %id, namespace = name, "the data of a socket is too large: refused");
                return self.refuse(from, name, &ConnectError::too_much_data()).await;
            }
            socket.data = Arc::new(joined.data.clone());
            match self.io.connections.enter(&connection, name, &joined, &entry).await {
                Ok(()) => break socket,
                // Another socket joined or left in the meantime.
                Err(Error::NotInNamespace) => {}
                // The application authorized a state that has changed in the meantime.
                Err(Error::Condition) if admissions > 1 => admissions -= 1,
                Err(error) => return Err(error),
            }
        };
        socket.send(&packet::connect(name, socket.id)?).await?;
        info!(connection = %id, namespace = name, "joined");
        match &namespace.on_connect {
            Some(on_connect) => on_connect(socket).await,
            None => Ok(()),
        }
    }

    /// Refuses a CONNECT. Closes a connection that is refused too often.
    async fn refuse(&self, from: Received<'_>, namespace: &str, refusal: &ConnectError) -> Result<(), Error> {
        let id = from.connection;
        info!(connection = %id, namespace, "refused");
        if !refusal.closes && self.io.connections.count_refusal(id).await? > MAX_REFUSALS {
            info!(connection = %id, "refused too often: closing");
            return self.io.disconnect(id).await;
        }
        self.io.post(id, &packet::connect_error(namespace, refusal)?).await?;
        if refusal.closes { self.io.disconnect(id).await } else { Ok(()) }
    }

    /// Removes a socket from its namespace, because its client left. Ignores a socket that is not there, or that
    /// joined later.
    async fn exit(&self, from: Received<'_>, namespace: &str) -> Result<(), Error> {
        let Some(connection) = self.open_connection(from.connection).await? else { return Ok(()) };
        let Some(joined) = connection.sockets.get(namespace).filter(|joined| joined.at < from.at).cloned()
        else {
            return Ok(());
        };
        self.io.connections.exit(&connection, namespace, Some(from.at)).await?;
        let socket = self.socket(&Arc::new(connection), namespace, &joined);
        self.notify_disconnected(&socket, Reason::ClientNamespaceDisconnect).await;
        Ok(())
    }

    async fn event(
        &self,
        socket: &Socket,
        name: &str,
        arguments: Vec<Value>,
        ack: Option<i64>,
    ) -> Result<(), Error> {
        let namespace = self.namespaces.get(socket.namespace());
        let Some(handler) = namespace.and_then(|namespace| namespace.on.get(name)) else {
            debug!(namespace = socket.namespace(), event = name, "nobody listens");
            return Ok(());
        };
        match (handler(socket.clone(), arguments).await?, ack) {
            (Some(given), Some(ack)) => socket.send(&packet::ack(socket.namespace(), ack, &given)?).await,
            _ => Ok(()),
        }
    }

    /// Returns the socket that a packet is from.
    ///
    /// It closes a connection that sends to a namespace that it has not joined, as Socket.IO does. Frames from before
    /// the socket joined, or before it left, were meant for a former socket.
    async fn member(&self, from: Received<'_>, namespace: &str) -> Result<Option<Socket>, Error> {
        let Some(connection) = self.open_connection(from.connection).await? else { return Ok(None) };
        let connection = Arc::new(connection);
        match connection.sockets.get(namespace) {
            Some(joined) if joined.at <= from.at => Ok(Some(self.socket(&connection, namespace, joined))),
            Some(_) => Err(Error::NotInNamespace),
            None if connection.left.get(namespace).is_some_and(|left| *left > from.at) => {
                Err(Error::NotInNamespace)
            }
            None => {
                info!(connection = %from.connection, namespace, "a packet for a namespace that was not joined: closing");
                self.io.disconnect(from.connection).await?;
                Ok(None)
            }
        }
    }

    /// Reads the connection's own row. Closes a connection that has none, or has expired.
    async fn open_connection(&self, id: &ConnectionId) -> Result<Option<Connection>, Error> {
        match self.io.connections.find(id).await? {
            Some(connection) if !connection.has_expired() => Ok(Some(connection)),
            _ => {
                self.io.disconnect(id).await?;
                Ok(None)
            }
        }
    }

    fn socket(&self, connection: &Arc<Connection>, namespace: &str, joined: &Joined) -> Socket {
        Socket {
            io: self.io.clone(),
            connection: Arc::clone(connection),
            namespace: namespace.into(),
            id: joined.id,
            data: Arc::new(joined.data.clone()),
            auth: None,
            entry: None,
        }
    }
}

#[cfg(test)]
mod tests;
