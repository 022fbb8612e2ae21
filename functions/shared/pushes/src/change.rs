//! The names of changes, by which they are marked as delivered.
//!
//! The function that wrote and the one behind the stream give a change the same name. A change has its name for ever: a mark that
//! comes late must not hide another change. A note's document is its own even if another note gets its key, and its version rises with
//! each change, also when it is moved or restored.

use notes::{CommentEvent, NoteEvent};

/// Returns the name of a change of a note.
#[must_use]
pub fn of_note(event: &NoteEvent) -> String {
    match event {
        NoteEvent::Created(_, note) | NoteEvent::Updated { new: note, .. } => {
            format!("{}@{}", note.document, note.version)
        }
        NoteEvent::Destroyed(_, last) => format!("{}@{}-", last.document, last.version),
    }
}

/// Returns the name of a change of a comment.
#[must_use]
pub fn of_comment(event: &CommentEvent) -> String {
    match event {
        CommentEvent::Created(_, comment) => comment.id.to_string(),
        CommentEvent::Destroyed(_, id) => format!("{id}-"),
    }
}

/// Returns the name of a socket's joining of a note's room. A socket joins one note, once.
#[must_use]
pub fn of_joined(socket: &str) -> String {
    format!("{socket}+")
}

/// Returns the name of a socket's leaving of a note's room.
#[must_use]
pub fn of_left(socket: &str) -> String {
    format!("{socket}-")
}
