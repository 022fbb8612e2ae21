//! How often a trigger polls: as soon as there may be new records, or as often as AWS.

use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::options::Poll;
use local_dynamodb::Streams;

/// Lambda reads a stream's shard four times a second. On AWS, this is most of the latency of a push.
const AWS_INTERVAL: Duration = Duration::from_millis(250);

/// The pace of a trigger.
#[derive(Debug)]
pub(super) enum Pace {
    Fast,
    Aws(Interval),
}

impl Pace {
    pub(super) fn new(poll: Poll) -> Self {
        match poll {
            Poll::Fast => Self::Fast,
            Poll::Aws => {
                let mut reads = interval(AWS_INTERVAL);
                reads.set_missed_tick_behavior(MissedTickBehavior::Delay);
                Self::Aws(reads)
            }
        }
    }

    /// Waits until a read is allowed. Cancel safe.
    pub(super) async fn read(&mut self) {
        if let Self::Aws(reads) = self {
            reads.tick().await;
        }
    }

    /// Waits until the next read may find new records. `more` says that the last read left records behind. Cancel safe.
    pub(super) async fn next_read(&mut self, streams: &mut Streams, more: bool) {
        match self {
            Self::Fast if more => {}
            Self::Fast => streams.written().await,
            Self::Aws(reads) => {
                reads.tick().await;
            }
        }
    }
}
