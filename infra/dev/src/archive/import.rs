//! An import of a file.
//!
//! The checkpoint, `FILE.resume`, holds the number of imported lines. A run may die after an import and before it writes
//! the checkpoint. The next run then sends those lines again, and the server skips them.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Seek as _, SeekFrom};
use std::mem;
use std::path::Path;

use indicatif::{DecimalBytes, HumanCount};
use serde::{Deserialize, Serialize};

use super::Error;
use super::checkpoint::CheckpointFile;
use super::client::{Client, Imported};
use super::progress::{Progress, counted};
use super::validate::is_blank;

/// Maximum number of lines per request: about one second of work. The server accepts 1,000.
const LINES: usize = 250;
/// Size in bytes at which a request gets no more lines. The longest line is 1.5 MiB, and the server accepts 4 MiB.
const ENOUGH: usize = 1024 * 1024;
/// Maximum length of a line in bytes. No exported line is longer, and the server would refuse it.
const LONGEST_LINE: usize = 2 * 1024 * 1024;

/// Number of lines to try before the file counts as no export.
const TRIED: u64 = 1000;

/// The checkpoint of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Checkpoint {
    /// Address of the board.
    url: String,
    /// Length of the file in bytes. A different length means a different file.
    length: u64,
    /// Number of bytes sent.
    bytes: u64,
    /// Number of lines sent, including blank lines.
    lines: u64,
    /// Number of lines that created a note or a comment.
    created: u64,
    /// Number of lines whose note or comment already existed.
    skipped: u64,
    /// Number of refused lines.
    refused: u64,
}

/// Imports the notes and comments of a file. Continues at the checkpoint, if there is one.
///
/// # Errors
/// If a request fails, the file cannot be read or is not an export, or the server refuses a line.
pub(super) async fn import(client: &Client, file: &Path) -> Result<(), Error> {
    let unreadable = |source| Error::read(file, source);
    let opened = File::open(file).map_err(unreadable)?;
    let length = opened.metadata().map_err(unreadable)?.len();
    let checkpoint_file = CheckpointFile::of(file);
    let previous = checkpoint_file
        .read()
        .filter(|previous: &Checkpoint| previous.length == length && previous.url == client.board_url());
    let mut checkpoint =
        previous.unwrap_or_else(|| Checkpoint { url: client.board_url(), length, ..Checkpoint::default() });
    let mut progress = Progress::start();
    if checkpoint.bytes > 0 {
        progress.print(&format!("continuing after {}", counted(checkpoint.lines, "line")));
    }
    let mut rest = BufReader::new(opened);
    rest.seek(SeekFrom::Start(checkpoint.bytes)).map_err(unreadable)?;
    let mut pending = PendingLines::default();
    // Whether any line was a note or a comment. A refused line counts, too.
    let mut is_export = checkpoint.created + checkpoint.skipped > 0;
    while is_export || checkpoint.lines < TRIED {
        pending.fill(&mut rest, file, checkpoint.lines)?;
        if pending.lines.is_empty() {
            break;
        }
        let outcomes = progress.wait_for(client.import(pending.page())).await?;
        let before = checkpoint.bytes;
        for (imported, line) in outcomes.iter().zip(pending.take(outcomes.len())) {
            checkpoint.add(imported, &line);
            is_export |= imported.outcome != "refused" || imported.key.is_some();
            if imported.outcome == "refused" {
                progress.print(&refusal(checkpoint.lines, imported));
            }
        }
        checkpoint_file.write(&checkpoint)?;
        let (done, all) = (DecimalBytes(checkpoint.bytes), DecimalBytes(length));
        let position = format!("{}, {done} of {all}", counted(checkpoint.lines, "line"));
        progress.advance(&position, checkpoint.bytes - before);
    }
    checkpoint_file.clear();
    drop(progress);
    let Checkpoint { created, skipped, refused, .. } = checkpoint;
    println!(
        "imported {}: {} created, {} skipped, {} refused",
        file.display(),
        HumanCount(created),
        HumanCount(skipped),
        HumanCount(refused)
    );
    match refused {
        _ if !is_export => Err(Error::not_an_export(file, Error::NO_LINES)),
        0 => Ok(()),
        _ if created + skipped == 0 => Err(Error::AllRefused),
        _ => Err(Error::LinesRefused(refused)),
    }
}

/// Formats the refusal of a line: `line 17 (shopping) is refused: its note is not there`.
fn refusal(line: u64, imported: &Imported) -> String {
    let key = imported.key.as_ref().map(|key| format!(" ({key})")).unwrap_or_default();
    // The reason comes from a server. Its control characters could move the cursor.
    let reason: String = imported.reason.chars().filter(|character| !character.is_control()).collect();
    format!("line {}{key} is refused: {reason}", HumanCount(line))
}

