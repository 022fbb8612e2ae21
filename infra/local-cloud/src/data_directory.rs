//! The data directory, and the lock that keeps a second run out of it.

use std::fs::{File, TryLockError};
use std::io;
use std::path::PathBuf;

use local_dynamodb::Data;
use local_service::private_files::create_directory;

/// A locked data directory. The lock ends when this is dropped or the process ends.
#[derive(Debug)]
pub(crate) struct DataDirectory {
    lock: File,
}

/// The error of a data directory that cannot be used. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// Another run uses the directory.
    #[error("{} is in use by another run: stop that run, or choose another directory with --data, or use --memory", .0.display())]
    InUse(PathBuf),
    /// The directory cannot be created or written to.
    #[error("cannot write to {}: {source}; choose another directory with --data, or use --memory", .path.display())]
    NotWritable {
        /// The directory.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
}

impl DataDirectory {
    /// Creates the directory if it does not exist, and locks it. Data in memory needs no directory.
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
        // Closing the file is not enough: a process that is just being started holds a copy of it until it runs.
        let _ = self.lock.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_run_at_a_time_uses_a_directory() {
        let parent = tempfile::tempdir().unwrap();
        let data = Data::Directory(parent.path().join("a/b"));
        let first = DataDirectory::open(&data).unwrap();
        assert!(matches!(DataDirectory::open(&data), Err(DirectoryError::InUse(_))));
        drop(first);
        assert!(DataDirectory::open(&data).unwrap().is_some());
    }

    #[test]
    fn a_directory_that_cannot_be_created_is_an_error() {
        let parent = tempfile::NamedTempFile::new().unwrap();
        let data = Data::Directory(parent.path().join("data"));
        assert!(matches!(DataDirectory::open(&data), Err(DirectoryError::NotWritable { .. })));
    }
}
