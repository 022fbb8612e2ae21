//! The directory that holds a run's data, and the lock that keeps a second run out of it.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::options::Data;

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
        create_private(path).map_err(not_writable)?;
        let lock = File::create(path.join("lock")).map_err(not_writable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { lock })),
            Err(TryLockError::WouldBlock) => Err(DirectoryError::InUse(path.clone())),
            Err(TryLockError::Error(source)) => Err(not_writable(source)),
        }
    }
}

/// Creates a directory, and those above it that are missing, for this user alone: what is in it holds the hashes of
/// passwords. One that is there already keeps its mode, which may have been chosen.
pub(crate) fn create_private(path: &Path) -> io::Result<()> {
    let mut directory = DirBuilder::new();
    directory.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut directory, 0o700);
    directory.create(path)
}

/// Makes a file readable for this user alone, and creates it if it is not there.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new();
    file.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    let file = file.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    drop(file);
    Ok(())
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

    #[cfg(unix)]
    #[test]
    fn what_is_created_is_for_this_user_alone_and_a_directory_that_was_there_keeps_its_mode() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let parent = tempfile::tempdir().unwrap();
        let open = |path: &Path| DataDirectory::open(&Data::Directory(path.to_owned())).unwrap();
        let own = parent.path().join("a/b");
        drop(open(&own));
        assert_eq!((mode(&own), mode(&parent.path().join("a"))), (0o700, 0o700));

        let given = parent.path().join("given");
        std::fs::create_dir(&given).unwrap();
        std::fs::set_permissions(&given, PermissionsExt::from_mode(0o750)).unwrap();
        drop(open(&given));
        assert_eq!(mode(&given), 0o750);

        let file = given.join("tables");
        for _ in 0..2 {
            make_private(&file).unwrap();
            assert_eq!(mode(&file), 0o600);
            std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
        }
    }

    #[test]
    fn a_directory_that_cannot_be_made_says_so() {
        let parent = tempfile::NamedTempFile::new().unwrap();
        let data = Data::Directory(parent.path().join("data"));
        assert!(matches!(DataDirectory::open(&data), Err(DirectoryError::NotWritable { .. })));
    }
}
