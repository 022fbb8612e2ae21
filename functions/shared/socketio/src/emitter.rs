//! Emitting to many sockets: `io.of("/notes").to("shopping").emit(...)`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Serialize;

use crate::fan_out::DeliveryReport;
use crate::members::Member;
use crate::remote_socket::{RemoteSocket, active_sockets};
use crate::revision::{Paced, Revision};
use crate::room::Room;
use crate::sockets::Sockets;
use crate::{ConnectionId, Error, SocketIo, packet};

/// The number of rooms that are read at the same time.
const CONCURRENT_ROOMS: usize = 16;

/// The sockets of a namespace, narrowed by [`to`](Self::to) and [`except`](Self::except).
///
/// ```no_run
/// use socketio::{Error, SocketIo};
///
/// async fn announce(io: &SocketIo) -> Result<(), Error> {
///     let report = io.of("/chat").to("rust").except("muted").emit("message", "Hello!").await?;
///     println!("{} sockets received it", report.reached);
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone)]
#[must_use = "it does nothing until a method acts on the sockets"]
pub struct Emitter {
    io: SocketIo,
    namespace: String,
    to: Vec<String>,
    except: Vec<String>,
    except_connection: Option<ConnectionId>,
    filter: Option<Filter>,
    volatile: bool,
}

/// A condition on sockets.
#[derive(Clone)]
struct Filter(Arc<dyn Fn(&RemoteSocket) -> bool + Send + Sync>);

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Filter")
    }
}

impl SocketIo {
    /// Selects the sockets of a namespace.
    pub fn of(&self, namespace: impl Into<String>) -> Emitter {
        Emitter::new(self.clone(), namespace.into())
    }
}

impl Emitter {
    pub(crate) fn new(io: SocketIo, namespace: String) -> Self {
        Self {
            io,
            namespace,
            to: Vec::new(),
            except: Vec::new(),
            except_connection: None,
            filter: None,
            volatile: false,
        }
    }

    /// Excludes the socket of one connection.
    pub(crate) fn except_connection(mut self, connection: ConnectionId) -> Self {
        self.except_connection = Some(connection);
        self
    }

    /// Selects only the sockets in a room. Called again, it adds another room.
    pub fn to(mut self, room: impl Into<String>) -> Self {
        self.to.push(room.into());
        self
    }

    /// Excludes the sockets in a room.
    pub fn except(mut self, room: impl Into<String>) -> Self {
        self.except.push(room.into());
        self
    }

    /// Selects only the sockets that `filter` accepts, by their data. Called again, it replaces the former filter.
    ///
    /// ```no_run
    /// use socketio::{Error, SocketIo};
    ///
    /// async fn ban(io: &SocketIo, name: String) -> Result<usize, Error> {
    ///     let sockets = io.of("/chat").filter(move |socket| socket.data().as_ref() == Some(&name));
    ///     sockets.disconnect_sockets(false).await
    /// }
    /// ```
    pub fn filter(mut self, filter: impl Fn(&RemoteSocket) -> bool + Send + Sync + 'static) -> Self {
        self.filter = Some(Filter(Arc::new(filter)));
        self
    }

    /// Makes the next event volatile: it is tried once for each socket, and a socket that it does not reach stays as it is.
    /// For events that the next one makes obsolete, like the position of a cursor.
    ///
    /// ```no_run
    /// use socketio::{Error, Socket};
    ///
    /// async fn cursor(_app: (), socket: Socket, position: u32) -> Result<(), Error> {
    ///     socket.to("board").volatile().emit("cursor", &position).await.map(drop)
    /// }
    /// ```
    pub fn volatile(mut self) -> Self {
        self.volatile = true;
        self
    }

    /// Increments the revision of the room, if exactly one is selected, or else of the namespace, and returns it.
    ///
    /// Read the data after this call, and emit it with the revision. Then data with a higher revision is never older.
    ///
    /// # Errors
    /// If the table fails, or the room's name is too long.
    pub async fn next_revision(&self) -> Result<Revision, Error> {
        self.io.connections.next_revision(&self.counted()?).await
    }

