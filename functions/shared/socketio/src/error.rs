//! What can go wrong.
//!
//! [`Error`] is for the operator: a store or a gateway that does not do its work, or a packet that cannot be sent.
//! [`ConnectError`] is for the client: the words with which a namespace refuses it.

use aws_sdk_dynamodb::error::DisplayErrorContext;
use serde::Serialize;
use serde_json::{Value, json};

use crate::settings::{MAX_FRAME, MAX_ROOM_NAME};

/// Why a call could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// DynamoDB refused or failed, after the SDK's retries.
    #[error("the Connections table: {0}")]
    Store(String),
    /// A row of the Connections table is not what this library writes.
    #[error("a row of the Connections table cannot be read: {0}")]
    Row(#[from] serde_dynamo::Error),
    /// The gateway refused or failed, after the SDK's retries.
    #[error("@connections: {0}")]
    Gateway(String),
    /// The connection is not there any more.
    #[error("the connection is gone")]
    Gone,
    /// The socket is not in its namespace any more, or another of the same connection came in its place.
    #[error("the socket has left its namespace")]
    NotInNamespace,
    /// A packet is larger than a frame may be. Nothing was sent.
    #[error("a packet of {size} bytes is over the {MAX_FRAME} bytes of a frame: send less, or in parts")]
    TooLarge {
        /// The packet's size in bytes.
        size: usize,
    },
    /// A room's name is longer than the table holds.
    #[error("a room's name of {size} bytes is over the {MAX_ROOM_NAME} that it may have")]
    RoomName {
        /// The name's size in bytes.
        size: usize,
    },
    /// The connection is in as many rooms as it may be.
    #[error("the connection is in as many rooms as it may be")]
    TooManyRooms,
    /// A payload has no JSON.
    #[error("a payload cannot be written as JSON: {0}")]
    Payload(String),
    /// What the application's own handler ran into.
    #[error(transparent)]
    Application(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Wraps what an application's handler ran into.
    pub fn application(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Application(error.into())
    }

    /// Whether trying again would end in the same: then nothing is won by a client that starts anew.
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

/// The words with which a namespace refuses a socket: the payload of a `CONNECT_ERROR` packet.
///
/// A client that is refused stops, where a handshake that is refused would be tried for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConnectError {
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    /// Whether the whole connection is of no use any more, and is closed after the refusal.
    #[serde(skip)]
    pub(crate) closes: bool,
}

impl ConnectError {
    /// A refusal with a message for people and a code for programs (`error.data.code` on the client).
    pub fn new(message: impl Into<String>, code: impl Into<String>) -> Self {
        Self { message: message.into(), data: Some(json!({ "code": code.into() })), closes: false }
    }

    /// A refusal with data of the application's own (`error.data` on the client).
    pub fn with_data(message: impl Into<String>, data: Value) -> Self {
        Self { message: message.into(), data: Some(data), closes: false }
    }

    /// Closes the connection after the refusal: no namespace would take it.
    #[must_use]
    pub fn closing(mut self) -> Self {
        self.closes = true;
        self
    }

    /// Refuses an auth payload that is nested too deeply to be read.
    pub(crate) fn too_deep() -> Self {
        Self::new("The auth payload is nested too deeply.", "invalid-auth")
    }

    /// Refuses a socket for which the application keeps more than the table holds.
    pub(crate) fn too_much_data() -> Self {
        Self::new("There is more to keep with this socket than there is room for.", "too-much-data")
    }

    /// How Socket.IO refuses a namespace that nobody declared.
    pub(crate) fn invalid_namespace() -> Self {
        Self { message: "Invalid namespace".to_owned(), data: None, closes: false }
    }
}
