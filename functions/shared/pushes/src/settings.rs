//! The environment variables of pushes.

/// The environment variable with the most sockets of a room that an early push reaches. A function that pushes a larger room after
/// each response would be busy for long, and the stream's function does it anyway. 0 switches early pushes off.
pub const EARLY_PUSH_SOCKETS: &str = "EARLY_PUSH_SOCKETS";

/// The environment variable with the most sockets of a board's room that is pushed after each change. A larger room is pushed at
/// most once a second.
pub const BUSY_ROOM_SOCKETS: &str = "BUSY_ROOM_SOCKETS";
