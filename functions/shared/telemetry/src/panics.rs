//! A panic: a bug of ours, said once, after which the process ends.

use std::panic;
use std::process;

use tracing::error;

/// Has a panic logged, with its request, and the process ended: in a build that would unwind as in the one that is
/// deployed, which aborts. The gateway answers 500 in its own words, which say nothing of the inside, and Lambda starts
/// another process for the next event.
///
/// The line says where it was, and not what: a panic's message can hold what somebody wrote (`byte index 1 is not a char
/// boundary; it is inside 'é' of ...`).
pub(crate) fn log() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        error!(place, "panicked at {place}");
        process::abort();
    }));
}
