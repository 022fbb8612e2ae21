//! Files and directories for the current user alone: they hold password hashes.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

/// Creates a directory and its missing parents with mode 0700. An existing directory keeps its mode.
///
/// # Errors
/// If the directory cannot be created.
pub fn create_directory(path: &Path) -> io::Result<()> {
    let mut directory = DirBuilder::new();
    directory.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut directory, 0o700);
    directory.create(path)
}

/// Sets the mode of a file to 0600, and creates the file if it does not exist.
///
/// # Errors
/// If the file cannot be created or changed.
pub fn protect_file(path: &Path) -> io::Result<()> {
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

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).expect("it exists").permissions().mode() & 0o777
    }

    #[test]
    fn a_created_directory_is_private_and_an_existing_one_keeps_its_mode() {
        let parent = tempfile::tempdir().unwrap();
        let new = parent.path().join("a/b");
        create_directory(&new).unwrap();
        assert_eq!((mode(&new), mode(&parent.path().join("a"))), (0o700, 0o700));

        let existing = parent.path().join("existing");
        std::fs::create_dir(&existing).unwrap();
        std::fs::set_permissions(&existing, PermissionsExt::from_mode(0o750)).unwrap();
        create_directory(&existing).unwrap();
        assert_eq!(mode(&existing), 0o750);
    }

    #[test]
    fn a_file_becomes_private_whether_or_not_it_exists() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tables");
        for _ in 0..2 {
            protect_file(&file).unwrap();
            assert_eq!(mode(&file), 0o600);
            std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
        }
    }
}
