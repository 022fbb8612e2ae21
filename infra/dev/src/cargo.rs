//! Builds the functions that are not part of this program, with Cargo. `CodeUri` names their crates.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use local_cloud::Console;
use sam_template::Function;
use serde_json::Value;

/// A function could not be built.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BuildError {
    #[error("{id}.CodeUri: {} is not a crate: it has no Cargo.toml; write the folder of a crate", folder.display())]
    NoCrate { id: String, folder: PathBuf },
    #[error(
        "cannot start Cargo to build {binary} for {id}: {source}; install Rust (https://rustup.rs), or set CARGO to the path of Cargo"
    )]
    NoCargo { id: String, binary: String, source: std::io::Error },
    #[error("{id}: Cargo did not build {binary} in {}: correct the errors above, and run this command again", folder.display())]
    NotBuilt { id: String, binary: String, folder: PathBuf },
}

/// Builds functions of a template in `templates_folder`. Returns their programs by binary. Cargo prints its progress to
/// standard error.
///
/// # Errors
/// If a `CodeUri` is not the folder of a crate, Cargo cannot be started, or the build fails.
pub(crate) fn build<'a>(
    functions: impl Iterator<Item = &'a Function>,
    templates_folder: &Path,
    console: &Console,
) -> Result<BTreeMap<String, PathBuf>, BuildError> {
    let mut programs = BTreeMap::new();
    for function in functions {
        if !programs.contains_key(&function.binary) {
            programs.insert(function.binary.clone(), program(function, templates_folder, console)?);
        }
    }
    Ok(programs)
}

fn program(function: &Function, templates_folder: &Path, console: &Console) -> Result<PathBuf, BuildError> {
    let Function { id, binary, code, .. } = function;
    let folder = templates_folder.join(code);
    let manifest = folder.join("Cargo.toml");
    if !manifest.is_file() {
        return Err(BuildError::NoCrate { id: id.clone(), folder });
    }
    let kind = if is_example(&folder, binary) { "--example" } else { "--bin" };
    console.print_line(&format!("building {binary} in {}", folder.display()));
    // `cargo run` sets CARGO to its own path.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    // Features of the whole workspace: a crate of the user's workspace is then compiled once for all its members.
    command.args(["build", "--workspace", kind, binary, "--message-format=json-render-diagnostics"]);
    command.arg("--manifest-path").arg(&manifest).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output().map_err(|source| BuildError::NoCargo {
        id: id.clone(),
        binary: binary.clone(),
        source,
    })?;
    let program = if output.status.success() { executable(&output.stdout, binary, &manifest) } else { None };
    program.ok_or_else(|| BuildError::NotBuilt { id: id.clone(), binary: binary.clone(), folder })
}

/// Returns whether a crate has an example of this name in one of the places where Cargo looks for it.
fn is_example(folder: &Path, name: &str) -> bool {
    let examples = folder.join("examples");
    examples.join(format!("{name}.rs")).is_file() || examples.join(name).join("main.rs").is_file()
}

/// Finds the program of a crate among Cargo's messages, one JSON object per line.
fn executable(messages: &[u8], name: &str, manifest: &Path) -> Option<PathBuf> {
    let manifest = manifest.canonicalize().ok()?;
    let messages = messages.split(|byte| *byte == b'\n');
    let messages = messages.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    let is_of_crate = |message: &Value| {
        let path = message["manifest_path"].as_str().and_then(|path| Path::new(path).canonicalize().ok());
        path.as_ref() == Some(&manifest)
    };
    let mut built = messages.filter(|message| message["target"]["name"] == name && is_of_crate(message));
    built.find_map(|message| message["executable"].as_str().map(PathBuf::from))
}
