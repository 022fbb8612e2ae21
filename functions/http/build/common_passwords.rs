//! Reads the list of common passwords from an npm package of the page.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;

/// Returns the common passwords of at least 8 characters: lower case, sorted, one per line.
///
/// A Rust crate has a list of 100,000 passwords, but its table would add megabytes and relocations to every cold start.
///
/// # Errors
///
/// Returns a message if the package is missing, or if its list is not the expected one.
pub(crate) fn read(web: &Path) -> Result<String, String> {
    let file = web.join("node_modules/@zxcvbn-ts/language-common/src/passwords.json");
    let failed = |error: &dyn fmt::Display| format!("{}: {error}", file.display());
    let list = fs::read(&file).map_err(|error| failed(&error))?;
    let list: Vec<String> = serde_json::from_slice(&list).map_err(|error| failed(&error))?;
    if list.len() < 3_000 {
        return Err(failed(&"has fewer than 3,000 passwords"));
    }
    let long = list.iter().filter(|password| password.chars().count() >= 8);
    let passwords: BTreeSet<String> = long.map(|password| password.to_lowercase()).collect();
    Ok(passwords.iter().flat_map(|password| [password.as_str(), "\n"]).collect())
}
