//! Reads templates in every form that YAML and SAM allow, and reports their problems.

#![allow(clippy::unwrap_used, reason = "a test whose setup fails has failed")]

mod forms;
mod problems;

use std::collections::BTreeMap;

use sam_template::{Plan, TemplateError};

fn read(text: &str, parameters: &[(&str, &str)]) -> Result<Plan, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("template.yaml");
    std::fs::write(&path, text).unwrap();
    let parameters: BTreeMap<String, String> =
        parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    sam_template::read(&path, &parameters).map_err(|error| match error {
        TemplateError::NotRun { problems, .. } => {
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        }
        error => error.to_string().replace(&format!("{}:", path.display()), ""),
    })
}
