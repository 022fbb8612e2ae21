//! The checkpoint file of a run, from which the next run continues.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Error, beside};

/// A checkpoint file. It is next to the exported or imported file.
#[derive(Debug)]
pub(crate) struct CheckpointFile<T> {
    path: PathBuf,
    checkpoint: PhantomData<T>,
}

impl<T: Serialize + DeserializeOwned> CheckpointFile<T> {
    /// Returns the checkpoint file of `file`: `FILE.resume`.
    pub(crate) fn of(file: &Path) -> Self {
        Self { path: beside(file, ".resume"), checkpoint: PhantomData }
    }

    /// Reads the checkpoint of the previous run. Returns `None` if there is none, or it cannot be read.
    pub(crate) fn read(&self) -> Option<T> {
        serde_json::from_slice(&fs::read(&self.path).ok()?).ok()
    }

    /// Writes the checkpoint atomically.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(crate) fn write(&self, checkpoint: &T) -> Result<(), Error> {
        self.replace(checkpoint).map_err(|source| Error::write(&self.path, source))
    }

    fn replace(&self, checkpoint: &T) -> io::Result<()> {
        let new = beside(&self.path, ".new");
        let mut file = File::create(&new)?;
        file.write_all(&serde_json::to_vec(checkpoint)?)?;
        file.sync_all()?;
        fs::rename(new, &self.path)
    }

    /// Deletes the checkpoint.
    pub(crate) fn clear(&self) {
        // A checkpoint that remains is harmless: it matches no file, or nothing remains to do.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_can_be_read_until_it_is_cleared() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoint = CheckpointFile::<u32>::of(&folder.path().join("notes.ndjson"));
        assert_eq!(checkpoint.read(), None);
        checkpoint.write(&1).unwrap();
        checkpoint.write(&2).unwrap();
        assert_eq!(checkpoint.read(), Some(2));
        fs::write(folder.path().join("notes.ndjson.resume"), "half").unwrap();
        assert_eq!(checkpoint.read(), None);
        checkpoint.clear();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
