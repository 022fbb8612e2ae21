//! The marks of changes that an early push has delivered.

use std::collections::BTreeSet;
use std::time::Duration;

use notes::{BoardId, Timestamp};
use pushes::Lists;
use socketio::{Error, Revision};
use tokio::time::sleep;

/// The age to which a change waits for its mark. An early push takes less. Lambda polls streams four times a second, so that hardly
/// any record is younger.
const EARLY: Duration = Duration::from_millis(100);

/// A change that an early push may have delivered.
#[derive(Clone)]
pub(crate) struct Change {
    /// Its name, from [`pushes::change`].
    pub(crate) name: String,
    /// When it was written, if that is known.
    pub(crate) written: Option<Timestamp>,
}

/// Takes the marks of early pushes to at most `most_sockets`.
pub(crate) struct EarlyMarks {
    lists: Lists,
    most_sockets: usize,
}

impl EarlyMarks {
    pub(crate) fn new(lists: Lists, most_sockets: usize) -> Self {
        Self { lists, most_sockets }
    }

    /// Takes the next revision of a board, and the marks of changes. Returns the names of those that had one. It waits for the mark
    /// of a change that was written just now, if the room is small enough for an early push.
    pub(crate) async fn take(
        &self,
        board: &BoardId,
        changes: &[Change],
    ) -> Result<(Revision, BTreeSet<String>), Error> {
        let room = self.lists.room(board);
        let names: BTreeSet<_> = changes.iter().map(|change| change.name.clone()).collect();
        let (revision, mut delivered) = room.next_revision_and_delivered(&names).await?;
        let unmarked = || changes.iter().filter(|change| !delivered.contains(&change.name));
        let wait = unmarked().map(Change::wait).max().unwrap_or_default();
        if self.most_sockets == 0 || wait.is_zero() {
            return Ok((revision, delivered));
        }
        if room.read_sockets().await?.count() > self.most_sockets {
            return Ok((revision, delivered));
        }
        sleep(wait).await;
        let names = unmarked().map(|change| change.name.clone()).collect();
        let (revision, later) = room.next_revision_and_delivered(&names).await?;
        delivered.extend(later);
        Ok((revision, delivered))
    }
}

impl Change {
    /// Returns how long to wait for the mark.
    fn wait(&self) -> Duration {
        match self.written {
            Some(written) => EARLY.saturating_sub(written.until(Timestamp::now())),
            None => EARLY,
        }
    }
}
