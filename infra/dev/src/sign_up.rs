//! Opens the sign-up on this machine, unless the command line says otherwise. A deployment is closed by default.

use std::collections::BTreeMap;
use std::path::Path;

/// Opens the sign-up, if the template has the parameter and the command line does not decide about it. Returns whether
/// it did.
pub(crate) fn open(template: &Path, parameters: &mut BTreeMap<String, String>) -> bool {
    if parameters.contains_key("SignUp") || parameters.contains_key("SignUpCode") {
        return false;
    }
    let mut opened = parameters.clone();
    opened.insert("SignUp".to_owned(), "open".to_owned());
    // A template without the parameter is refused. Its other problems are reported when it is read again.
    let is_accepted = sam_template::read(template, &opened).is_ok();
    if is_accepted {
        *parameters = opened;
    }
    is_accepted
}
