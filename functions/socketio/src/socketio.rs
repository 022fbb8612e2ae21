//! What any function can do to sockets, with none at hand.

use futures_util::StreamExt;
use futures_util::stream;
use serde::Serialize;
use tracing::{debug, warn};

use crate::connections::{Connection, Connections, Member, Revision};
use crate::gateway::{Gateway, PostError};
use crate::packet;
use crate::room::Room;
use crate::{ConnectionId, Error};

/// How many posts run at the same time. One waits for the network most of its time.
const CONCURRENT_POSTS: usize = 64;

/// The table of connections and the gateway that holds them: all that it takes to reach a socket.
#[derive(Debug, Clone)]
pub struct SocketIo {
    pub(crate) connections: Connections,
    pub(crate) gateway: Gateway,
}

/// Whom an event reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached {
    /// Sockets that have it.
    pub reached: usize,
    /// Sockets that were gone, and whose rows are taken away.
    pub gone: usize,
    /// Sockets that could not be reached or whose time was over, and that were closed: their clients connect anew.
    pub closed: usize,
    /// Sockets that could neither be reached nor closed: the event has to be sent again.
    pub missed: usize,
}

/// What became of one socket in a push.
enum Outcome {
    Reached,
    Gone,
    Closed,
    Missed,
}

impl SocketIo {
    /// Reaches the sockets in `connections` through `gateway`.
    #[must_use]
    pub fn new(connections: Connections, gateway: Gateway) -> Self {
        Self { connections, gateway }
    }

    /// Opens the connections to the table and the gateway, so that no client waits for them.
    pub async fn warm_up(&self) {
        futures_util::future::join(self.connections.warm_up(), self.gateway.warm_up()).await;
    }

    /// Sends a connection its open packet, for which its client waits 20 s before it says anything.
    ///
    /// For the row's INSERT in the table's stream, which comes at least once: a client that is greeted again joins
    /// its namespaces again.
    pub async fn greet(&self, connection: &Connection) -> Result<(), Error> {
        let id = &connection.connection_id;
        if connection.has_expired() {
            return self.disconnect(id).await;
        }
        match self.gateway.post_first(id, &packet::open(connection.engine)).await {
            Ok(()) => Ok(()),
            Err(PostError::Gone) => self.connections.remove(id).await,
            Err(PostError::Failed(error)) => {
                warn!(connection = %id, %error, "no open packet could be sent: closing");
                self.disconnect(id).await
            }
        }
    }

    /// Takes the namespace's next revision. What is read after it may be pushed with it.
    pub async fn next_revision(&self, namespace: &str) -> Result<Revision, Error> {
        self.connections.next_revision(&Room::of_namespace(namespace)).await
    }

    /// Emits an event to all sockets of a namespace: one read of the room, one post a connection.
    ///
    /// Sockets that are gone lose their rows, and those that cannot be reached are closed, so that none is left with
    /// something old.
    pub async fn emit<T: Serialize + ?Sized>(
        &self,
        namespace: &str,
        name: &str,
        payload: &T,
    ) -> Result<Reached, Error> {
        let frame = packet::event(namespace, name, payload)?;
        let members = self.connections.members(&Room::of_namespace(namespace)).await?;
        let posts = stream::iter(&members).map(|member| self.push(member, &frame));
        let reached = posts
            .buffer_unordered(CONCURRENT_POSTS)
            .fold(Reached::default(), async |mut reached, outcome| {
                match outcome {
                    Outcome::Reached => reached.reached += 1,
                    Outcome::Gone => reached.gone += 1,
                    Outcome::Closed => reached.closed += 1,
                    Outcome::Missed => reached.missed += 1,
                }
                reached
            })
            .await;
        Ok(reached)
    }

    /// Posts one frame to one member of a room, and cleans up behind it.
    async fn push(&self, member: &Member, frame: &str) -> Outcome {
        let id = &member.connection_id;
        if !member.has_expired() {
            match self.gateway.post(id, frame).await {
                Ok(()) => return Outcome::Reached,
                Err(PostError::Gone) => {
                    // The rows go again at the next push, if they do not go now.
                    if let Err(error) = self.connections.remove_member(member).await {
                        warn!(connection = %id, %error, "the rows of a connection that is gone were left behind");
                    }
                    return Outcome::Gone;
                }
                Err(PostError::Failed(error)) => warn!(connection = %id, %error, "no push: closing"),
            }
        }
        match self.gateway.close(id).await {
            Ok(()) => {
                if let Err(error) = self.connections.remove_member(member).await {
                    warn!(connection = %id, %error, "the rows of a closed connection were left behind");
                }
                Outcome::Closed
            }
            Err(error) => {
                warn!(connection = %id, %error, "neither reached nor closed");
                Outcome::Missed
            }
        }
    }

    /// Closes all connections that were opened with a session. Says how many.
    pub async fn end_session(&self, session: &str) -> Result<usize, Error> {
        let connections = self.connections.of_session(session).await?;
        let mut closings =
            stream::iter(&connections).map(|id| self.disconnect(id)).buffer_unordered(CONCURRENT_POSTS);
        while let Some(closed) = closings.next().await {
            closed?;
        }
        Ok(connections.len())
    }

    /// Closes a connection and takes its rows away, without waiting for its `$disconnect`, which may never come.
    pub async fn disconnect(&self, id: &ConnectionId) -> Result<(), Error> {
        debug!(connection = %id, "closing");
        self.gateway.close(id).await?;
        self.connections.remove(id).await
    }
}
