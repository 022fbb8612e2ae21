//! What is pushed: to everyone in the home namespace the list of notes ([`NoteTitles`]), to everyone in the room of a
//! note that note ([`NoteUpdated`]), its comments ([`Messages`], [`NewMessage`]) and who else reads it ([`Presence`]).

mod note;
mod presence;
mod titles;

use serde::Serialize;

pub use note::{DestroyMessage, Messages, NewMessage, NoteDestroyed, NoteUpdated};
pub use presence::Presence;
pub use titles::NoteTitles;

/// The namespace in which everyone watches the list.
pub const HOME: &str = "/home";

/// The event that carries the list.
pub const NOTETITLES: &str = "notetitles";

/// The namespace in which everyone watches a note: each note has a room, named by its key.
pub const NOTES: &str = "/notes";

/// The event that carries a note.
pub const NOTEUPDATED: &str = "noteupdated";

/// The event that says that a note is gone.
pub const NOTEDESTROYED: &str = "notedestroyed";

/// The event that carries a note's newest comments.
pub const MESSAGES: &str = "messages";

/// The event that carries a new comment.
pub const NEWMESSAGE: &str = "newmessage";

/// The event that says that a comment is gone.
pub const DESTROYMESSAGE: &str = "destroymessage";

/// The event that says who reads a note.
pub const PRESENCE: &str = "presence";

/// How many rows, from the first, are at most `max_bytes` of JSON, each with its comma.
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
