//! A client in a namespace.

use std::sync::Arc;

use engineioxide_core::Sid;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::connection::Connection;
use crate::emitter::Emitter;
use crate::revision::Revision;
use crate::room::Room;
use crate::{Error, SocketIo, packet};

/// A client in a namespace, or about to be in it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Socket {
    pub(crate) io: SocketIo,
    pub(crate) connection: Arc<Connection>,
    pub(crate) namespace: Arc<str>,
    pub(crate) id: Sid,
    pub(crate) data: Arc<Value>,
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

    /// A parameter of the handshake's query, if it is one of those that the server keeps
    /// ([`Server::keep_query`](crate::Server::keep_query)).
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.connection.query.get(name).map(String::as_str)
    }

    /// What the namespace's [`authorize`](crate::Namespace::authorize) gave the socket to keep; `None` if that is something
    /// else.
    #[must_use]
    pub fn data<T: DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(&*self.data).ok()
    }

    /// The namespace's current revision: what is read after it belongs to it, or to a later one.
    pub async fn revision(&self) -> Result<Revision, Error> {
        self.io.connections.revision(&Room::of_namespace(&self.namespace)).await
    }

    /// Emits an event to this socket alone.
    pub async fn emit<T: Serialize + ?Sized>(&self, name: &str, payload: &T) -> Result<(), Error> {
        self.send(&packet::event(&self.namespace, name, payload)?).await
    }

    /// Puts the socket into a room of its namespace. Who emits to the room after this reaches it.
    ///
    /// A room's name has at most 512 bytes, and a connection is in at most 256 rooms, each of its namespaces among them.
    pub async fn join(&self, room: &str) -> Result<(), Error> {
        let room = Room::named(&self.namespace, room)?;
        self.io.connections.join(&self.connection, &self.namespace, (self.id, &self.data), &room).await
    }

    /// Takes the socket out of a room.
    pub async fn leave(&self, room: &str) -> Result<(), Error> {
        let room = Room::named(&self.namespace, room)?;
        self.io.connections.leave(self.connection.id(), self.id, &room).await
    }

    /// The other sockets of a room.
    pub fn to(&self, room: impl Into<String>) -> Emitter {
        self.broadcast().to(room)
    }

    /// All other sockets of the namespace.
    pub fn broadcast(&self) -> Emitter {
        self.io.of(&*self.namespace).except_connection(self.connection.id().clone())
    }

    /// Puts the socket out of the namespace, or, with `close`, closes the whole connection.
    pub async fn disconnect(&self, close: bool) -> Result<(), Error> {
        let id = self.connection.id();
        if close { self.io.disconnect(id).await } else { self.io.kick(id, &self.namespace).await }
    }

    pub(crate) async fn send(&self, frame: &str) -> Result<(), Error> {
        self.io.post(self.connection.id(), frame).await
    }
}
