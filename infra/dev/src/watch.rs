//! `--watch`: rebuilds this program when a source, the page or the template changes, and restarts it with the same data. The
//! program contains the functions and the page, so one build covers all.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use local_cloud::Console;
use local_service::loopback::Listeners;

/// Polling interval. Notifications of file systems differ between systems and fail on some shared folders. Polling a few
/// hundred files takes a few milliseconds.
const EVERY: Duration = Duration::from_millis(500);
/// Folders without sources.
const SKIPPED: [&str; 3] = ["target", "node_modules", "dist"];
/// The workspace of this program.
const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The watched files.
#[derive(Debug)]
pub(crate) struct Watch {
    template: PathBuf,
    /// The crates of functions that are not part of this program.
    crates: Vec<PathBuf>,
    seen: BTreeMap<PathBuf, SystemTime>,
}

impl Watch {
    /// Starts watching.
    pub(crate) fn start(template: &Path, crates: Vec<PathBuf>) -> Self {
        let mut watch = Self { template: template.to_owned(), crates, seen: BTreeMap::new() };
        watch.seen = watch.look();
        watch
    }

    /// Waits until a file has changed and the program is built. A failed build is printed, and the wait continues.
    pub(crate) async fn changed(&mut self, console: &Console) {
        loop {
            tokio::time::sleep(EVERY).await;
            let now = self.look();
            let Some(changed) = difference(&self.seen, &now) else { continue };
            console.print_line(&format!("\n{} has changed", changed.display()));
            self.seen = now;
            if self.crates.iter().any(|folder| changed.starts_with(folder)) || changed == self.template {
                // The caller reads the template and builds its crates.
                return;
            }
            let built = tokio::task::spawn_blocking(build).await;
            if matches!(built, Ok(true)) {
                return;
            }
            console.print_line("The build failed, see above. The previous version keeps running.\n");
        }
    }

    fn look(&self) -> BTreeMap<PathBuf, SystemTime> {
        let mut seen = BTreeMap::new();
        record(&self.template, &mut seen);
        for folder in &self.crates {
            record(folder, &mut seen);
        }
        for name in ["Cargo.lock", "Cargo.toml", "functions", "infra"] {
            record(&Path::new(WORKSPACE).join(name), &mut seen);
        }
        seen
    }
}

/// Records the modification times of a file, or of all files of a folder.
fn record(path: &Path, seen: &mut BTreeMap<PathBuf, SystemTime>) {
    let Ok(metadata) = path.metadata() else { return };
    if metadata.is_dir() {
        let entries = std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
        for entry in entries {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if !SKIPPED.contains(&name.as_ref()) && !name.starts_with('.') {
                record(&entry.path(), seen);
            }
        }
    } else if let Ok(changed) = metadata.modified() {
        seen.insert(path.to_owned(), changed);
    }
}

/// Returns a file that is new, removed or changed.
fn difference(old: &BTreeMap<PathBuf, SystemTime>, new: &BTreeMap<PathBuf, SystemTime>) -> Option<PathBuf> {
    let changed = new.iter().find(|(path, changed)| old.get(*path) != Some(changed));
    changed.map(|(path, _)| path).or_else(|| old.keys().find(|path| !new.contains_key(*path))).cloned()
}

/// Builds this program. Cargo prints its progress to standard error.
fn build() -> bool {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.args(["build", "--package", "notes-dev", "--manifest-path"]);
    command.arg(Path::new(WORKSPACE).join("Cargo.toml")).stdin(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Replaces this process by the new program, with the same arguments. It passes its listeners on: the port stays open, and a
/// client that connects meanwhile waits. Returns only an error.
#[cfg(unix)]
#[expect(clippy::needless_pass_by_value, reason = "other systems close them first")]
pub(crate) fn restart(program: &Path, listeners: Listeners) -> std::io::Error {
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
    // `exec` keeps the process id.
    command.env("LISTEN_PID", std::process::id().to_string()).env("LISTEN_FDS", sockets.len().to_string());
    std::os::unix::process::CommandExt::exec(&mut command)
}

/// The first file descriptor that is passed on, as in systemd's protocol.
#[cfg(unix)]
const FIRST: i32 = 3;

/// Returns the listeners of the previous program, if this one replaced it.
///
/// # Errors
/// If the listeners cannot be duplicated.
#[cfg(unix)]
pub(crate) fn earlier_listeners() -> std::io::Result<Option<Listeners>> {
    let mut handed_on = listenfd::ListenFd::from_env();
    let sockets = (0..handed_on.len()).filter_map(|index| handed_on.take_tcp_listener(index).transpose());
    // Duplicates close on exec. The inherited descriptors would leak into the functions' processes.
    let sockets = sockets.map(|socket| socket?.try_clone());
    let sockets = sockets.collect::<std::io::Result<Vec<_>>>()?;
    Ok(Some(sockets).filter(|sockets| !sockets.is_empty()).map(Listeners::of))
}

/// Starts the new program with the same arguments on the same port, and waits for it. Returns only an error. On this
/// system a process cannot replace itself.
#[cfg(not(unix))]
pub(crate) fn restart(program: &Path, listeners: Listeners) -> std::io::Error {
    let port = listeners.sockets().first().and_then(|socket| socket.local_addr().ok());
    let mut command = Command::new(program);
    command.args(std::env::args_os().skip(1)).env(PORT, port.map_or(0, |port| port.port()).to_string());
    drop(listeners);
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}

/// The environment variable that passes the port to the new program.
#[cfg(not(unix))]
const PORT: &str = "LOCAL_CLOUD_PORT";

/// Returns listeners on the port of the previous program, if this one replaced it.
///
/// # Errors
/// If the port cannot be listened on.
#[cfg(not(unix))]
pub(crate) fn earlier_listeners() -> std::io::Result<Option<Listeners>> {
    std::env::var(PORT).ok().and_then(|port| port.parse().ok()).map(Listeners::on).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_changed_or_removed_source_is_a_difference_and_a_build_product_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let look = || {
            let mut seen = BTreeMap::new();
            record(folder.path(), &mut seen);
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
