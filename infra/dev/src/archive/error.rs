//! Errors of exports and imports. Each message says what to do next.

use std::io;
use std::path::{Path, PathBuf};

use super::progress::counted;

/// An export or an import failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{0} is not an address: write it like https://notes.example.org")]
    NoAddress(String),
    #[error("{0} is not the id of a board: copy it from the address of its page, after #/boards/")]
    NoBoard(String),
    #[error("{0} would send your password unprotected: write https://")]
    Unprotected(String),
    #[error(
        "cannot ask for a name or a password without a terminal: give --username, and set NOTES_PASSWORD"
    )]
    NotInteractive,
    #[error("cannot reach {url}: {reason}; check the address, and run this command again to continue")]
    Unreachable { url: String, reason: String },
    #[error("{url} does not respond as Notes does ({what}): check that it is the address of the page")]
    NotNotes { url: String, what: String },
    /// The deployment refused a request. The message is the server's.
    #[error("{0}")]
    Refused(String),
    #[error("the session has ended: run this command again to continue")]
    SignedOut,
    #[error("{} exists: choose another name, or delete it", .0.display())]
    Exists(PathBuf),
    #[error("{} is being written by another run: wait until it ends, or choose another file", .0.display())]
    InUse(PathBuf),
    #[error("{} was exported from {url}: continue there, or delete it", path.display())]
    OtherDeployment { path: PathBuf, url: String },
    #[error("cannot read {}: {source}; choose a file that `export` wrote", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot write {}: {source}; free some disk space, or choose a file in another folder", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("{} is not an export: line {line} is longer than any note; choose a file that `export` wrote", path.display())]
    TooLong { path: PathBuf, line: u64 },
    #[error("nothing was imported: {} {reason}; choose a file that `export` wrote", path.display())]
    NotAnExport { path: PathBuf, reason: &'static str },
    #[error("nothing was imported: every line was refused; see the reasons above")]
    AllRefused,
    #[error("refused: {}; see the reasons above; the other lines are imported", counted(*.0, "line"))]
    LinesRefused(u64),
    #[error("cannot install the handler for interrupts: {0}")]
    Signals(io::Error),
    #[error("interrupted: run this command again to continue")]
    Interrupted,
}

impl Error {
    /// The reason for a file without a note or a comment.
    pub(crate) const NO_LINES: &str = "has no line that is a note or a comment";

    pub(crate) fn not_an_export(path: &Path, reason: &'static str) -> Self {
        Self::NotAnExport { path: path.to_owned(), reason }
    }

    pub(crate) fn read(path: &Path, source: io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }

    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }
}
