//! The payloads of pushes.
//!
//! Sockets in the home namespace receive the list of notes ([`NoteTitles`]). Sockets in a note's room receive that
//! note ([`NoteUpdated`]), its comments ([`Messages`], [`NewMessage`]) and its readers ([`Presence`]).

mod note;
mod presence;
mod titles;

use serde::Serialize;

pub use note::{DestroyMessage, Messages, NewMessage, NoteDestroyed, NoteUpdated};
pub use presence::Presence;
pub use titles::NoteTitles;

/// The namespace of the list of notes.
pub const HOME: &str = "/home";

/// The event with the list.
pub const NOTETITLES: &str = "notetitles";

/// The namespace of single notes. Each note has a room, named after its key.
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
