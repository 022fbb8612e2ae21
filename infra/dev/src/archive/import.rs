//! An import of a file.
//!
//! `FILE.resume` says which lines are done. A run that dies before it has written that down leaves lines that are done
//! all the same: the next one sends them again, and they are skipped.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Seek as _, SeekFrom};
use std::mem;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Error;
use super::checkpoint::Checkpoint;
use super::client::{Client, Imported};
use super::progress::{Progress, counted, number, size};
use super::recognise::is_blank;

/// The most lines that are sent at once: about as many as are done in a second. 1,000 would be taken.
const LINES: usize = 250;
/// When there are so many bytes, no further line is sent along. The longest line is 1.5 MiB, and 4 MiB are taken.
const ENOUGH: usize = 1024 * 1024;
/// A line that is longer is no note's, and would not be taken.
const LONGEST_LINE: usize = 2 * 1024 * 1024;

/// How many lines are tried before a file counts as no export.
const TRIED: u64 = 1000;

/// How far an import got.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Reached {
    /// Where it goes to.
    url: String,
    /// How long the file was: with another length it is another file.
    length: u64,
    /// How many of its bytes are done.
    bytes: u64,
    /// How many of its lines, blank ones too.
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
    // Whether some line was a note or a comment, be it one that was refused.
    let mut is_export = reached.created + reached.skipped > 0;
    while is_export || reached.lines < TRIED {
        waiting.fill(&mut rest, file, reached.lines)?;
        if waiting.lines.is_empty() {
            break;
        }
        let outcomes = progress.during(client.import(waiting.page())).await?;
        let before = reached.bytes;
        for (imported, line) in outcomes.iter().zip(waiting.take(outcomes.len())) {
            reached.add(imported, &line);
            is_export |= imported.outcome != "refused" || imported.key.is_some();
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
    match refused {
        _ if !is_export => Err(Error::no_export(file, Error::NO_LINES)),
        0 => Ok(()),
        _ if created + skipped == 0 => Err(Error::AllRefused),
        _ => Err(Error::LinesRefused(refused)),
    }
}

/// `line 17 (shopping) is refused: its note is not there`.
fn refusal(line: u64, imported: &Imported) -> String {
    let key = imported.key.as_ref().map(|key| format!(" ({key})")).unwrap_or_default();
    // The words are a server's: none of them may move the cursor.
    let reason: String = imported.reason.chars().filter(|character| !character.is_control()).collect();
    format!("line {}{key} is refused: {reason}", number(line))
}

impl Reached {
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
    /// How many bytes of the file it takes, with the blank lines before it.
    bytes: u64,
    /// How many lines of the file it takes, with the blank ones before it.
    lines: u64,
}

/// Lines that were read and are not done.
#[derive(Debug, Default)]
struct Waiting {
    lines: VecDeque<Line>,
    /// How many bytes are to be sent.
    bytes: usize,
    /// The blank lines after the last.
    next: Line,
}

impl Waiting {
    /// Reads lines until there are enough for a page. So many lines of the file are done.
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
                let waiting: u64 = self.lines.iter().map(|line| line.lines).sum();
                let line = done + waiting + self.next.lines;
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

    /// The first lines, which are done.
    fn take(&mut self, count: usize) -> Vec<Line> {
        let done: Vec<_> = self.lines.drain(..count.min(self.lines.len())).collect();
        self.bytes -= done.iter().map(|line| line.text.len()).sum::<usize>();
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
        assert_eq!(filled("a\nb").unwrap().page(), b"a\nb");
        assert_eq!(filled(&"a\n".repeat(251)).unwrap().lines.len(), 250);
    }

    #[test]
    fn blank_lines_go_with_the_line_after_them() {
        let mut waiting = filled("\n\u{feff}\r\na\n \t\nb\n\n\n").unwrap();
        assert_eq!(waiting.page(), b"a\nb\n");
        let lengths: Vec<_> = waiting.take(2).iter().map(|line| (line.bytes, line.lines)).collect();
        assert_eq!(lengths, [(8, 3), (5, 2)]);
        assert!(filled("\n\r\n").unwrap().lines.is_empty());
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
        let error = filled(&format!("a\n\n{}", "b".repeat(LONGEST_LINE + 1))).unwrap_err();
        let said =
            "notes.ndjson is no export: line 13 is longer than any note; name a file that `export` has made";
        assert_eq!(error.to_string(), said);
    }

    #[test]
    fn lines_that_were_not_reached_are_sent_again_with_the_next() {
        let mut file = "a\nb\nc\n".as_bytes();
        let mut waiting = Waiting::default();
        waiting.fill(&mut file, Path::new(""), 0).unwrap();
        assert_eq!(waiting.take(1)[0].text, b"a\n");
        waiting.fill(&mut file, Path::new(""), 1).unwrap();
        assert_eq!((waiting.page().as_ref(), waiting.bytes), (b"b\nc\n".as_slice(), 4));
    }
}
