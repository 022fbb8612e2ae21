//! Reads a template file.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Problems, TemplateError};
use crate::model::Plan;
use crate::plan;
use crate::source::{self, NotYaml};

/// Reads a template and resolves it. Parameters that are not given take their defaults.
///
/// # Errors
/// If the file cannot be read, is not YAML, or declares something that cannot run locally. The error lists all problems
/// with their lines.
pub fn read(path: &Path, parameters: &BTreeMap<String, String>) -> Result<Plan, TemplateError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| TemplateError::Unreadable { path: path.to_owned(), source })?;
    let problems = Problems::default();
    let template = source::parse(&text, &problems)
        .map_err(|NotYaml { line, reason }| TemplateError::NotYaml { path: path.to_owned(), line, reason })?;
    let plan = plan::resolve(&template, parameters, &problems);
    match problems.into_list() {
        problems if problems.is_empty() => Ok(plan),
        problems => Err(TemplateError::NotRun { path: path.to_owned(), problems }),
    }
}
