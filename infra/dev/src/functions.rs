//! The functions of Notes, which this program runs in separate processes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use local_cloud::Console;
use sam_template::{Function, Plan};

use crate::cargo;
use crate::outcome::Outcome;

/// Returns a function by the name of its binary.
fn function(binary: &str) -> Option<LocalBoxFuture<'static, Outcome>> {
    Some(match binary {
        "http-function" => http_function::run().boxed_local(),
        "keepalive-function" => keepalive_function::run().boxed_local(),
        "merge-function" => merge_function::run().boxed_local(),
        "stream-function" => stream_function::run().boxed_local(),
        "websocket-function" => websocket_function::run().boxed_local(),
        _ => return None,
    })
}

/// Runs a function until the cloud ends, or ends the process.
pub(crate) fn run(binary: &str) -> Outcome {
    local_cloud::lambda::process::end_with_parent();
    let function = function(binary);
    let function =
        function.ok_or_else(|| format!("no function has the binary {binary}: add it to {}", file!()))?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(function)
}

/// Returns the functions of a template that are not part of this program.
fn others(plan: &Plan) -> impl Iterator<Item = &Function> {
    plan.functions.iter().filter(|other| function(&other.binary).is_none())
}

/// Builds the other functions of a template. Returns their programs by binary.
pub(crate) fn build_others(
    template: &Path,
    parameters: &BTreeMap<String, String>,
    console: &Console,
) -> Outcome<BTreeMap<String, PathBuf>> {
    let plan = sam_template::read(template, parameters)?;
    Ok(cargo::build(others(&plan), folder(template), console)?)
}

/// Returns the crates of the other functions.
pub(crate) fn crates_of_others(template: &Path, parameters: &BTreeMap<String, String>) -> Vec<PathBuf> {
    let plan = sam_template::read(template, parameters).unwrap_or_default();
    others(&plan).map(|other| folder(template).join(&other.code)).collect()
}

/// `CodeUri` is relative to this folder.
fn folder(template: &Path) -> &Path {
    template.parent().unwrap_or(Path::new(""))
}
