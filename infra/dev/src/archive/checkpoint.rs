//! How far a run got: written down beside its file, for the run after it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Error, beside};

/// The place beside a file where a run writes down how far it got.
#[derive(Debug)]
pub(crate) struct Checkpoint<T> {
    path: PathBuf,
    reached: PhantomData<T>,
}

impl<T: Serialize + DeserializeOwned> Checkpoint<T> {
    /// The one of this file, `FILE.resume`.
    pub(crate) fn of(file: &Path) -> Self {
        Self { path: beside(file, ".resume"), reached: PhantomData }
    }

    /// How far a former run got; nothing if there was none, or what it wrote can't be read.
    pub(crate) fn read(&self) -> Option<T> {
        serde_json::from_slice(&fs::read(&self.path).ok()?).ok()
    }

    /// Writes down how far this run got. Whenever it dies, what is there is whole.
    pub(crate) fn write(&self, reached: &T) -> Result<(), Error> {
        self.replace(reached).map_err(|source| Error::write(&self.path, source))
    }

    fn replace(&self, reached: &T) -> io::Result<()> {
        let new = beside(&self.path, ".new");
        let mut file = File::create(&new)?;
        file.write_all(&serde_json::to_vec(reached)?)?;
        file.sync_all()?;
        fs::rename(new, &self.path)
    }

    /// There is nothing left to go on with.
    pub(crate) fn clear(&self) {
        // If it stays, the next run finds that it fits no file, or has nothing to do.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_down_is_read_until_it_is_cleared() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoint = Checkpoint::<u32>::of(&folder.path().join("notes.ndjson"));
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
