//! Errors of triggers.

use std::io;
use std::path::PathBuf;

use local_dynamodb::StreamError;

/// The error of a trigger that cannot run.
#[derive(Debug, thiserror::Error)]
pub enum TriggerError {
    /// The checkpoint cannot be read or written.
    #[error("cannot read or write the checkpoint {}: {source}; choose another directory with --data, or use --memory", path.display())]
    Checkpoint {
        /// The file of the checkpoint.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The stream cannot be read.
    #[error(transparent)]
    Stream(#[from] StreamError),
}
