//! Pushes of changes to open pages.
//!
//! Two functions push each change of a note. The one that wrote it does so right after its response ([`EarlyPushes`]), which
//! takes milliseconds, and marks the change as delivered. The function behind the table's stream takes the marks, and pushes each
//! change without one. So it makes up for whatever an early push leaves undone, and early pushes need neither retries
//! nor a guarantee. `tests/model` checks every order of the steps of both.
//!
//! - [`change`]: the names of changes, by which they are marked
//! - [`metrics`]: what pushes count
//! - `early`: pushes by the function that wrote
//! - `list`, `note`, `presence`: what is pushed

pub mod change;
mod delivery;
mod early;
mod list;
pub mod metrics;
mod note;
mod presence;
mod settings;

pub use delivery::Delivery;
pub use early::EarlyPushes;
pub use list::Lists;
pub use note::NoteRooms;
pub use settings::{BUSY_ROOM_SOCKETS, EARLY_PUSH_SOCKETS};

/// An error of a push. The stream's function reports it, and Lambda repeats the batch.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
