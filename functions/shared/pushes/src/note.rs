//! Pushes of a note and its comments to the room of the note.

use notes::live::{
    DESTROYMESSAGE, DestroyMessage, NEWMESSAGE, NOTEDESTROYED, NOTES, NOTEUPDATED, NewMessage, NoteDestroyed,
    NoteUpdated, note_room,
};
use notes::{BoardId, Comment, CommentId, Note, NoteKey, Thread};
use serde::Serialize;
use socketio::{SocketIo, max_payload_bytes};
use tracing::info;

use crate::{Delivery, Error, metrics};

/// Pushes notes and comments. It is cheap to clone.
#[derive(Debug, Clone)]
pub struct NoteRooms {
    pub(crate) io: SocketIo,
    pub(crate) most_sockets: usize,
}

impl NoteRooms {
    /// Creates pushes to rooms of any size.
    #[must_use]
    pub fn new(io: SocketIo) -> Self {
        Self { io, most_sockets: usize::MAX }
    }

    /// Leaves larger rooms to the stream's function.
    #[must_use]
    pub fn at_most(self, most_sockets: usize) -> Self {
        Self { most_sockets, ..self }
    }

    /// Pushes a note that was created or changed.
    ///
    /// # Errors
    /// If the table of connections fails.
    pub async fn updated(&self, board: &BoardId, note: Note) -> Result<Delivery, Error> {
        let room = note_room(board, &note.key);
        let update = NoteUpdated::fitting(board, note, max_payload_bytes(NOTES, NOTEUPDATED));
        self.emit(&room, NOTEUPDATED, &update).await
    }

    /// Pushes that a note was deleted or moved.
    ///
    /// # Errors
    /// If the table of connections fails.
    pub async fn destroyed(&self, board: &BoardId, key: &NoteKey) -> Result<Delivery, Error> {
        let payload = NoteDestroyed { board: board.clone(), key: key.clone() };
        self.emit(&note_room(board, key), NOTEDESTROYED, &payload).await
    }

    /// Pushes a comment that was created.
    ///
    /// # Errors
    /// If the table of connections fails.
    pub async fn commented(&self, thread: &Thread, message: Comment) -> Result<Delivery, Error> {
        let room = note_room(&thread.board, &thread.key);
        self.emit(&room, NEWMESSAGE, &NewMessage { board: thread.board.clone(), message }).await
    }

    /// Pushes that a comment was deleted.
    ///
    /// # Errors
    /// If the table of connections fails.
    pub async fn comment_destroyed(&self, thread: &Thread, id: CommentId) -> Result<Delivery, Error> {
        let Thread { board, key, .. } = thread.clone();
        let room = note_room(&board, &key);
        self.emit(&room, DESTROYMESSAGE, &DestroyMessage { board, key, id }).await
    }

    async fn emit(
        &self,
        room: &str,
        event: &'static str,
        payload: &impl Serialize,
    ) -> Result<Delivery, Error> {
        let sockets = self.io.of(NOTES).to(room).read_sockets().await?;
        if sockets.count() > self.most_sockets {
            return Ok(Delivery::Left);
        }
        let report = sockets.emit(event, payload).await?;
        metrics::count(report);
        info!(%room, reached = report.reached, gone = report.gone, closed = report.closed, "{event}");
        Ok(Delivery::Done(report))
    }
}
