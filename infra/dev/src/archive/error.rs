//! What can keep an export or an import from its end, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use super::progress::counted;

/// Why an export or an import ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{0} is no address: write it like https://notes.example.org")]
    NoAddress(String),
    #[error("{0} would send your password unprotected: write https://")]
    Unprotected(String),
    #[error("can't ask for a name or a password here: give --username, and set NOTES_PASSWORD")]
    NobodyToAsk,
    #[error("{url} can't be reached: {reason}; see that it is right, and run this again to go on")]
    Unreachable { url: String, reason: String },
    #[error("{url} does not answer as Notes does ({what}): is it the address of the page?")]
    NotNotes { url: String, what: String },
    /// In the words of the deployment.
    #[error("{0}")]
    Refused(String),
    #[error("the session has ended: run this again to go on")]
    SignedOut,
    #[error("{} exists: choose another name, or delete it", .0.display())]
    Exists(PathBuf),
    #[error("{} is being written by another run: wait for its end, or name another file", .0.display())]
    InUse(PathBuf),
    #[error("{} was begun at {url}: go on there, or delete it", path.display())]
    OfAnother { path: PathBuf, url: String },
    #[error("can't read {}: {source}; name a file that `export` has made", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("can't write {}: {source}; make room, or name a file elsewhere", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("{} is no export: line {line} is longer than any note; name a file that `export` has made", path.display())]
    TooLong { path: PathBuf, line: u64 },
    #[error("nothing was imported: {} {reason}; name a file that `export` has made", path.display())]
    NoExport { path: PathBuf, reason: &'static str },
    #[error("nothing was imported: every line was refused; what stands above says why")]
    AllRefused,
    #[error("refused: {}; what stands above says why, and the others are there", counted(*.0, "line"))]
    LinesRefused(u64),
    #[error("can't listen for interrupts: {0}")]
    Deaf(io::Error),
    #[error("interrupted: run this again to go on")]
    Interrupted,
}

impl Error {
    /// Why a text is no export.
    pub(crate) const NO_LINES: &str = "has no line that is a note or a comment";

    pub(crate) fn no_export(path: &Path, reason: &'static str) -> Self {
        Self::NoExport { path: path.to_owned(), reason }
    }

    pub(crate) fn read(path: &Path, source: io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }

    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }
}
