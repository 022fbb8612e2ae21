//! How far a run is, told while it runs.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// How often a terminal's line is drawn anew.
const TERMINAL: Duration = Duration::from_secs(1);
/// How often a line is added where lines stay.
const LINES: Duration = Duration::from_secs(10);

/// The line on standard error that says how far a run is.
#[derive(Debug)]
pub(crate) struct Progress {
    is_terminal: bool,
    begun: Instant,
    told: Instant,
    what: String,
    bytes: u64,
}

impl Progress {
    /// Begins now.
    pub(crate) fn begin() -> Self {
        let now = Instant::now();
        let is_terminal = std::io::stderr().is_terminal();
        Self { is_terminal, begun: now, told: now, what: String::new(), bytes: 0 }
    }

    /// This run came so far, and so many bytes further.
    pub(crate) fn reach(&mut self, what: String, bytes: usize) {
        self.what = what;
        self.bytes += bytes as u64;
        if self.is_terminal || self.told.elapsed() >= LINES {
            self.tell();
        }
    }

    /// Waits for something, and shows meanwhile that it does.
    pub(crate) async fn during<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        let every = if self.is_terminal { TERMINAL } else { LINES };
        loop {
            match tokio::time::timeout(every, &mut work).await {
                Ok(done) => return done,
                Err(_) => self.tell(),
            }
        }
    }

    /// Says something that is to stay.
    pub(crate) fn say(&mut self, text: &str) {
        self.clear();
        eprintln!("{text}");
    }

    /// Takes the line away, before another word.
    fn clear(&self) {
        if self.is_terminal {
            eprint!("\r\x1b[K");
        }
    }

    fn tell(&mut self) {
        self.told = Instant::now();
        let line = describe(&self.what, self.bytes, self.begun.elapsed());
        if self.is_terminal {
            eprint!("\r\x1b[K{line}");
            let _ = std::io::stderr().flush();
        } else {
            eprintln!("{line}");
        }
    }
}

/// Whatever is said next, an error too, is said on a line of its own.
impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// `1,250 of 10,000 notes, 1.2 MB/s, 7 s`.
fn describe(what: &str, bytes: u64, took: Duration) -> String {
    let rate = u128::from(bytes) * 1000 / took.as_millis().max(1);
    let rate = size(u64::try_from(rate).unwrap_or(u64::MAX));
    let separator = if what.is_empty() { "" } else { ", " };
    format!("{what}{separator}{rate}/s, {} s", took.as_secs())
}

/// A number of bytes, as people read it.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{}.{} MB", number(bytes / 1_000_000), bytes % 1_000_000 / 100_000),
    }
}

/// So many of a thing: `1 note`, `10,000 notes`.
pub(crate) fn counted(count: u64, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", number(count))
}

/// A number with its thousands apart.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_counted_in_words() {
        assert_eq!([0, 1, 10_000].map(|count| counted(count, "note")), ["0 notes", "1 note", "10,000 notes"]);
    }

    #[test]
    fn numbers_have_their_thousands_apart() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn sizes_are_told_in_the_largest_unit_that_they_fill() {
        let sizes = [0, 999, 1_000, 999_999, 1_000_000, 1_250_000_000].map(size);
        assert_eq!(sizes, ["0 B", "999 B", "1 KB", "999 KB", "1.0 MB", "1,250.0 MB"]);
    }

    #[test]
    fn progress_tells_how_far_and_how_fast() {
        let line = describe("1,250 of 10,000 notes", 2_400_000, Duration::from_secs(2));
        assert_eq!(line, "1,250 of 10,000 notes, 1.2 MB/s, 2 s");
        assert_eq!(describe("", 0, Duration::ZERO), "0 B/s, 0 s");
    }
}
