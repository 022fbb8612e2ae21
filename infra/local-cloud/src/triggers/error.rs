//! Errors of triggers.

use std::io;
use std::path::PathBuf;

use local_dynamodb::StreamError;

/// A trigger cannot run.
#[derive(Debug, thiserror::Error)]
pub enum TriggerError {
    /// Its place in the stream cannot be read or kept.
    #[error("cannot keep a trigger's place in {}: {source}; choose another directory with --data, or use --memory", path.display())]
    Checkpoint {
        /// The file that holds it.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Its stream cannot be read.
    #[error(transparent)]
    Stream(#[from] StreamError),
}
