//! The outcome of a push.

use socketio::DeliveryReport;

use crate::Error;

/// The outcome of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// The room was pushed.
    Done(DeliveryReport),
    /// The push is left to the stream's function.
    Left,
}

impl Delivery {
    /// Returns whether nobody has to receive the push again.
    #[must_use]
    pub fn is_complete(self) -> bool {
        matches!(self, Self::Done(DeliveryReport { missed: 0, .. }))
    }

    /// Fails if somebody has to receive the push again.
    ///
    /// # Errors
    /// If sockets were missed, or the push was left.
    pub fn require_complete(self) -> Result<(), Error> {
        match self {
            Self::Done(DeliveryReport { missed: 0, .. }) => Ok(()),
            Self::Done(DeliveryReport { missed, .. }) => {
                Err(format!("{missed} sockets were neither reached nor closed").into())
            }
            Self::Left => Err("the push was left to others".into()),
        }
    }
}
