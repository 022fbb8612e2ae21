//! An export to a file.
//!
//! An unfinished export is in `FILE.part`. Its checkpoint, `FILE.part.resume`, holds the valid length and the next page.
//! A run that dies while it writes a page leaves a longer file. The next run truncates it and requests the page again.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use indicatif::{DecimalBytes, HumanCount};
use serde::{Deserialize, Serialize};

use super::checkpoint::CheckpointFile;
use super::client::Client;
use super::progress::{Progress, counted};
use super::{Error, beside};

/// The checkpoint of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Checkpoint {
    /// Address of the board.
    url: String,
    /// Path of the next page.
    next: String,
    /// Valid length of the file in bytes.
    bytes: u64,
    /// Number of exported notes.
    notes: u64,
    /// Number of exported comments.
    comments: u64,
}

/// Writes all notes with their comments to a file. Continues at the checkpoint, if there is one.
///
/// # Errors
/// If a request fails, the file cannot be written or already exists, or another run writes it.
pub(super) async fn export(client: &Client, file: &Path) -> Result<(), Error> {
    let part = beside(file, ".part");
    let checkpoint_file = CheckpointFile::of(&part);
    let (mut lines, mut checkpoint) =
        open(&part, &checkpoint_file, &client.board_url(), client.first_page())?;
    let written = |result: io::Result<()>| result.map_err(|source| Error::write(&part, source));
    let mut progress = Progress::start();
    if checkpoint.bytes > 0 {
        progress.print(&format!("continuing after {}", counted(checkpoint.notes, "note")));
    }
    let count = progress.wait_for(client.count()).await?;
    loop {
        let page = progress.wait_for(client.export(&checkpoint.next)).await?;
        written(lines.write_all(&page.lines))?;
        checkpoint.add(&page.lines);
        let (done, all) = (HumanCount(checkpoint.notes), counted(count.max(checkpoint.notes), "note"));
        let position = format!("{done} of {all}, {}", DecimalBytes(checkpoint.bytes));
        progress.advance(&position, page.lines.len() as u64);
        let Some(next) = page.next else { break };
        // The lines come first: the checkpoint must not claim more than the file holds.
        written(lines.sync_data())?;
        checkpoint.next = next;
        checkpoint_file.write(&checkpoint)?;
    }
    written(lines.sync_all())?;
    if file.exists() {
        return Err(Error::Exists(file.to_owned()));
    }
    std::fs::rename(&part, file).map_err(|source| Error::write(file, source))?;
    checkpoint_file.clear();
    drop(progress);
    let Checkpoint { bytes, notes, comments, .. } = checkpoint;
    let (notes, comments) = (counted(notes, "note"), counted(comments, "comment"));
    println!("exported {notes} and {comments} to {}, {}", file.display(), DecimalBytes(bytes));
    Ok(())
}

/// Opens the unfinished file, truncates it to its checkpoint, and returns both.
///
/// # Errors
/// If the file cannot be written, another run writes it, or it belongs to another deployment.
fn open(
    part: &Path,
    checkpoint_file: &CheckpointFile<Checkpoint>,
    url: &str,
    first_page: String,
) -> Result<(File, Checkpoint), Error> {
    let writable = |source| Error::write(part, source);
    let mut lines =
        OpenOptions::new().write(true).create(true).truncate(false).open(part).map_err(writable)?;
    lines.try_lock().map_err(|error| match error {
        std::fs::TryLockError::WouldBlock => Error::InUse(PathBuf::from(part)),
        std::fs::TryLockError::Error(source) => writable(source),
    })?;
    let length = lines.metadata().map_err(writable)?.len();
    let previous = checkpoint_file.read().filter(|previous| previous.bytes <= length);
    let checkpoint = previous.unwrap_or_else(|| Checkpoint {
        url: url.into(),
        next: first_page,
        bytes: 0,
        notes: 0,
        comments: 0,
    });
    if checkpoint.url != url {
        return Err(Error::OtherDeployment { path: part.to_owned(), url: checkpoint.url });
    }
    if length > checkpoint.bytes {
        lines.set_len(checkpoint.bytes).map_err(writable)?;
    }
    lines.seek(SeekFrom::Start(checkpoint.bytes)).map_err(writable)?;
    Ok((lines, checkpoint))
}

impl Checkpoint {
    fn add(&mut self, lines: &[u8]) {
        self.bytes += lines.len() as u64;
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let of_its_kind =
                if line.starts_with(b"{\"note\"") { &mut self.notes } else { &mut self.comments };
            *of_its_kind += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn checkpoint(bytes: u64) -> Checkpoint {
        let (url, next) = ("http://localhost".into(), "/next".into());
        Checkpoint { url, next, bytes, notes: 1, comments: 0 }
    }

    #[test]
    fn lines_after_the_checkpoint_are_truncated() {
        let folder = tempfile::tempdir().unwrap();
        let part = folder.path().join("notes.part");
        let checkpoint_file = CheckpointFile::of(&part);
        fs::write(&part, "a line\nhalf a l").unwrap();
        checkpoint_file.write(&checkpoint(7)).unwrap();
        let (mut lines, from) = open(&part, &checkpoint_file, "http://localhost", "/first".into()).unwrap();
        assert_eq!(from, checkpoint(7));
        lines.write_all(b"b line\n").unwrap();
        assert_eq!(fs::read_to_string(&part).unwrap(), "a line\nb line\n");
    }

    #[test]
    fn a_file_without_a_checkpoint_or_shorter_than_it_is_started_again() {
        let folder = tempfile::tempdir().unwrap();
        let part = folder.path().join("notes.part");
        let checkpoint_file = CheckpointFile::of(&part);
        for checkpoint_is_longer in [false, true] {
            fs::write(&part, "a line\n").unwrap();
            if checkpoint_is_longer {
                checkpoint_file.write(&checkpoint(8)).unwrap();
            }
            let (_, from) = open(&part, &checkpoint_file, "http://localhost", "/first".into()).unwrap();
            assert_eq!((from.bytes, from.next.as_str()), (0, "/first"));
            assert_eq!(fs::read_to_string(&part).unwrap(), "");
        }
    }

    #[test]
    fn a_file_of_another_deployment_or_another_run_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let part = folder.path().join("notes.part");
        let checkpoint_file = CheckpointFile::of(&part);
        fs::write(&part, "a line\n").unwrap();
        checkpoint_file.write(&checkpoint(7)).unwrap();
        let of_another = open(&part, &checkpoint_file, "https://notes.example", "/first".into());
        assert!(matches!(of_another, Err(Error::OtherDeployment { .. })));
        let _first = open(&part, &checkpoint_file, "http://localhost", "/first".into()).unwrap();
        assert!(matches!(
            open(&part, &checkpoint_file, "http://localhost", "/first".into()),
            Err(Error::InUse(_))
        ));
        assert_eq!(fs::read_to_string(&part).unwrap(), "a line\n");
    }

    #[test]
    fn lines_of_notes_and_of_comments_are_counted() {
        let mut checkpoint = checkpoint(0);
        checkpoint.add(b"{\"note\":{}}\n{\"comment\":{}}\n{\"comment\":{}}\n");
        assert_eq!((checkpoint.notes, checkpoint.comments, checkpoint.bytes), (2, 2, 42));
    }
}
