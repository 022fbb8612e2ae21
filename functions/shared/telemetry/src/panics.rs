//! Panics: logs them once, and ends the process.

use std::panic;
use std::process;

use tracing::error;

/// Installs a hook that logs a panic with its request, and aborts the process in every build.
///
/// The gateway responds with 500, and Lambda starts another process for the next event. The line has the
/// location but not the message, which can contain a user's text (`byte index 1 is not a char boundary; it is inside
/// 'é' of ...`).
pub(crate) fn log() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        error!(place, "panicked at {place}");
        process::abort();
    }));
}
