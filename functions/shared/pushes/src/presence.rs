//! Pushes of the readers of a note to its room.

use notes::live::{NOTES, PRESENCE, Presence, note_room};
use notes::{BoardId, NoteKey, User};
use socketio::{Emitter, RemoteSocket, Revision};
use tracing::info;

use crate::{Delivery, Error, NoteRooms, metrics};

impl NoteRooms {
    /// Returns the room of all readers of a board's notes, which counts the revisions of their presence and has the marks of its
    /// changes.
    pub fn readers(&self, board: &BoardId) -> Emitter {
        self.io.of(NOTES).to(board.as_str())
    }

    /// Pushes the readers of a note. The revision was taken before, because the room is read here.
    ///
    /// # Errors
    /// If the table of connections fails.
    pub async fn present(&self, board: BoardId, key: NoteKey, revision: Revision) -> Result<Delivery, Error> {
        let sockets = self.io.of(NOTES).to(note_room(&board, &key)).read_sockets_with_data().await?;
        if sockets.count() > self.most_sockets {
            return Ok(Delivery::Left);
        }
        let active = sockets.active();
        let people = active.iter().filter_map(RemoteSocket::data::<User>);
        let presence = Presence::of(board.clone(), key.clone(), revision.number(), people);
        let report = sockets.emit(PRESENCE, &presence).await?;
        metrics::count(report);
        info!(
            %board,
            %key,
            revision = revision.number(),
            readers = presence.readers(),
            reached = report.reached,
            gone = report.gone,
            closed = report.closed,
            "{PRESENCE}"
        );
        Ok(Delivery::Done(report))
    }
}
