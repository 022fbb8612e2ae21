//! The storage of data.

use std::path::PathBuf;

/// The storage of tables, queues and checkpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// In a directory. It survives the process, even a killed one.
    Directory(PathBuf),
    /// In memory, for as long as the process runs.
    Memory,
}
