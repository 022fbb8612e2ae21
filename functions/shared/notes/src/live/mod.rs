//! The payloads of pushes.
//!
//! Sockets in a board's room of the home namespace receive its list of notes ([`NoteTitles`]). Sockets in a note's room
//! receive that note ([`NoteUpdated`]), the edits of its text ([`TextEdit`]), its comments ([`Messages`], [`NewMessage`]) and its readers ([`Presence`]).

mod note;
mod presence;
mod rooms;
mod text;
mod titles;

use serde::Serialize;

pub use note::{DestroyMessage, Messages, NewMessage, NoteDestroyed, NoteUpdated};
pub use presence::Presence;
pub use rooms::{note_room, person_room, room_note};
pub use text::{Cursor, Sender, TextDocument, TextEdit};
pub use titles::NoteTitles;

/// The namespace of the lists of notes. Each board has a room, named after its id, and each person one
/// ([`person_room`]).
pub const HOME: &str = "/home";

/// The event with the list.
pub const NOTETITLES: &str = "notetitles";

/// The event that tells a person that the own boards have changed. Its payload is empty.
pub const BOARDS: &str = "boards";

/// The event that tells a person that a note of a board has changed.
pub const ACTIVITY: &str = "activity";

/// The namespace of single notes. Each note has a room ([`note_room`]), and each board has one with all readers of its
/// notes, named after its id.
pub const NOTES: &str = "/notes";

/// The event with a note.
pub const NOTEUPDATED: &str = "noteupdated";

/// The event after a note was deleted.
pub const NOTEDESTROYED: &str = "notedestroyed";

/// The event with a note's newest comments.
pub const MESSAGES: &str = "messages";

/// The event with a new comment.
pub const NEWMESSAGE: &str = "newmessage";

/// The event after a comment was deleted.
pub const DESTROYMESSAGE: &str = "destroymessage";

/// The event with the readers of a note.
pub const PRESENCE: &str = "presence";

/// The event with what a page lacks of the text, or none of it, if the page has to ask over HTTP. Only people who may write
/// get it.
pub const DOCUMENT: &str = "document";

/// The event with an edit of the text.
pub const EDIT: &str = "edit";

/// The event with the cursor of somebody who edits the text. It is volatile.
pub const CURSOR: &str = "cursor";

/// All pushes, by namespace. `tests/live/roles.rs` shows who receives each.
pub const PUSHES: [(&str, &str); 12] = [
    (HOME, NOTETITLES),
    (HOME, BOARDS),
    (HOME, ACTIVITY),
    (NOTES, NOTEUPDATED),
    (NOTES, NOTEDESTROYED),
    (NOTES, MESSAGES),
    (NOTES, NEWMESSAGE),
    (NOTES, DESTROYMESSAGE),
    (NOTES, PRESENCE),
    (NOTES, DOCUMENT),
    (NOTES, EDIT),
    (NOTES, CURSOR),
];

/// Returns how many rows, from the first, fit into `max_bytes` of JSON, each with its comma.
fn fitting(rows: &[impl Serialize], max_bytes: usize) -> usize {
    let mut left = max_bytes;
    let over = rows.iter().position(|row| {
        let length = json_length(row) + ",".len();
        let over = length > left;
        left = left.saturating_sub(length);
        over
    });
    over.unwrap_or(rows.len())
}

fn json_length(value: &impl Serialize) -> usize {
    serde_json::to_vec(value).map_or(usize::MAX, |json| json.len())
}
