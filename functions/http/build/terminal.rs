//! Prints progress while Cargo runs this program.

use std::fs::OpenOptions;
use std::io::Write as _;

/// Prints a line to the terminal, if there is one.
///
/// Cargo shows the output of a build script only after it ends, `cargo::warning` included. Meanwhile its progress bar
/// stands still, so the line goes to the terminal directly. It first clears the progress bar, which Cargo draws again.
pub(crate) fn print(line: &str) {
    let terminal = if cfg!(windows) { "CONOUT$" } else { "/dev/tty" };
    if let Ok(mut terminal) = OpenOptions::new().write(true).open(terminal) {
        // Progress is optional: a terminal that cannot be written must not fail the build.
        let _ = write!(terminal, "\r\x1b[2K{line}\r\n");
    }
}
