//! What an instance has for `/tmp`: a directory of its own, gone with it.
//!
//! It is the process's `TMPDIR`, which `std::env::temp_dir` and other languages' counterparts follow. The path `/tmp`
//! itself is the machine's.

use std::io;
use std::path::{Path, PathBuf};

/// A directory that is removed, with what is in it, when this is dropped.
#[derive(Debug)]
pub(super) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    pub(super) fn make() -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("local-cloud-{}", uuid::Uuid::new_v4()));
        let mut builder = std::fs::DirBuilder::new();
        // A function may put there what others of this machine needn't read.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Self { path })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What can't be removed the system clears some day.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