    /// Marks a change as delivered to the room, or else to the namespace.
    ///
    /// A function that changes a table can push the change itself, sooner than the table's stream. The stream remains the
    /// guarantee: the function behind it takes the marks ([`next_revision_and_delivered`](Self::next_revision_and_delivered)), and
    /// makes the push if one is missing. So a mark is written *after* all posts, and only if none was
    /// [missed](DeliveryReport::missed). A change has one name forever: a mark that comes after its record stays for a while.
    ///
    /// # Errors
    /// If the table fails, or the room's name is too long.
    pub async fn mark_delivered(&self, change: &str) -> Result<(), Error> {
        self.io.connections.mark_delivered(&self.counted()?, change).await
    }

    /// Returns the next revision, like [`next_revision`](Self::next_revision), and which of these changes are marked as delivered.
    /// It deletes their marks in the same request, so that a batch that is repeated is pushed.
    ///
    /// # Errors
    /// If the table fails, or the room's name is too long.
    pub async fn next_revision_and_delivered(
        &self,
        changes: &BTreeSet<String>,
    ) -> Result<(Revision, BTreeSet<String>), Error> {
        self.io.connections.next_revision_and_delivered(&self.counted()?, changes).await
    }

    /// Returns the next revision, unless this method has returned one within `interval`. For rooms with so many sockets that not
    /// each change can be pushed. A caller that waits, and reads the data after that, pushes the last
    /// state.
    ///
    /// # Errors
    /// If the table fails, or the room's name is too long.
    pub async fn next_revision_every(&self, interval: Duration) -> Result<Paced, Error> {
        self.io.connections.next_revision_every(&self.counted()?, interval).await
    }

    /// Returns the room that has the counter: the selected one, if it is one, or else the namespace.
    fn counted(&self) -> Result<Room, Error> {
        match &self.to[..] {
            [room] => Room::named(&self.namespace, room),
            _ => Ok(Room::of_namespace(&self.namespace)),
        }
    }

    /// Emits an event. It takes one query per room (and shard), and one post per connection.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if the packet is over 32 KiB, in which case nothing is sent. Otherwise if the table fails,
    /// or the payload cannot be written as JSON. A socket that cannot be reached is not an error: see [`DeliveryReport`].
    pub async fn emit<T: Serialize + ?Sized>(
        &self,
        name: &str,
        payload: &T,
    ) -> Result<DeliveryReport, Error> {
        // A packet that is too large costs no query.
        let frame = packet::event(&self.namespace, name, payload)?;
        let members = self.members(WithData::No).await?;
        if self.volatile {
            Ok(self.io.try_once(members, &frame).await)
        } else {
            Ok(self.io.fan_out(members, &frame).await)
        }
    }

