//! The id of a connection.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The id that API Gateway gives to a connection, like `L0SM9cOFvHcCIhw=`. It is never reused.
///
/// ```
/// let id = socketio::ConnectionId::new("L0SM9cOFvHcCIhw=");
/// assert_eq!(id.as_str(), "L0SM9cOFvHcCIhw=");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnectionId(String);

impl ConnectionId {
    /// Creates an id from the gateway's text.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// Returns the gateway's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
