//! The console: prints a line for each request, frame, push, batch, schedule and log line, as text or as JSON.
//!
//! - `output`: the console
//! - `line`: a line, as text and as JSON
//! - `log_line`: a line of a function's log
//! - `served`: invocations, for the console
//! - `colour`: the colours

mod colour;
mod line;
mod log_line;
mod output;
mod served;

pub use log_line::LogLine;
pub use output::{Console, Printing};
pub(crate) use served::Invoked;
pub use served::Served;
