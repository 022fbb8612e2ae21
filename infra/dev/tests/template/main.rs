//! The template of Notes: its plan, and the problems that the reader finds when it is changed.

#![allow(clippy::unwrap_used, reason = "a test whose setup fails has failed")]

mod plan;
mod refusals;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use sam_template::{Origin, Plan, StartingPosition, TemplateError};
use serde_json::json;

const NOTES: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/Notes";

fn own() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml")).unwrap()
}

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

/// Returns the problem of the repository's template with `right` replaced by `wrong`.
#[track_caller]
fn refusal(right: &str, wrong: &str) -> String {
    let own = own();
    assert!(own.contains(right), "the template has no `{right}`");
    read(&own.replacen(right, wrong, 1), &[]).unwrap_err()
}

/// Returns the lines and places of a template's problems.
fn places(text: &str) -> Vec<(usize, String)> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("template.yaml");
    std::fs::write(&path, text).unwrap();
    match sam_template::read(&path, &BTreeMap::new()) {
        Err(TemplateError::NotRun { problems, .. }) => {
            problems.into_iter().map(|problem| (problem.at.line, problem.at.path)).collect()
        }
        other => panic!("{other:?}"),
    }
}