impl Checkpoint {
    fn add(&mut self, imported: &Imported, line: &Line) {
        self.bytes += line.bytes;
        self.lines += line.lines;
        match imported.outcome.as_str() {
            "created" => self.created += 1,
            "skipped" => self.skipped += 1,
            _ => self.refused += 1,
        }
    }
}

/// A line that is not blank.
#[derive(Debug, Default, PartialEq, Eq)]
struct Line {
    text: Vec<u8>,
    /// Length in the file in bytes, including the blank lines before it.
    bytes: u64,
    /// Number of lines in the file, including the blank lines before it.
    lines: u64,
}

/// Lines that were read and not yet imported.
#[derive(Debug, Default)]
struct PendingLines {
    lines: VecDeque<Line>,
    /// Number of bytes to send.
    bytes: usize,
    /// The blank lines after the last line.
    next: Line,
}

impl PendingLines {
    /// Reads lines until there are enough for a page. `done` is the number of lines sent before, for error messages.
    ///
    /// # Errors
    /// If the file cannot be read, or a line is too long.
    fn fill(&mut self, file: &mut impl BufRead, path: &Path, done: u64) -> Result<(), Error> {
        while self.lines.len() < LINES && self.bytes < ENOUGH {
            let mut text = Vec::new();
            let mut limited = file.take(LONGEST_LINE as u64 + 1);
            limited.read_until(b'\n', &mut text).map_err(|source| Error::read(path, source))?;
            if text.is_empty() {
                break;
            }
            self.next.lines += 1;
            self.next.bytes += text.len() as u64;
            if text.len() > LONGEST_LINE {
                let pending: u64 = self.lines.iter().map(|line| line.lines).sum();
                let line = done + pending + self.next.lines;
                return Err(Error::TooLong { path: path.to_owned(), line });
            }
            if !is_blank(&text) {
                self.bytes += text.len();
                self.lines.push_back(Line { text, ..mem::take(&mut self.next) });
            }
        }
        Ok(())
    }

    fn page(&self) -> Vec<u8> {
        self.lines.iter().flat_map(|line| &line.text).copied().collect()
    }

    /// Removes the first `count` lines and returns them.
    fn take(&mut self, count: usize) -> Vec<Line> {
        let done: Vec<_> = self.lines.drain(..count.min(self.lines.len())).collect();
        self.bytes -= done.iter().map(|line| line.text.len()).sum::<usize>();
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<PendingLines, Error> {
        let mut pending = PendingLines::default();
        pending.fill(&mut text.as_bytes(), Path::new("notes.ndjson"), 10)?;
        Ok(pending)
    }

    #[test]
    fn a_page_holds_250_lines_and_the_last_line_needs_no_newline() {
        assert_eq!(filled("a\nb").unwrap().page(), b"a\nb");
        assert_eq!(filled(&"a\n".repeat(251)).unwrap().lines.len(), 250);
    }

    #[test]
    fn blank_lines_belong_to_the_next_line() {
        let mut pending = filled("\n\u{feff}\r\na\n \t\nb\n\n\n").unwrap();
        assert_eq!(pending.page(), b"a\nb\n");
        let lengths: Vec<_> = pending.take(2).iter().map(|line| (line.bytes, line.lines)).collect();
        assert_eq!(lengths, [(8, 3), (5, 2)]);
        assert!(filled("\n\r\n").unwrap().lines.is_empty());
    }

    #[test]
    fn a_page_of_the_longest_lines_stays_below_the_limit_of_the_server() {
        let lines = format!("{}\n{}\n", "a".repeat(ENOUGH - 2), "b".repeat(LONGEST_LINE - 1));
        let pending = filled(&lines.repeat(2)).unwrap();
        assert_eq!(pending.lines.len(), 2);
        assert!(pending.bytes < 4 * 1024 * 1024);
    }

    #[test]
    fn a_line_that_is_too_long_is_reported_by_number() {
        assert!(filled(&"a".repeat(LONGEST_LINE)).is_ok());
        let error = filled(&format!("a\n\n{}", "b".repeat(LONGEST_LINE + 1))).unwrap_err();
        let expected = "notes.ndjson is not an export: line 13 is longer than any note; choose a file that `export` wrote";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn lines_without_an_outcome_are_sent_again_with_the_next_page() {
        let mut file = "a\nb\nc\n".as_bytes();
        let mut pending = PendingLines::default();
        pending.fill(&mut file, Path::new(""), 0).unwrap();
        assert_eq!(pending.take(1)[0].text, b"a\n");
        pending.fill(&mut file, Path::new(""), 1).unwrap();
        assert_eq!((pending.page().as_ref(), pending.bytes), (b"b\nc\n".as_slice(), 4));
    }
}
