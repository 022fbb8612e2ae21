//! Emitting to many sockets, with none at hand: `io.of("/notes").to("shopping").emit(...)`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::connections::{Member, Revision};
use crate::fan_out::Reached;
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
    but: Option<ConnectionId>,
}

/// A socket that some other invocation may have let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteSocket {
    /// The socket's id, as its client knows it.
    pub id: String,
    /// The connection that it is on.
    pub connection: ConnectionId,
}

impl Emitter {
    pub(crate) fn new(io: SocketIo, namespace: String) -> Self {
        Self { io, namespace, to: Vec::new(), except: Vec::new(), but: None }
    }

    /// All of these but one connection's socket.
    pub(crate) fn but(mut self, connection: ConnectionId) -> Self {
        self.but = Some(connection);
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
    pub async fn emit<T: Serialize + ?Sized>(&self, name: &str, payload: &T) -> Result<Reached, Error> {
        let frame = packet::event(&self.namespace, name, payload)?;
        Ok(self.io.fan_out(self.members().await?, &frame).await)
    }

    /// Lists the sockets.
    pub async fn fetch_sockets(&self) -> Result<Vec<RemoteSocket>, Error> {
        let remote =
            |member: Member| RemoteSocket { id: member.socket.to_string(), connection: member.connection_id };
        Ok(self.members().await?.into_iter().filter(|member| !member.has_expired()).map(remote).collect())
    }

    /// Puts the sockets into a room. Says how many.
    pub async fn sockets_join(&self, room: &str) -> Result<usize, Error> {
        let room = &Room::named(&self.namespace, room);
        self.each(|member| async move {
            let Some(connection) = self.io.connections.find(&member.connection_id).await? else {
                return Ok(());
            };
            match self.io.connections.join(&connection, &self.namespace, member.socket, room).await {
                // It left meanwhile.
                Err(Error::Gone | Error::Left) => Ok(()),
                done => done,
            }
        })
        .await
    }

    /// Takes the sockets out of a room. Says how many.
    pub async fn sockets_leave(&self, room: &str) -> Result<usize, Error> {
        let room = &Room::named(&self.namespace, room);
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
                self.io.put_out(&member.connection_id, &self.namespace).await
            }
        })
        .await
    }

    async fn each<F: Future<Output = Result<(), Error>>>(
        &self,
        act: impl Fn(Member) -> F,
    ) -> Result<usize, Error> {
        self.io.all(self.members().await?.into_iter().map(act)).await
    }

    /// The sockets' rows, each connection once.
    async fn members(&self) -> Result<Vec<Member>, Error> {
        let mut left_out = BTreeSet::new();
        for room in &self.except {
            let room = self.io.connections.members(&Room::named(&self.namespace, room)).await?;
            left_out.extend(room.into_iter().map(|member| member.connection_id));
        }
        left_out.extend(self.but.clone());
        if self.to.is_empty() {
            let mut all = self.io.connections.members(&Room::of_namespace(&self.namespace)).await?;
            all.retain(|member| !left_out.contains(&member.connection_id));
            return Ok(all);
        }
        let mut chosen = BTreeMap::new();
        for room in &self.to {
            for member in self.io.connections.members(&Room::named(&self.namespace, room)).await? {
                if !left_out.contains(&member.connection_id) {
                    chosen.insert(member.connection_id.clone(), member);
                }
            }
        }
        Ok(chosen.into_values().collect())
    }
}
