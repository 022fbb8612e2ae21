//! Emitting to many sockets, with none at hand: `io.of("/notes").to("shopping").emit(...)`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::fan_out::DeliveryReport;
use crate::members::Member;
use crate::revision::Revision;
use crate::room::Room;
use crate::{ConnectionId, Error, SocketIo, packet};

/// The sockets of a namespace: all of them, or those that [`to`](Self::to) and [`except`](Self::except) leave.
#[derive(Debug, Clone)]
#[must_use = "it does nothing until it is told what to do with the sockets"]
pub struct Emitter {
    io: SocketIo,
    namespace: String,
    to: Vec<String>,
    except: Vec<String>,
    except_connection: Option<ConnectionId>,
}

/// A socket that some other invocation may have let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteSocket {
    /// The socket's id, as its client knows it.
    pub id: String,
    /// The connection that it is on.
    pub connection: ConnectionId,
    data: Value,
}

impl RemoteSocket {
    fn of(member: &Member) -> Self {
        let (id, connection) = (member.socket.to_string(), member.connection_id.clone());
        Self { id, connection, data: member.data.clone() }
    }

    /// What its namespace gave it to keep when it came in, as [`Socket::data`](crate::Socket::data) has it.
    #[must_use]
    pub fn data<T: DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(&self.data).ok()
    }
}

impl SocketIo {
    /// The sockets of a namespace.
    pub fn of(&self, namespace: impl Into<String>) -> Emitter {
        Emitter::new(self.clone(), namespace.into())
    }
}

impl Emitter {
    pub(crate) fn new(io: SocketIo, namespace: String) -> Self {
        Self { io, namespace, to: Vec::new(), except: Vec::new(), except_connection: None }
    }

    /// All of these but one connection's socket.
    pub(crate) fn except_connection(mut self, connection: ConnectionId) -> Self {
        self.except_connection = Some(connection);
        self
    }

    /// Only the sockets in a room; said again, those in another room as well.
    pub fn to(mut self, room: impl Into<String>) -> Self {
        self.to.push(room.into());
        self
    }

    /// Not the sockets in a room.
    pub fn except(mut self, room: impl Into<String>) -> Self {
        self.except.push(room.into());
        self
    }

    /// Takes the namespace's next revision: an atomic counter. What is read after it may be emitted with it, and is
    /// at least as new as whatever was emitted with a lower one.
    pub async fn next_revision(&self) -> Result<Revision, Error> {
        self.io.connections.next_revision(&Room::of_namespace(&self.namespace)).await
    }

    /// Emits an event: one query of each room (and shard), one post a connection.
    ///
    /// Over the 32 KiB of a frame it is [`Error::TooLarge`], and nothing is sent.
    pub async fn emit<T: Serialize + ?Sized>(
        &self,
        name: &str,
        payload: &T,
    ) -> Result<DeliveryReport, Error> {
        let frame = packet::event(&self.namespace, name, payload)?;
        Ok(self.io.fan_out(self.members(WithData::No).await?, &frame).await)
    }

    /// Emits an event that tells of the sockets themselves: what `payload` makes of those that it goes to, which are read
    /// once. Costs what [`emit`](Self::emit) does.
    pub async fn emit_with<T: Serialize>(
        &self,
        name: &str,
        payload: impl FnOnce(&[RemoteSocket]) -> T,
    ) -> Result<DeliveryReport, Error> {
        let members = self.members(WithData::Yes).await?;
        let frame = packet::event(&self.namespace, name, &payload(&active_sockets(&members)))?;
        Ok(self.io.fan_out(members, &frame).await)
    }

    /// Lists the sockets.
    pub async fn fetch_sockets(&self) -> Result<Vec<RemoteSocket>, Error> {
        Ok(active_sockets(&self.members(WithData::Yes).await?))
    }

    /// Puts the sockets into a room. Says how many.
    pub async fn sockets_join(&self, room: &str) -> Result<usize, Error> {
        let room = &Room::named(&self.namespace, room)?;
        self.each(|member| async move {
            let Some(connection) = self.io.connections.find(&member.connection_id).await? else {
                return Ok(());
            };
            let Some(joined) = connection.sockets.get(&self.namespace) else { return Ok(()) };
            let socket = (member.socket, &joined.data);
            match self.io.connections.join(&connection, &self.namespace, socket, room).await {
                // It left meanwhile.
                Err(Error::Gone | Error::NotInNamespace) => Ok(()),
                done => done,
            }
        })
        .await
    }

    /// Takes the sockets out of a room. Says how many.
    pub async fn sockets_leave(&self, room: &str) -> Result<usize, Error> {
        let room = &Room::named(&self.namespace, room)?;
        self.each(|member| async move {
            self.io.connections.leave(&member.connection_id, member.socket, room).await
        })
        .await
    }

    /// Puts the sockets out of the namespace, or, with `close`, closes their connections, of which they may be one of
    /// several. Says how many.
    ///
    /// A client that is put out of a namespace stays out; one whose connection is closed connects anew.
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

    /// The sockets' rows, each connection once.
    async fn members(&self, with_data: WithData) -> Result<Vec<Member>, Error> {
        let read = async |room: &Room| match with_data {
            WithData::Yes => self.io.connections.members_with_data(room).await,
            WithData::No => self.io.connections.members(room).await,
        };
        let mut left_out = BTreeSet::new();
        for room in &self.except {
            let room = self.io.connections.members(&Room::named(&self.namespace, room)?).await?;
            left_out.extend(room.into_iter().map(|member| member.connection_id));
        }
        left_out.extend(self.except_connection.clone());
        if self.to.is_empty() {
            let mut all = read(&Room::of_namespace(&self.namespace)).await?;
            all.retain(|member| !left_out.contains(&member.connection_id));
            return Ok(all);
        }
        let mut chosen = BTreeMap::new();
        for room in &self.to {
            for member in read(&Room::named(&self.namespace, room)?).await? {
                if !left_out.contains(&member.connection_id) {
                    chosen.insert(member.connection_id.clone(), member);
                }
            }
        }
        Ok(chosen.into_values().collect())
    }
}

/// Whether rows are read with what the application keeps with each socket: most emits have no use for it.
#[derive(Clone, Copy)]
enum WithData {
    Yes,
    No,
}

/// The sockets whose time is not over.
fn active_sockets(members: &[Member]) -> Vec<RemoteSocket> {
    members.iter().filter(|member| !member.has_expired()).map(RemoteSocket::of).collect()
}
