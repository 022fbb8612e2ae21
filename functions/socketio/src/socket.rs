//! A client in a namespace.

use engineioxide_core::Sid;
use serde::Serialize;

use crate::connections::{Connection, Revision};
use crate::packet;
use crate::room::Room;
use crate::{Error, SocketIo};

/// A client in a namespace, or about to be in it.
#[derive(Debug)]
pub struct Socket {
    pub(crate) io: SocketIo,
    pub(crate) connection: Connection,
    pub(crate) namespace: String,
    pub(crate) id: Sid,
}

impl Socket {
    /// The socket's id, as its client knows it: `socket.id`.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// The namespace, `/home`.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The session that the connection was opened with. It may have ended since.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        self.connection.session.as_deref()
    }

    /// The namespace's current revision: what is read after it belongs to it, or to a later one.
    pub async fn revision(&self) -> Result<Revision, Error> {
        self.io.connections.revision(&Room::of_namespace(&self.namespace)).await
    }

    /// Emits an event to this socket alone.
    pub async fn emit<T: Serialize + ?Sized>(&self, name: &str, payload: &T) -> Result<(), Error> {
        let frame = packet::event(&self.namespace, name, payload)?;
        Ok(self.io.gateway.post(&self.connection.connection_id, &frame).await?)
    }
}
