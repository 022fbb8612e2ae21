//! How often a trigger looks for records: as soon as there may be some, or as often as AWS does.

use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::options::Poll;
use local_dynamodb::Streams;

/// Lambda reads a stream's shard four times a second, which is what a push waits for on AWS most of the time.
const AWS: Duration = Duration::from_millis(250);

/// A trigger's pace.
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
                let mut reads = interval(AWS);
                reads.set_missed_tick_behavior(MissedTickBehavior::Delay);
                Self::Aws(reads)
            }
        }
    }

    /// Waits until a read may be made. It can be given up at any time.
    pub(super) async fn read(&mut self) {
        if let Self::Aws(reads) = self {
            reads.tick().await;
        }
    }

    /// Waits until the next read may find records that the last one did not. `more` says that the last one left some
    /// behind. It can be given up at any time.
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
