//! An export to a file.
//!
//! Until it is whole, it is in `FILE.part`, and `FILE.part.resume` says how much of that holds and where the next page
//! is. A run that dies while it writes a page leaves more than that: the next one cuts it off, and asks for the page
//! again.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::checkpoint::Checkpoint;
use super::client::Client;
use super::progress::{Progress, counted, number, size};
use super::{Error, beside};

/// How far an export got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Reached {
    /// Where it is from.
    url: String,
    /// Where the next page is.
    next: String,
    /// How long the file is.
    bytes: u64,
    /// How many of its lines are notes.
    notes: u64,
    /// How many are comments.
    comments: u64,
}

/// Writes all notes with their comments to a file.
pub(super) async fn export(client: &Client, file: &Path) -> Result<(), Error> {
    let part = beside(file, ".part");
    let checkpoint = Checkpoint::of(&part);
    let (mut lines, mut reached) = open(&part, &checkpoint, client.url())?;
    let written = |result: io::Result<()>| result.map_err(|source| Error::write(&part, source));
    let mut progress = Progress::begin();
    if reached.bytes > 0 {
        progress.say(&format!("going on after {}", counted(reached.notes, "note")));
    }
    let count = progress.during(client.count()).await?;
    loop {
        let page = progress.during(client.export(&reached.next)).await?;
        written(lines.write_all(&page.lines))?;
        reached.add(&page.lines);
        let notes = format!("{} of {}", number(reached.notes), counted(count.max(reached.notes), "note"));
        progress.reach(format!("{notes}, {}", size(reached.bytes)), page.lines.len());
        let Some(next) = page.next else { break };
        // The lines first: what is said to be there must be.
        written(lines.sync_data())?;
        reached.next = next;
        checkpoint.write(&reached)?;
    }
    written(lines.sync_all())?;
    if file.exists() {
        return Err(Error::Exists(file.to_owned()));
    }
    std::fs::rename(&part, file).map_err(|source| Error::write(file, source))?;
    checkpoint.clear();
    drop(progress);
    let Reached { bytes, notes, comments, .. } = reached;
    let (notes, comments) = (counted(notes, "note"), counted(comments, "comment"));
    println!("exported {notes} and {comments} to {}, {}", file.display(), size(bytes));
    Ok(())
}

/// The file so far, to be written on, and how far it goes.
fn open(part: &Path, checkpoint: &Checkpoint<Reached>, url: &str) -> Result<(File, Reached), Error> {
    let writable = |source| Error::write(part, source);
    let mut lines =
        OpenOptions::new().write(true).create(true).truncate(false).open(part).map_err(writable)?;
    lines.try_lock().map_err(|error| match error {
        std::fs::TryLockError::WouldBlock => Error::InUse(PathBuf::from(part)),
        std::fs::TryLockError::Error(source) => writable(source),
    })?;
    let length = lines.metadata().map_err(writable)?.len();
    let former = checkpoint.read().filter(|former| former.bytes <= length);
    let reached = former.unwrap_or_else(|| Reached {
        url: url.into(),
        next: "/api/export".into(),
        bytes: 0,
        notes: 0,
        comments: 0,
    });
    if reached.url != url {
        return Err(Error::OfAnother { path: part.to_owned(), url: reached.url });
    }
    if length > reached.bytes {
        lines.set_len(reached.bytes).map_err(writable)?;
    }
    lines.seek(SeekFrom::Start(reached.bytes)).map_err(writable)?;
    Ok((lines, reached))
}

impl Reached {
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

    fn reached(bytes: u64) -> Reached {
        let (url, next) = ("http://localhost".into(), "/api/export?cursor=YQ".into());
        Reached { url, next, bytes, notes: 1, comments: 0 }
    }

    #[test]
    fn what_was_written_after_the_last_word_on_it_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let part = folder.path().join("notes.part");
        let checkpoint = Checkpoint::of(&part);
        fs::write(&part, "a line\nhalf a l").unwrap();
        checkpoint.write(&reached(7)).unwrap();
        let (mut lines, from) = open(&part, &checkpoint, "http://localhost").unwrap();
        assert_eq!(from, reached(7));
        lines.write_all(b"b line\n").unwrap();
        assert_eq!(fs::read_to_string(&part).unwrap(), "a line\nb line\n");
    }

    #[test]
    fn a_file_without_a_word_on_it_or_shorter_than_that_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let part = folder.path().join("notes.part");
        let checkpoint = Checkpoint::of(&part);
        for is_said_to_be_longer in [false, true] {
            fs::write(&part, "a line\n").unwrap();
            if is_said_to_be_longer {
                checkpoint.write(&reached(8)).unwrap();
            }
            let (_, from) = open(&part, &checkpoint, "http://localhost").unwrap();
            assert_eq!((from.bytes, from.next.as_str()), (0, "/api/export"));
            assert_eq!(fs::read_to_string(&part).unwrap(), "");
        }
    }

    #[test]
    fn a_file_of_another_deployment_and_one_that_another_run_writes_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let part = folder.path().join("notes.part");
        let checkpoint = Checkpoint::of(&part);
        fs::write(&part, "a line\n").unwrap();
        checkpoint.write(&reached(7)).unwrap();
        let of_another = open(&part, &checkpoint, "https://notes.example");
        assert!(matches!(of_another, Err(Error::OfAnother { .. })));
        let _first = open(&part, &checkpoint, "http://localhost").unwrap();
        assert!(matches!(open(&part, &checkpoint, "http://localhost"), Err(Error::InUse(_))));
        assert_eq!(fs::read_to_string(&part).unwrap(), "a line\n");
    }

    #[test]
    fn lines_of_notes_and_of_comments_are_counted() {
        let mut reached = reached(0);
        reached.add(b"{\"note\":{}}\n{\"comment\":{}}\n{\"comment\":{}}\n");
        assert_eq!((reached.notes, reached.comments, reached.bytes), (2, 2, 42));
    }
}
