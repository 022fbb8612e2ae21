//! The program under test: `notes-dev`, built by the package of its tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    notes_dev::main()
}
