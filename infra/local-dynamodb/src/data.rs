//! Where data lives.

use std::path::PathBuf;

/// Where tables, queues and checkpoints live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// In a directory. It survives the process, even a killed one.
    Directory(PathBuf),
    /// In memory, for as long as the process runs.
    Memory,
}
