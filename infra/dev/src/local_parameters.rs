//! Parameters that are set on this machine, unless the command line sets them.

use std::collections::BTreeMap;
use std::path::Path;

/// Opens the sign-up. A deployment is closed by default. Returns whether it did.
pub(crate) fn open_sign_up(template: &Path, parameters: &mut BTreeMap<String, String>) -> bool {
    !parameters.contains_key("SignUpCode") && set(template, parameters, "SignUp", "open")
}

/// Leaves out the edge, so that functions accept events that did not come through it.
pub(crate) fn leave_out_edge(template: &Path, parameters: &mut BTreeMap<String, String>) {
    set(template, parameters, "Edge", "no");
}

/// Sets a parameter, if the template accepts it and the command line does not set it. Returns whether it did.
fn set(template: &Path, parameters: &mut BTreeMap<String, String>, name: &str, value: &str) -> bool {
    if parameters.contains_key(name) {
        return false;
    }
    let mut changed = parameters.clone();
    changed.insert(name.to_owned(), value.to_owned());
    // A template without the parameter is refused. Its other problems are reported when it is read again.
    let is_accepted = sam_template::read(template, &changed).is_ok();
    if is_accepted {
        *parameters = changed;
    }
    is_accepted
}
