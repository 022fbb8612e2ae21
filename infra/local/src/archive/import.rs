//! An import of a file.
//!
//! `FILE.resume` says which lines are done. A run that dies before it has written that down leaves lines that are done
//! all the same: the next one sends them again, and they are skipped.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use axum::body::Bytes;
use serde::{Deserialize, Serialize};

use super::Error;
use super::checkpoint::Checkpoint;
use super::client::{Client, Imported};
use super::progress::{Progress, counted, number, size};

/// The most lines that are sent at once: about as many as are done in a second. 1,000 would be taken.
const LINES: usize = 250;
/// When there are so many bytes, no further line is sent along. The longest line is 1.5 MiB, and 4 MiB are taken.
const ENOUGH: usize = 1024 * 1024;
/// A line that is longer is no note's, and would not be taken.
const LONGEST_LINE: usize = 2 * 1024 * 1024;

/// How far an import got.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Reached {
    /// Where it goes to.
    url: String,
    /// How long the file was: with another length it is another file.
    length: u64,
    /// How many of its bytes are done.
    bytes: u64,
    /// How many of its lines.
    lines: u64,
    /// How many of them are there now.
    created: u64,
    /// How many were there already.
    skipped: u64,
    /// How many were refused.
    refused: u64,
}

/// Puts the notes and comments of a file back.
pub(super) async fn import(client: &Client, file: &Path) -> Result<(), Error> {
    let unreadable = |source| Error::read(file, source);
    let opened = File::open(file).map_err(unreadable)?;
    let length = opened.metadata().map_err(unreadable)?.len();
    let checkpoint = Checkpoint::of(file);
    let former =
        checkpoint.read().filter(|former: &Reached| former.length == length && former.url == client.url());
    let mut reached =
        former.unwrap_or_else(|| Reached { url: client.url().into(), length, ..Reached::default() });
    let mut progress = Progress::begin();
    if reached.bytes > 0 {
        progress.say(&format!("going on after {}", counted(reached.lines, "line")));
    }
    let mut rest = BufReader::new(opened);
    rest.seek(SeekFrom::Start(reached.bytes)).map_err(unreadable)?;
    let mut waiting = Waiting::default();
    loop {
        waiting.fill(&mut rest, file, reached.lines)?;
        if waiting.lines.is_empty() {
            break;
        }
        let outcomes = progress.during(client.import(waiting.page())).await?;
        let before = reached.bytes;
        for (imported, line) in outcomes.iter().zip(waiting.take(outcomes.len())) {
            reached.add(imported, &line);
            if imported.outcome == "refused" {
                progress.say(&refusal(reached.lines, imported));
            }
        }
        checkpoint.write(&reached)?;
        let lines =
            format!("{}, {} of {}", counted(reached.lines, "line"), size(reached.bytes), size(length));
        progress.reach(lines, usize::try_from(reached.bytes - before).unwrap_or_default());
    }
    checkpoint.clear();
    drop(progress);
    let Reached { created, skipped, refused, .. } = reached;
    println!(
        "imported {}: {} created, {} skipped, {} refused",
        file.display(),
        number(created),
        number(skipped),
        number(refused)
    );
    if refused > 0 { Err(Error::LinesRefused(refused)) } else { Ok(()) }
}

/// `line 17 (shopping) is refused: its note is not there`.
fn refusal(line: u64, imported: &Imported) -> String {
    let key = imported.key.as_ref().map(|key| format!(" ({key})")).unwrap_or_default();
    // The words are a server's: none of them may move the cursor.
    let why: String = imported.why.chars().filter(|character| !character.is_control()).collect();
    format!("line {}{key} is refused: {why}", number(line))
}

impl Reached {
    fn add(&mut self, imported: &Imported, line: &[u8]) {
        self.bytes += line.len() as u64;
        self.lines += 1;
        match imported.outcome.as_str() {
            "created" => self.created += 1,
            "skipped" => self.skipped += 1,
            _ => self.refused += 1,
        }
    }
}

/// Lines that were read and are not done.
#[derive(Debug, Default)]
struct Waiting {
    lines: VecDeque<Vec<u8>>,
    bytes: usize,
}

impl Waiting {
    /// Reads lines until there are enough for a page. So many lines of the file are done.
    fn fill(&mut self, file: &mut impl BufRead, path: &Path, done: u64) -> Result<(), Error> {
        while self.lines.len() < LINES && self.bytes < ENOUGH {
            let mut line = Vec::new();
            let mut limited = file.take(LONGEST_LINE as u64 + 1);
            limited.read_until(b'\n', &mut line).map_err(|source| Error::read(path, source))?;
            if line.is_empty() {
                break;
            }
            if line.len() > LONGEST_LINE {
                let line = done + self.lines.len() as u64 + 1;
                return Err(Error::TooLong { path: path.to_owned(), line });
            }
            self.bytes += line.len();
            self.lines.push_back(line);
        }
        Ok(())
    }

    fn page(&self) -> Bytes {
        self.lines.iter().flatten().copied().collect()
    }

    /// The first lines, which are done.
    fn take(&mut self, count: usize) -> Vec<Vec<u8>> {
        let done: Vec<_> = self.lines.drain(..count.min(self.lines.len())).collect();
        self.bytes -= done.iter().map(Vec::len).sum::<usize>();
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<Waiting, Error> {
        let mut waiting = Waiting::default();
        waiting.fill(&mut text.as_bytes(), Path::new("notes.ndjson"), 10)?;
        Ok(waiting)
    }

    #[test]
    fn a_page_holds_250_lines_and_the_last_line_needs_no_end() {
        assert_eq!(filled("a\n\nb").unwrap().page(), "a\n\nb");
        assert_eq!(filled(&"a\n".repeat(251)).unwrap().lines.len(), 250);
    }

    #[test]
    fn a_page_of_the_longest_lines_is_one_that_is_taken() {
        let lines = format!("{}\n{}\n", "a".repeat(ENOUGH - 2), "b".repeat(LONGEST_LINE - 1));
        let waiting = filled(&lines.repeat(2)).unwrap();
        assert_eq!(waiting.lines.len(), 2);
        assert!(waiting.bytes < 4 * 1024 * 1024);
    }

    #[test]
    fn a_line_longer_than_any_is_named() {
        assert!(filled(&"a".repeat(LONGEST_LINE)).is_ok());
        let error = filled(&format!("a\n{}", "b".repeat(LONGEST_LINE + 1))).unwrap_err();
        let said =
            "notes.ndjson is no export: line 12 is longer than any note; name a file that `export` has made";
        assert_eq!(error.to_string(), said);
    }

    #[test]
    fn lines_that_were_not_reached_are_sent_again_with_the_next() {
        let mut file = "a\nb\nc\n".as_bytes();
        let mut waiting = Waiting::default();
        waiting.fill(&mut file, Path::new(""), 0).unwrap();
        assert_eq!(waiting.take(1), [b"a\n"]);
        waiting.fill(&mut file, Path::new(""), 1).unwrap();
        assert_eq!((waiting.page().as_ref(), waiting.bytes), (b"b\nc\n".as_slice(), 4));
    }
}
