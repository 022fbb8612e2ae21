//! The directory that holds a run's data, and the lock that keeps a second run out of it.

use std::fs::{File, TryLockError};
use std::io;
use std::path::PathBuf;

use local_dynamodb::Data;
use local_service::private_files::create_directory;

/// A data directory that is ours until this is dropped, or the process ends in whatever way.
#[derive(Debug)]
pub(crate) struct DataDirectory {
    lock: File,
}

/// Why a data directory can't be used, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// Another run uses it.
    #[error("{} is in use by another run: stop that, or choose another directory with --data, or use --memory", .0.display())]
    InUse(PathBuf),
    /// It can't be made or written to.
    #[error("can't write to {}: {source}; choose another directory with --data, or use --memory", .path.display())]
    NotWritable {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl DataDirectory {
    /// Makes the directory if it's not there, and locks it. Data in memory needs none.
    pub(crate) fn open(data: &Data) -> Result<Option<Self>, DirectoryError> {
        let Data::Directory(path) = data else { return Ok(None) };
        let not_writable = |source| DirectoryError::NotWritable { path: path.clone(), source };
        create_directory(path).map_err(not_writable)?;
        let lock = File::create(path.join("lock")).map_err(not_writable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { lock })),
            Err(TryLockError::WouldBlock) => Err(DirectoryError::InUse(path.clone())),
            Err(TryLockError::Error(source)) => Err(not_writable(source)),
        }
    }
}

impl Drop for DataDirectory {
    fn drop(&mut self) {
        // Closing the file isn't enough: a process that is just being started holds a copy of it until it runs.
        let _ = self.lock.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_serves_one_run_at_a_time() {
        let parent = tempfile::tempdir().unwrap();
        let data = Data::Directory(parent.path().join("a/b"));
        let first = DataDirectory::open(&data).unwrap();
        assert!(matches!(DataDirectory::open(&data), Err(DirectoryError::InUse(_))));
        drop(first);
        assert!(DataDirectory::open(&data).unwrap().is_some());
    }

    #[test]
    fn a_directory_that_cannot_be_made_says_so() {
        let parent = tempfile::NamedTempFile::new().unwrap();
        let data = Data::Directory(parent.path().join("data"));
        assert!(matches!(DataDirectory::open(&data), Err(DirectoryError::NotWritable { .. })));
    }
}
