//! Pushes of a board's list to its room.

use std::time::Duration;

use notes::live::{HOME, NOTETITLES, NoteTitles};
use notes::{BoardId, NotesStore};
use socketio::{DeliveryReport, Emitter, Paced, Revision, SocketIo, Sockets, max_payload_bytes};
use tokio::time::sleep;
use tracing::info;

use crate::{Delivery, Error, metrics};

/// How often a busy room is pushed.
const BUSY_INTERVAL: Duration = Duration::from_secs(1);

/// Pushes lists of boards. It is cheap to clone.
#[derive(Debug, Clone)]
pub struct Lists {
    io: SocketIo,
    notes: NotesStore,
    busy_sockets: usize,
}

impl Lists {
    /// Creates pushes of the lists of `notes`. Rooms of more sockets than `busy_sockets` are pushed at most once a second.
    #[must_use]
    pub fn new(io: SocketIo, notes: NotesStore, busy_sockets: usize) -> Self {
        Self { io, notes, busy_sockets }
    }

    /// Returns the room of a board, which counts the revisions of its list and has the marks of its changes.
    pub fn room(&self, board: &BoardId) -> Emitter {
        self.io.of(HOME).to(board.as_str())
    }

    /// Pushes a list with a revision that was taken before. In a busy room, it waits for its turn, and takes another revision. If an
    /// early push takes its turn, it does not wait again: that push may have failed.
    ///
    /// # Errors
    /// If a table fails.
    pub async fn push(&self, board: &BoardId, revision: Revision) -> Result<DeliveryReport, Error> {
        let room = self.room(board);
        let sockets = room.read_sockets().await?;
        let mut revision = revision;
        if sockets.count() > self.busy_sockets {
            let mut turn = room.next_revision_every(BUSY_INTERVAL).await?;
            if let Paced::Wait(time) = turn {
                sleep(time).await;
                turn = room.next_revision_every(BUSY_INTERVAL).await?;
            }
            revision = match turn {
                Paced::Now(revision) => revision,
                Paced::Wait(_) => room.next_revision().await?,
            };
        }
        self.emit(board, revision, sockets).await
    }

    /// Pushes a list, unless the room has more than `most_sockets`, or is busy and was pushed a moment ago.
    ///
    /// It reads the room first. A socket that joins after that reads the list itself, and the change is part of it.
    ///
    /// # Errors
    /// If a table fails.
    pub async fn push_early(&self, board: &BoardId, most_sockets: usize) -> Result<Delivery, Error> {
        let room = self.room(board);
        let sockets = room.read_sockets().await?;
        let revision = match sockets.count() {
            0 => return Ok(Delivery::Done(DeliveryReport::default())),
            count if count > most_sockets => return Ok(Delivery::Left),
            count if count > self.busy_sockets => match room.next_revision_every(BUSY_INTERVAL).await? {
                Paced::Wait(_) => return Ok(Delivery::Left),
                Paced::Now(revision) => revision,
            },
            _ => room.next_revision().await?,
        };
        Ok(Delivery::Done(self.emit(board, revision, sockets).await?))
    }

    /// Reads the titles after the revision, because pages ignore a lower one.
    async fn emit(
        &self,
        board: &BoardId,
        revision: Revision,
        sockets: Sockets,
    ) -> Result<DeliveryReport, Error> {
        let revision = revision.number();
        let notes = self.notes.on(board);
        let titles = NoteTitles::read(&notes, revision, max_payload_bytes(HOME, NOTETITLES)).await?;
        let report = sockets.emit(NOTETITLES, &titles).await?;
        metrics::count(report);
        info!(
            %board,
            revision,
            titles = titles.rows(),
            reached = report.reached,
            gone = report.gone,
            closed = report.closed,
            "{NOTETITLES}"
        );
        Ok(report)
    }
}
