//! `--watch`: when a source, the page or the template changes, what changed is built, and the cloud begins anew with the
//! same data. The program is one with the functions and the page: so it is all built by building it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use local_cloud::Console;
use local_cloud::loopback::Listeners;

/// How often files are looked at. What systems offer to be told of changes differs between them, and fails on some
/// shared folders; a few hundred files are looked at in a few milliseconds.
const EVERY: Duration = Duration::from_millis(500);
/// Folders that hold no sources.
const PASSED_OVER: [&str; 3] = ["target", "node_modules", "dist"];
/// The workspace whose program this is.
const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The files that make up what runs.
#[derive(Debug)]
pub(crate) struct Watch {
    template: PathBuf,
    /// The crates of functions that this program does not play.
    crates: Vec<PathBuf>,
    seen: BTreeMap<PathBuf, SystemTime>,
}

impl Watch {
    /// Begins to watch.
    pub(crate) fn start(template: &Path, crates: Vec<PathBuf>) -> Self {
        let mut watch = Self { template: template.to_owned(), crates, seen: BTreeMap::new() };
        watch.seen = watch.look();
        watch
    }

    /// Waits until something has changed and is built. What can't be built is said, and the old one runs on.
    pub(crate) async fn changed(&mut self, console: &Console) {
        loop {
            tokio::time::sleep(EVERY).await;
            let now = self.look();
            let Some(changed) = difference(&self.seen, &now) else { continue };
            console.say(&format!("\n{} has changed", changed.display()));
            self.seen = now;
            if self.crates.iter().any(|folder| changed.starts_with(folder)) || changed == self.template {
                // The template is read, and its crates are built, by the run that follows.
                return;
            }
            let built = tokio::task::spawn_blocking(build).await;
            if matches!(built, Ok(true)) {
                return;
            }
            console.say("not built: correct what is said above; what ran runs on\n");
        }
    }

    fn look(&self) -> BTreeMap<PathBuf, SystemTime> {
        let mut seen = BTreeMap::new();
        note(&self.template, &mut seen);
        for folder in &self.crates {
            note(folder, &mut seen);
        }
        for name in ["Cargo.lock", "Cargo.toml", "functions", "infra/local/Cargo.toml", "infra/local/src"] {
            note(&Path::new(WORKSPACE).join(name), &mut seen);
        }
        seen
    }
}

/// Notes when a file was changed; of a folder, each of its files. What is gone by now is not there.
fn note(path: &Path, seen: &mut BTreeMap<PathBuf, SystemTime>) {
    let Ok(metadata) = path.metadata() else { return };
    if metadata.is_dir() {
        let entries = std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
        for entry in entries {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if !PASSED_OVER.contains(&name.as_ref()) && !name.starts_with('.') {
                note(&entry.path(), seen);
            }
        }
    } else if let Ok(changed) = metadata.modified() {
        seen.insert(path.to_owned(), changed);
    }
}

/// A file that is new, gone or changed.
fn difference(old: &BTreeMap<PathBuf, SystemTime>, new: &BTreeMap<PathBuf, SystemTime>) -> Option<PathBuf> {
    let changed = new.iter().find(|(path, changed)| old.get(*path) != Some(changed));
    changed.map(|(path, _)| path).or_else(|| old.keys().find(|path| !new.contains_key(*path))).cloned()
}

/// Builds this program anew, page and functions and all. Cargo tells how it goes, on standard error.
fn build() -> bool {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.args(["build", "--package", "local-cloud", "--manifest-path"]);
    command.arg(Path::new(WORKSPACE).join("Cargo.toml")).stdin(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Begins anew, as what was built, with the arguments of this run. It hands its listeners on, so that pages find it again:
/// nobody else can take the port, and a client that comes in between waits. Returns only if that can't be.
#[cfg(unix)]
#[expect(clippy::needless_pass_by_value, reason = "elsewhere they are closed first")]
pub(crate) fn begin_anew(program: &Path, listeners: Listeners) -> std::io::Error {
    use std::os::fd::AsFd;

    use command_fds::{CommandFdExt, FdMapping};

    let mut command = Command::new(program);
    command.args(std::env::args_os().skip(1));
    let sockets = listeners.sockets();
    let mappings = (FIRST..).zip(sockets).map(|(child_fd, socket)| {
        Ok(FdMapping { parent_fd: socket.as_fd().try_clone_to_owned()?, child_fd })
    });
    let mappings = match mappings.collect::<std::io::Result<Vec<_>>>() {
        Ok(mappings) => mappings,
        Err(error) => return error,
    };
    if let Err(error) = command.fd_mappings(mappings) {
        return std::io::Error::other(error);
    }
    // The program changes, and the process stays.
    command.env("LISTEN_PID", std::process::id().to_string()).env("LISTEN_FDS", sockets.len().to_string());
    std::os::unix::process::CommandExt::exec(&mut command)
}

/// The first file descriptor of those that are handed on, as systemd has it.
#[cfg(unix)]
const FIRST: i32 = 3;

/// The listeners of the run before this, if there was one.
#[cfg(unix)]
pub(crate) fn earlier_listeners() -> std::io::Result<Option<Listeners>> {
    let mut handed_on = listenfd::ListenFd::from_env();
    let sockets = (0..handed_on.len()).filter_map(|index| handed_on.take_tcp_listener(index).transpose());
    // A duplicate closes when a function's process is started, and what was handed on would not.
    let sockets = sockets.map(|socket| socket?.try_clone());
    let sockets = sockets.collect::<std::io::Result<Vec<_>>>()?;
    Ok(Some(sockets).filter(|sockets| !sockets.is_empty()).map(Listeners::of))
}

/// Begins anew, as what was built, with the arguments of this run, at the port of its listeners. Returns only if that can't
/// be. (Here a process cannot become another program, so that this one waits for it.)
#[cfg(not(unix))]
pub(crate) fn begin_anew(program: &Path, listeners: Listeners) -> std::io::Error {
    let port = listeners.sockets().first().and_then(|socket| socket.local_addr().ok());
    let mut command = Command::new(program);
    command.args(std::env::args_os().skip(1)).env(PORT, port.map_or(0, |port| port.port()).to_string());
    drop(listeners);
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}

/// Where a run that begins anew finds the port of the one before.
#[cfg(not(unix))]
const PORT: &str = "LOCAL_CLOUD_PORT";

/// Listeners on the port of the run before this, if there was one.
#[cfg(not(unix))]
pub(crate) fn earlier_listeners() -> std::io::Result<Option<Listeners>> {
    std::env::var(PORT).ok().and_then(|port| port.parse().ok()).map(Listeners::on).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_new_changed_or_gone_is_a_difference_and_what_is_built_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let look = || {
            let mut seen = BTreeMap::new();
            note(folder.path(), &mut seen);
            seen
        };
        let file = folder.path().join("src/main.rs");
        let before = look();
        std::fs::create_dir_all(folder.path().join("target/debug")).unwrap();
        std::fs::write(folder.path().join("target/debug/main"), "").unwrap();
        assert_eq!(difference(&before, &look()), None);
        std::fs::create_dir_all(folder.path().join("src")).unwrap();
        std::fs::write(&file, "").unwrap();
        let with = look();
        assert_eq!(difference(&before, &with), Some(file.clone()));
        let later = SystemTime::now() + Duration::from_secs(9);
        std::fs::File::options().write(true).open(&file).unwrap().set_modified(later).unwrap();
        assert_eq!(difference(&with, &look()), Some(file.clone()));
        std::fs::remove_file(&file).unwrap();
        assert_eq!(difference(&with, &look()), Some(file));
    }
}
