//! Sockets that were read once, to emit to them.

use serde::Serialize;

use crate::fan_out::DeliveryReport;
use crate::members::Member;
use crate::remote_socket::{RemoteSocket, active_sockets};
use crate::{Error, SocketIo, packet};

/// The sockets of an [`Emitter`](crate::Emitter) at the time of a read.
///
/// ```no_run
/// use socketio::{Error, SocketIo};
///
/// async fn announce_to_few(io: &SocketIo) -> Result<(), Error> {
///     let sockets = io.of("/chat").read_sockets().await?;
///     if sockets.count() <= 100 {
///         sockets.emit("message", "Hello!").await?;
///     }
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Sockets {
    pub(crate) io: SocketIo,
    pub(crate) namespace: String,
    pub(crate) members: Vec<Member>,
}

impl Sockets {
    /// Returns the number of sockets, including those that have expired.
    #[must_use]
    pub fn count(&self) -> usize {
        self.members.len()
    }

    /// Returns the sockets that have not expired. They have their data only after
    /// [`read_sockets_with_data`](crate::Emitter::read_sockets_with_data).
    #[must_use]
    pub fn active(&self) -> Vec<RemoteSocket> {
        active_sockets(&self.members)
    }

    /// Emits an event to them. It takes one post per connection.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if the packet is over 32 KiB, in which case nothing is sent, or if the payload cannot be written as JSON.
    /// A socket that cannot be reached is not an error: see [`DeliveryReport`].
    pub async fn emit<T: Serialize + ?Sized>(self, name: &str, payload: &T) -> Result<DeliveryReport, Error> {
        let frame = packet::event(&self.namespace, name, payload)?;
        Ok(self.io.fan_out(self.members, &frame).await)
    }
}