    /// Reads which sockets are selected now, without their data, so that an application can decide what to emit to them.
    ///
    /// It costs as much as [`emit`](Self::emit) without its posts.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn read_sockets(&self) -> Result<Sockets, Error> {
        self.sockets(WithData::No).await
    }

    /// Reads which sockets are selected now, with their data, to emit an event about the sockets themselves.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn read_sockets_with_data(&self) -> Result<Sockets, Error> {
        self.sockets(WithData::Yes).await
    }

    async fn sockets(&self, with_data: WithData) -> Result<Sockets, Error> {
        let members = self.members(with_data).await?;
        Ok(Sockets { io: self.io.clone(), namespace: self.namespace.clone(), members })
    }

    /// Returns the sockets.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn fetch_sockets(&self) -> Result<Vec<RemoteSocket>, Error> {
        Ok(active_sockets(&self.members(WithData::Yes).await?))
    }

    /// Adds the sockets to a room, and returns how many they were.
    ///
    /// # Errors
    /// If the table fails, the room's name is too long, or a connection is in too many rooms. The other sockets join
    /// all the same.
    pub async fn sockets_join(&self, room: &str) -> Result<usize, Error> {
        let room = &Room::named(&self.namespace, room)?;
        self.each(|member| async move {
            let Some(connection) = self.io.connections.find(&member.connection_id).await? else {
                return Ok(());
            };
            let Some(joined) = connection.sockets.get(&self.namespace) else { return Ok(()) };
            let socket = (member.socket, &joined.data);
            match self.io.connections.join(&connection, &self.namespace, socket, room, None).await {
                // It left in the meantime.
                Err(Error::Gone | Error::NotInNamespace) => Ok(()),
                done => done,
            }
        })
        .await
    }

    /// Removes the sockets from a room, and returns how many they were.
    ///
    /// # Errors
    /// If the table fails, or the room's name is too long.
    pub async fn sockets_leave(&self, room: &str) -> Result<usize, Error> {
        let room = &Room::named(&self.namespace, room)?;
        self.each(|member| async move {
            self.io.connections.leave(&member.connection_id, member.socket, room).await
        })
        .await
    }

    /// Disconnects the sockets from the namespace, and returns how many they were.
    ///
    /// With `close`, it closes their connections, which may have sockets in other namespaces. A client that is
    /// disconnected from a namespace does not return by itself. A client whose connection is closed reconnects.
    ///
    /// # Errors
    /// If the table or the gateway fails. The other sockets are disconnected all the same.
    pub async fn disconnect_sockets(&self, close: bool) -> Result<usize, Error> {
        self.each(|member| async move {
            if close {
                self.io.disconnect(&member.connection_id).await
            } else {
                self.io.kick(&member.connection_id, &self.namespace).await
            }
        })
        .await
    }

    async fn each<F: Future<Output = Result<(), Error>>>(
        &self,
        act: impl Fn(Member) -> F,
    ) -> Result<usize, Error> {
        self.io.all(self.members(WithData::No).await?.into_iter().map(act)).await
    }

    /// Reads the sockets' rows, one per connection. It reads the rooms to leave out last, so that a socket that joins both
    /// rooms at once in the meantime is left out.
    async fn members(&self, with_data: WithData) -> Result<Vec<Member>, Error> {
        let rooms: Vec<_> = if self.to.is_empty() {
            vec![Room::of_namespace(&self.namespace)]
        } else {
            self.to.iter().map(|room| Room::named(&self.namespace, room)).collect::<Result<_, _>>()?
        };
        let rooms = rooms.into_iter().map(|room| self.room(room, with_data));
        let mut rooms = stream::iter(rooms).buffer_unordered(CONCURRENT_ROOMS);
        let mut chosen = BTreeMap::new();
        while let Some(members) = rooms.try_next().await? {
            chosen.extend(members.into_iter().map(|member| (member.connection_id.clone(), member)));
        }
        for room in &self.except {
            for member in self.io.connections.members(&Room::named(&self.namespace, room)?).await? {
                chosen.remove(&member.connection_id);
            }
        }
        if let Some(connection) = &self.except_connection {
            chosen.remove(connection);
        }
        Ok(chosen.into_values().collect())
    }

    /// Reads the sockets of a room that the filter accepts.
    async fn room(&self, room: Room, with_data: WithData) -> Result<Vec<Member>, Error> {
        match (&self.filter, with_data) {
            (None, WithData::No) => self.io.connections.members(&room).await,
            (None, WithData::Yes) => self.io.connections.members_with_data(&room).await,
            (Some(Filter(accepts)), _) => {
                let mut members = self.io.connections.members_with_data(&room).await?;
                members.retain(|member| accepts(&RemoteSocket::of(member)));
                Ok(members)
            }
        }
    }
}

/// Says whether to read the sockets' data, which most emits do not need.
#[derive(Clone, Copy)]
enum WithData {
    Yes,
    No,
}
