//! Errors of the library, and refusals for clients.
//!
//! [`Error`] is for the operator: the table or the gateway fails, or a packet cannot be sent. [`ConnectError`] is for
//! the client: it says why a namespace refuses it.

use aws_sdk_dynamodb::error::DisplayErrorContext;
use serde::Serialize;
use serde_json::{Value, json};

use crate::settings::{MAX_FRAME, MAX_ROOM_NAME};

/// Explains why a call failed.
///
/// ```
/// use socketio::Error;
///
/// let error = Error::application("the database is down");
/// assert_eq!(error.to_string(), "the database is down");
/// ```
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// DynamoDB refused the request, or failed after all retries.
    #[error("the Connections table: {0}")]
    Store(String),
    /// A row of the Connections table cannot be read.
    #[error("a row of the Connections table cannot be read: {0}")]
    Row(#[from] serde_dynamo::Error),
    /// The gateway refused the request, or failed after all retries.
    #[error("@connections: {0}")]
    Gateway(String),
    /// The connection is gone.
    #[error("the connection is gone")]
    Gone,
    /// The socket has left its namespace, or another socket of its connection has replaced it.
    #[error("the socket has left its namespace")]
    NotInNamespace,
    /// The packet is larger than a frame may be. Nothing was sent.
    #[error("a packet of {size} bytes is over the {MAX_FRAME} bytes of a frame: send less, or in parts")]
    TooLarge {
        /// The packet's size in bytes.
        size: usize,
    },
    /// The room's name is longer than the table holds.
    #[error("a room's name of {size} bytes exceeds the maximum of {MAX_ROOM_NAME}")]
    RoomName {
        /// The name's size in bytes.
        size: usize,
    },
    /// The connection is in the maximum number of rooms.
    #[error("the connection is in the maximum number of rooms")]
    TooManyRooms,
    /// A condition of the application did not hold, so nothing was written. See [`Socket::join_if`](crate::Socket::join_if).
    #[error("a condition of the application does not hold")]
    Condition,
    /// The payload cannot be written as JSON.
    #[error("a payload cannot be written as JSON: {0}")]
    Payload(String),
    /// A handler of the application failed.
    #[error(transparent)]
    Application(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Creates an error of the application.
    pub fn application(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Application(error.into())
    }

    /// Returns whether a retry would fail in the same way. Then a client that reconnects gains nothing.
    pub(crate) fn is_lasting(&self) -> bool {
        matches!(self, Self::TooLarge { .. } | Self::RoomName { .. } | Self::TooManyRooms | Self::Payload(_))
    }

    pub(crate) fn store<E: std::error::Error>(error: E) -> Self {
        Self::Store(DisplayErrorContext(error).to_string())
    }

    pub(crate) fn gateway<E: std::error::Error>(error: E) -> Self {
        Self::Gateway(DisplayErrorContext(error).to_string())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Payload(error.to_string())
    }
}

/// A namespace's refusal of a socket: the payload of a `CONNECT_ERROR` packet.
///
/// A client that is refused by a namespace stops. A client whose handshake is refused retries forever.
///
/// ```
/// use socketio::ConnectError;
///
/// let error = ConnectError::new("Sign in first.", "unauthenticated").closing();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConnectError {
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    /// Whether the connection is closed after the refusal.
    #[serde(skip)]
    pub(crate) closes: bool,
}

impl ConnectError {
    /// Creates a refusal with a message for people and a code for programs (`error.data.code` on the client).
    pub fn new(message: impl Into<String>, code: impl Into<String>) -> Self {
        Self { message: message.into(), data: Some(json!({ "code": code.into() })), closes: false }
    }

    /// Creates a refusal with data of the application (`error.data` on the client).
    pub fn with_data(message: impl Into<String>, data: Value) -> Self {
        Self { message: message.into(), data: Some(data), closes: false }
    }

    /// Closes the connection after the refusal, because no namespace would accept it.
    #[must_use]
    pub fn closing(mut self) -> Self {
        self.closes = true;
        self
    }

    /// Refuses an auth payload that is nested too deeply.
    pub(crate) fn too_deep() -> Self {
        Self::new("The auth payload is nested too deeply.", "invalid-auth")
    }

    /// Refuses a socket whose data is too large for the table.
    pub(crate) fn too_much_data() -> Self {
        Self::new("The data of this socket is too large.", "too-much-data")
    }

    /// Refuses a namespace that does not exist, in Socket.IO's words.
    pub(crate) fn invalid_namespace() -> Self {
        Self { message: "Invalid namespace".to_owned(), data: None, closes: false }
    }
}
