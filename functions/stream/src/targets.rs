//! The sockets to which handlers push.

use pushes::{Lists, NoteRooms};
use socketio::SocketIo;

use crate::early_marks::EarlyMarks;

/// The sockets to which handlers push.
pub(crate) struct Targets {
    /// All sockets.
    pub(crate) io: SocketIo,
    /// The lists of boards.
    pub(crate) lists: Lists,
    /// The rooms of notes.
    pub(crate) rooms: NoteRooms,
    /// The changes that need no push.
    pub(crate) marks: EarlyMarks,
}

impl Targets {
    /// Creates the targets. Early pushes go to rooms of at most `early_sockets`.
    pub(crate) fn new(io: SocketIo, lists: Lists, early_sockets: usize) -> Self {
        let (rooms, marks) = (NoteRooms::new(io.clone()), EarlyMarks::new(lists.clone(), early_sockets));
        Self { io, lists, rooms, marks }
    }
}
