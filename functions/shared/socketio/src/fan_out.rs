//! One frame to many connections.

use std::collections::BTreeMap;

use aws_sdk_apigatewaymanagement::primitives::Blob;
use futures_util::future::try_join_all;
use futures_util::{StreamExt, stream};
use tracing::warn;

use crate::gateway::PostError;
use crate::members::Member;
use crate::room::Room;
use crate::{Error, SocketIo, packet};

/// Whom an event reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliveryReport {
    /// Sockets that have it.
    pub reached: usize,
    /// Sockets that were gone, and whose rows are taken away.
    pub gone: usize,
    /// Sockets that could not be reached or whose time was over, and that were closed: their clients connect anew.
    pub closed: usize,
    /// Sockets that could neither be reached nor closed: the event has to be sent again.
    pub missed: usize,
}

/// What became of one connection.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    Reached,
    Gone,
    Closed,
    Missed,
}

impl SocketIo {
    /// Keeps the connections of these namespaces alive: API Gateway closes one that is silent for ten minutes.
    ///
    /// For a schedule of a little less. A client ignores what it is sent, and answers nothing.
    pub async fn keep_alive(&self, namespaces: &[&str]) -> Result<DeliveryReport, Error> {
        let rooms: Vec<_> = namespaces.iter().map(|namespace| Room::of_namespace(namespace)).collect();
        let members = try_join_all(rooms.iter().map(|room| self.connections.members(room))).await?.concat();
        // Once each, however many namespaces it is in.
        let members: BTreeMap<_, _> =
            members.into_iter().map(|member| (member.connection_id.clone(), member)).collect();
        Ok(self.fan_out(members.into_values().collect(), &packet::noop()).await)
    }

    /// Posts a frame to members of rooms, each connection once, so many at a time as the settings say.
    ///
    /// Those that are gone lose their rows, and those that cannot be reached are closed, so that none is left with
    /// something old.
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

    /// Posts one frame to one member of a room, and cleans up behind it.
    async fn push(&self, member: &Member, frame: &Blob) -> Outcome {
        let id = &member.connection_id;
        let mut ended = Outcome::Closed;
        if !member.has_expired() {
            match self.gateway.post(id, frame).await {
                Ok(()) => return Outcome::Reached,
                // Were it not gone after all, it would stand without rows, and never be sent anything again: so this
                // is closed as well. The gateway answers that of one that is gone with 410, which is as good.
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

    /// Takes the rows of a connection away that is no more. What stays behind goes at the next push, or by TTL.
    async fn forget(&self, member: &Member) {
        let forgotten: Result<(), Error> = self.connections.remove_member(member).await;
        if let Err(error) = forgotten {
            warn!(connection = %member.connection_id, %error, "rows of a connection were left behind");
        }
    }
}

#[cfg(test)]
mod tests;
