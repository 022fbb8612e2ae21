//! Declaring namespaces: the handlers that authorize sockets and handle their events.

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{ConnectError, Error, Socket, arguments};

type Authorize = Box<dyn Fn(Socket, Value) -> BoxFuture<'static, Result<Value, Refused>> + Send + Sync>;
type OnConnect = Box<dyn Fn(Socket) -> BoxFuture<'static, Result<(), Error>> + Send + Sync>;
type On = Box<dyn Fn(Socket, Vec<Value>) -> BoxFuture<'static, Result<Option<Value>, Error>> + Send + Sync>;
type OnDisconnect = Box<dyn Fn(Socket, Reason) -> BoxFuture<'static, Result<(), Error>> + Send + Sync>;

/// A namespace, declared by its handlers.
///
/// Handlers are plain functions. They take the application's state `S`, which is cloned for each call, and the socket:
///
/// ```
/// use socketio::{Error, Namespace, Refused, Socket};
///
/// #[derive(Clone)]
/// struct App;
///
/// async fn authorize(_app: App, _socket: Socket, auth: serde_json::Value) -> Result<(), Refused> {
///     if auth["token"] == "secret" { Ok(()) } else { Err(Refused::new("Wrong token.", "unauthenticated")) }
/// }
///
/// async fn message(_app: App, socket: Socket, text: String) -> Result<usize, Error> {
///     socket.broadcast().emit("message", &text).await?;
///     Ok(text.len()) // acknowledges the event, if the client asked for it
/// }
///
/// let chat = Namespace::new("/chat", App).authorize(authorize).on("message", message);
/// ```
pub struct Namespace<S> {
    state: S,
    pub(crate) handlers: Handlers,
}

/// The handlers of a namespace, which hold its state.
pub(crate) struct Handlers {
    pub(crate) name: String,
    pub(crate) authorize: Option<Authorize>,
    pub(crate) on_connect: Option<OnConnect>,
    pub(crate) on: BTreeMap<String, On>,
    pub(crate) on_disconnect: Option<OnDisconnect>,
}

/// Explains why a socket may not join a namespace.
///
/// ```
/// use socketio::Refused;
///
/// let refused = Refused::new("Sign in first.", "unauthenticated");
/// ```
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The application refuses the socket, and tells the client why.
    #[error("{0:?}")]
    Because(ConnectError),
    /// The check failed. The connection is closed, and the client reconnects.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl Refused {
    /// Creates a refusal with a message for people and a code for programs (`error.data.code` on the client).
    pub fn new(message: impl Into<String>, code: impl Into<String>) -> Self {
        Self::Because(ConnectError::new(message, code))
    }
}

impl From<ConnectError> for Refused {
    fn from(error: ConnectError) -> Self {
        Self::Because(error)
    }
}

/// The reason of a disconnection, in Socket.IO's words.
///
/// ```
/// assert_eq!(socketio::Reason::TransportClose.as_str(), "transport close");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The client left the namespace.
    ClientNamespaceDisconnect,
    /// The connection ended.
    TransportClose,
}

impl Reason {
    /// Returns the reason as Socket.IO writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientNamespaceDisconnect => "client namespace disconnect",
            Self::TransportClose => "transport close",
        }
    }
}

impl<S: Clone + Send + Sync + 'static> Namespace<S> {
    /// Creates a namespace without handlers, which every client may join. The main namespace is `/`.
    ///
    /// # Panics
    /// If the name does not begin with a slash, or contains a comma.
    pub fn new(name: &str, state: S) -> Self {
        assert!(
            name.starts_with('/') && !name.contains(','),
            "{name} is not a name of a namespace: write /like-this"
        );
        let handlers = Handlers {
            name: name.to_owned(),
            authorize: None,
            on_connect: None,
            on: BTreeMap::new(),
            on_disconnect: None,
        };
        Self { state, handlers }
    }

    /// Sets the handler that decides whether a socket may join.
    ///
    /// It runs before anything is written or sent. It gets the auth payload (`io(..., {auth})`), and finds the session
    /// and the query on the socket. Its return value becomes the socket's [`data`](Socket::data).
    #[must_use]
    pub fn authorize<A, D, F>(mut self, handler: impl Fn(S, Socket, A) -> F + Send + Sync + 'static) -> Self
    where
        A: DeserializeOwned,
        D: Serialize,
        F: Future<Output = Result<D, Refused>> + Send + 'static,
    {
        let state = self.state.clone();
        self.handlers.authorize = Some(Box::new(move |socket, auth| {
            let Ok(auth) = serde_json::from_value(auth) else {
                let refused =
                    Refused::new("The auth payload is not what this namespace expects.", "invalid-auth");
                return Box::pin(async { Err(refused) });
            };
            let admitted = handler(state.clone(), socket, auth);
            Box::pin(async { Ok(serde_json::to_value(admitted.await?).map_err(Error::from)?) })
        }));
        self
    }

    /// Sets the handler that runs after a socket has joined.
    ///
    /// Its row is written by then, so that no emit misses it, and its client knows.
    #[must_use]
    pub fn on_connect<F>(mut self, handler: impl Fn(S, Socket) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let state = self.state.clone();
        self.handlers.on_connect = Some(Box::new(move |socket| Box::pin(handler(state.clone(), socket))));
        self
    }

    /// Returns the events that have a handler, sorted.
    ///
    /// ```
    /// use socketio::{Error, Namespace, Socket};
    ///
    /// async fn greet(_: (), _: Socket, name: String) -> Result<String, Error> {
    ///     Ok(format!("Hello, {name}"))
    /// }
    ///
    /// let namespace = Namespace::new("/chat", ()).on("greet", greet);
    /// assert!(namespace.events().eq(["greet"]));
    /// ```
    pub fn events(&self) -> impl Iterator<Item = &str> {
        self.handlers.on.keys().map(String::as_str)
    }

    /// Sets the handler of an event.
    ///
    /// A tuple takes several arguments, [`Arguments`](crate::Arguments) any, and every other type the first. An event
    /// with other arguments is logged and ignored. The return value acknowledges the event, if the client asked for
    /// it.
    #[must_use]
    pub fn on<T, R, F>(
        mut self,
        event: &str,
        handler: impl Fn(S, Socket, T) -> F + Send + Sync + 'static,
    ) -> Self
    where
        T: DeserializeOwned,
        R: Serialize,
        F: Future<Output = Result<R, Error>> + Send + 'static,
    {
        let state = self.state.clone();
        let on: On = Box::new(move |socket, came| match arguments::typed(came) {
            Ok(arguments) => {
                let given = handler(state.clone(), socket, arguments);
                Box::pin(async { arguments::untyped(&given.await?).map(Some) })
            }
            Err(error) => Box::pin(async move {
                tracing::info!(namespace = socket.namespace(), %error, "an event with other arguments: ignored");
                Ok(None)
            }),
        });
        self.handlers.on.insert(event.to_owned(), on);
        self
    }

    /// Sets the handler that runs after a socket was disconnected. It may emit to others, but not to that socket.
    ///
    /// The handler may never run: the gateway may lose the event, and a connection that is found gone has none.
    #[must_use]
    pub fn on_disconnect<F>(
        mut self,
        handler: impl Fn(S, Socket, Reason) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let state = self.state.clone();
        self.handlers.on_disconnect =
            Some(Box::new(move |socket, reason| Box::pin(handler(state.clone(), socket, reason))));
        self
    }
}

/// Returns the auth payload of a client that sent none.
pub(crate) fn no_auth() -> Value {
    Value::Object(Map::new())
}
