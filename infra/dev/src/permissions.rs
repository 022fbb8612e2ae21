//! `notes-dev permissions`: compares a template's permissions with the calls of tests.

use std::path::Path;

use local_service::iam::Report;

use crate::outcome::Outcome;

/// Prints unused permissions and denied calls.
///
/// # Errors
/// If there are any, or the recorded usage cannot be read.
pub(crate) fn report(template: &Path, usage: &Path) -> Outcome {
    let report = Report::read(template, usage)?;
    print!("{report}");
    if report.is_clean() {
        return Ok(());
    }
    Err("the template's permissions differ from the permissions that its functions use; see above".into())
}
