//! A client in a namespace.

use std::sync::Arc;

use aws_sdk_dynamodb::types::ConditionCheck;
use engineioxide_core::Sid;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::connection::Connection;
use crate::emitter::Emitter;
use crate::entry::Entry;
use crate::revision::Revision;
use crate::room::Room;
use crate::{Error, SocketIo, packet};

/// A client in a namespace, or about to join it. It is cheap to clone.
///
/// ```
/// use socketio::{Error, Socket};
///
/// async fn join(_app: (), socket: Socket, room: String) -> Result<(), Error> {
///     socket.join(&room).await?;
///     socket.to(room).emit("joined", socket.id()).await.map(drop)
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Socket {
    pub(crate) io: SocketIo,
    pub(crate) connection: Arc<Connection>,
    pub(crate) namespace: Arc<str>,
    pub(crate) id: Sid,
    pub(crate) data: Arc<Value>,
    /// Present while the socket joins.
    pub(crate) auth: Option<Arc<Value>>,
    /// Present while the namespace authorizes the socket, which is in no room yet.
    pub(crate) entry: Option<Entry>,
}

impl Socket {
    /// Returns the socket's id, as its client knows it: `socket.id`.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// Returns the namespace, like `/home`.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Returns the session that the connection was opened with. It may have ended since.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        self.connection.session.as_deref()
    }

    /// Returns a parameter of the handshake's query, if the server keeps it
    /// ([`Server::keep_query`](crate::Server::keep_query)).
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.connection.query.get(name).map(String::as_str)
    }

    /// Returns the data that the namespace's [`authorize`](crate::Namespace::authorize) returned. `None` if it has
    /// another type.
    #[must_use]
    pub fn data<T: DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(&*self.data).ok()
    }

    /// Returns the auth payload (`io(..., {auth})`) in the handlers that run when a socket joins. It is not stored, so `None` in
    /// later ones, and if it has another type.
    #[must_use]
    pub fn auth<T: DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(self.auth.as_deref()?).ok()
    }

    /// Returns the namespace's current revision. Data that is read after this call belongs to it, or to a later one.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn revision(&self) -> Result<Revision, Error> {
        self.io.connections.revision(&Room::of_namespace(&self.namespace)).await
    }

    /// Returns the current revision of a room of the socket's namespace, as [`revision`](Self::revision) does.
    ///
    /// # Errors
    /// If the room's name is too long, or the table fails.
    pub async fn room_revision(&self, room: &str) -> Result<Revision, Error> {
        self.io.connections.revision(&Room::named(&self.namespace, room)?).await
    }

    /// Emits an event to this socket alone.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if the packet is over 32 KiB, [`Error::Gone`] if the connection is gone. Otherwise if the
    /// gateway fails, or the payload cannot be written as JSON.
    pub async fn emit<T: Serialize + ?Sized>(&self, name: &str, payload: &T) -> Result<(), Error> {
        self.send(&packet::event(&self.namespace, name, payload)?).await
    }

    /// Adds the socket to a room of its namespace. Emits to the room reach it from then on.
    ///
    /// A room's name has at most 512 bytes. A connection is in at most 256 rooms, its namespaces included.
    ///
    /// A socket may join rooms already in [`authorize`](crate::Namespace::authorize), at most 40. They are written with
    /// the socket, if it is not refused, and cost no request of their own.
    ///
    /// # Errors
    /// [`Error::NotInNamespace`] or [`Error::Gone`] if the socket has left. Otherwise if one of the limits is
    /// exceeded, or the table fails.
    pub async fn join(&self, room: &str) -> Result<(), Error> {
        self.join_on(room, None).await
    }

    /// Adds the socket to a room if a condition on another row holds in the same moment, for example that its user is a
    /// member. A function that deletes that row, and then removes the sockets in the room, misses none.
    ///
    /// In [`authorize`](crate::Namespace::authorize), a condition that does not hold makes it run again. The row must not be
    /// one of this library's table.
    ///
    /// # Errors
    /// [`Error::Condition`] if the condition does not hold. Otherwise as [`join`](Self::join).
    pub async fn join_if(&self, room: &str, condition: ConditionCheck) -> Result<(), Error> {
        self.join_on(room, Some(condition)).await
    }

    async fn join_on(&self, room: &str, condition: Option<ConditionCheck>) -> Result<(), Error> {
        let room = Room::named(&self.namespace, room)?;
        if let Some(entry) = &self.entry {
            entry.add(room, condition);
            return Ok(());
        }
        let socket = (self.id, &*self.data);
        self.io.connections.join(&self.connection, &self.namespace, socket, &room, condition).await
    }

    /// Removes the socket from a room.
    ///
    /// # Errors
    /// If the room's name is too long, or the table fails.
    pub async fn leave(&self, room: &str) -> Result<(), Error> {
        let room = Room::named(&self.namespace, room)?;
        self.io.connections.leave(self.connection.id(), self.id, &room).await
    }

    /// Selects the other sockets of a room.
    pub fn to(&self, room: impl Into<String>) -> Emitter {
        self.broadcast().to(room)
    }

    /// Selects all other sockets of the namespace.
    pub fn broadcast(&self) -> Emitter {
        self.io.of(&*self.namespace).except_connection(self.connection.id().clone())
    }

    /// Disconnects the socket from the namespace, or, with `close`, closes the whole connection.
    ///
    /// # Errors
    /// If the gateway or the table fails.
    pub async fn disconnect(&self, close: bool) -> Result<(), Error> {
        let id = self.connection.id();
        if close { self.io.disconnect(id).await } else { self.io.kick(id, &self.namespace).await }
    }

    pub(crate) async fn send(&self, frame: &str) -> Result<(), Error> {
        self.io.post(self.connection.id(), frame).await
    }
}
