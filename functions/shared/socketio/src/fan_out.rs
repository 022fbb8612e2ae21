//! Sending one frame to many connections.

use std::collections::BTreeMap;

use aws_sdk_apigatewaymanagement::primitives::Blob;
use futures_util::future::try_join_all;
use futures_util::{StreamExt, stream};
use tracing::warn;

use crate::gateway::PostError;
use crate::members::Member;
use crate::room::Room;
use crate::{Error, SocketIo, packet};

/// The number of sockets by the outcome of an emit.
///
/// ```
/// use socketio::DeliveryReport;
///
/// let report = DeliveryReport { reached: 2, gone: 1, ..DeliveryReport::default() };
/// assert_eq!(report.missed, 0);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliveryReport {
    /// Sockets that received the event.
    pub reached: usize,
    /// Sockets that were gone. Their rows are deleted.
    pub gone: usize,
    /// Sockets that were closed, because they could not be reached or had expired. Their clients reconnect.
    pub closed: usize,
    /// Sockets that could be neither reached nor closed. The event has to be emitted again.
    pub missed: usize,
}

/// The outcome for one connection.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    Reached,
    Gone,
    Closed,
    Missed,
}

impl SocketIo {
    /// Keeps the connections of these namespaces alive: API Gateway closes a connection after ten minutes without
    /// messages.
    ///
    /// Call it on a schedule of a little less. Clients ignore the packet.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn keep_alive(&self, namespaces: &[&str]) -> Result<DeliveryReport, Error> {
        let rooms: Vec<_> = namespaces.iter().map(|namespace| Room::of_namespace(namespace)).collect();
        let members = try_join_all(rooms.iter().map(|room| self.connections.members(room))).await?.concat();
        // A connection may be in several namespaces, but gets one packet.
        let members: BTreeMap<_, _> =
            members.into_iter().map(|member| (member.connection_id.clone(), member)).collect();
        Ok(self.fan_out(members.into_values().collect(), &packet::noop()).await)
    }

    /// Posts a frame to members of rooms, with the concurrency of the settings.
    ///
    /// It deletes the rows of connections that are gone. It closes connections that cannot be reached, so that no
    /// client keeps stale data.
    pub(crate) async fn fan_out(&self, members: Vec<Member>, frame: &str) -> DeliveryReport {
        let frame = &Blob::new(frame);
        let mut posts = stream::iter(members)
            .map(|member| async move { self.push(&member, frame).await })
            .buffer_unordered(self.settings.concurrent_posts.max(1));
        let mut reached = DeliveryReport::default();
        while let Some(outcome) = posts.next().await {
            match outcome {
                Outcome::Reached => reached.reached += 1,
                Outcome::Gone => reached.gone += 1,
                Outcome::Closed => reached.closed += 1,
                Outcome::Missed => reached.missed += 1,
            }
        }
        reached
    }

    /// Posts a frame to members of rooms, once to each. Those that it does not reach count as missed, and nothing happens to
    /// them.
    pub(crate) async fn try_once(&self, members: Vec<Member>, frame: &str) -> DeliveryReport {
        let frame = &Blob::new(frame);
        let active = members.into_iter().filter(|member| !member.has_expired());
        let mut posts = stream::iter(active)
            .map(|member| async move { self.gateway.post_once(&member.connection_id, frame).await })
            .buffer_unordered(self.settings.concurrent_posts.max(1));
        let mut report = DeliveryReport::default();
        while let Some(posted) = posts.next().await {
            match posted {
                Ok(()) => report.reached += 1,
                Err(_) => report.missed += 1,
            }
        }
        report
    }

    /// Posts a frame to one member of a room, and cleans up after a failure.
    async fn push(&self, member: &Member, frame: &Blob) -> Outcome {
        let id = &member.connection_id;
        let mut ended = Outcome::Closed;
        if !member.has_expired() {
            match self.gateway.post(id, frame).await {
                Ok(()) => return Outcome::Reached,
                // If the connection still existed, it would have no rows, and receive nothing any more. So it is
                // closed as well. The gateway responds with 410 if it is gone, which is fine.
                Err(PostError::Gone) => ended = Outcome::Gone,
                Err(PostError::Failed(error)) => warn!(connection = %id, %error, "not reached: closing"),
            }
        }
        match self.gateway.close(id).await {
            Ok(()) => {
                self.forget(member).await;
                ended
            }
            Err(error) => {
                warn!(connection = %id, %error, "neither reached nor closed");
                Outcome::Missed
            }
        }
    }

    /// Deletes the rows of a connection that is gone. Rows that remain are deleted at the next push, or by TTL.
    async fn forget(&self, member: &Member) {
        let forgotten: Result<(), Error> = self.connections.remove_member(member).await;
        if let Err(error) = forgotten {
            warn!(connection = %member.connection_id, %error, "rows of a connection were left behind");
        }
    }
}

#[cfg(test)]
mod tests;
