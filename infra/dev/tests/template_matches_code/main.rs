//! Compares `template.yaml` with the facts that the code states: variables, tables, stream views, metrics and headers.
//!
//! Each comparison returns complaints. The list is empty if the template and the code agree. Beside each comparison,
//! tests make typical mistakes in the template and see them caught.

#![allow(clippy::unwrap_used, reason = "a test whose setup fails has failed")]

mod environment;
mod metrics;
mod permissions;
mod security_headers;
mod streams;
mod tables;

use std::collections::BTreeMap;
use std::path::Path;

use sam_template::{Plan, TemplateError};

/// Returns the text of the repository's template.
fn template() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml")).unwrap()
}

/// Returns the plan of the repository's template.
fn plan() -> Plan {
    read(&template()).unwrap()
}

/// Returns the template with `right` replaced by `wrong`, once.
#[track_caller]
fn mistaken(right: &str, wrong: &str) -> String {
    let template = template();
    assert!(template.contains(right), "the template has no `{right}`");
    template.replacen(right, wrong, 1)
}

/// Returns the plan of the template with `right` replaced by `wrong`, once.
#[track_caller]
fn mistaken_plan(right: &str, wrong: &str) -> Plan {
    read(&mistaken(right, wrong)).unwrap()
}

fn read(text: &str) -> Result<Plan, TemplateError> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("template.yaml");
    std::fs::write(&path, text).unwrap();
    sam_template::read(&path, &BTreeMap::new())
}
