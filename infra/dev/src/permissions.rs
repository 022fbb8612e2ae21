//! `notes-dev permissions`: compares a template's permissions with the calls of tests.

use std::path::Path;

use local_service::iam::Report;

use crate::outcome::Outcome;

/// Prints unused permissions and denied calls. Fails if there are any.
pub(crate) fn report(template: &Path, usage: &Path) -> Outcome {
    let report = Report::read(template, usage)?;
    print!("{report}");
    if report.is_clean() {
        return Ok(());
    }
    Err("the template's permissions differ from the permissions that its functions use; see above".into())
}
