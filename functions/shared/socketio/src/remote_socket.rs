//! A socket of another connection, as the table describes it.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::ConnectionId;
use crate::members::Member;

/// A socket of any connection, as the table describes it.
///
/// ```no_run
/// use socketio::{Error, RemoteSocket, SocketIo};
///
/// async fn names(io: &SocketIo) -> Result<Vec<String>, Error> {
///     let sockets = io.of("/chat").fetch_sockets().await?;
///     Ok(sockets.iter().filter_map(RemoteSocket::data).collect())
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteSocket {
    /// The socket's id, as its client knows it.
    pub id: String,
    /// The socket's connection.
    pub connection: ConnectionId,
    data: Value,
}

impl RemoteSocket {
    pub(crate) fn of(member: &Member) -> Self {
        let (id, connection) = (member.socket.to_string(), member.connection_id.clone());
        Self { id, connection, data: member.data.clone() }
    }

    /// Returns the socket's data, as [`Socket::data`](crate::Socket::data) does. `None` if it has another type.
    #[must_use]
    pub fn data<T: DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(&self.data).ok()
    }
}

/// Returns the sockets that have not expired.
pub(crate) fn active_sockets(members: &[Member]) -> Vec<RemoteSocket> {
    members.iter().filter(|member| !member.has_expired()).map(RemoteSocket::of).collect()
}
