//! `cargo run`: Notes on this machine.

use std::process::ExitCode;

fn main() -> ExitCode {
    notes_dev::main()
}
