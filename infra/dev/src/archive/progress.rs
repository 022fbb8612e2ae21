//! The progress of a run on standard error.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// Interval between redraws of the line on a terminal.
const REDRAW_INTERVAL: Duration = Duration::from_secs(1);
/// Interval between lines where standard error is no terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(10);

/// The progress of a run. A terminal shows one line that changes. Other outputs get a line every ten seconds.
#[derive(Debug)]
pub(crate) struct Progress {
    is_terminal: bool,
    started: Instant,
    printed: Instant,
    position: String,
    bytes: u64,
}

impl Progress {
    /// Starts the clock.
    pub(crate) fn start() -> Self {
        let now = Instant::now();
        let is_terminal = std::io::stderr().is_terminal();
        Self { is_terminal, started: now, printed: now, position: String::new(), bytes: 0 }
    }

    /// Sets the position, such as `1,250 of 10,000 notes`, and adds to the bytes transferred.
    pub(crate) fn advance(&mut self, position: String, bytes: usize) {
        self.position = position;
        self.bytes += bytes as u64;
        if self.is_terminal || self.printed.elapsed() >= LINE_INTERVAL {
            self.draw();
        }
    }

    /// Waits for `work`, and keeps the progress up to date meanwhile.
    pub(crate) async fn wait_for<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        let interval = if self.is_terminal { REDRAW_INTERVAL } else { LINE_INTERVAL };
        loop {
            match tokio::time::timeout(interval, &mut work).await {
                Ok(done) => return done,
                Err(_) => self.draw(),
            }
        }
    }

    /// Prints a line that stays on the screen.
    pub(crate) fn print(&mut self, text: &str) {
        self.clear();
        eprintln!("{text}");
    }

    /// Clears the line on a terminal.
    fn clear(&self) {
        if self.is_terminal {
            eprint!("\r\x1b[K");
        }
    }

    fn draw(&mut self) {
        self.printed = Instant::now();
        let line = describe(&self.position, self.bytes, self.started.elapsed());
        if self.is_terminal {
            eprint!("\r\x1b[K{line}");
            let _ = std::io::stderr().flush();
        } else {
            eprintln!("{line}");
        }
    }
}

/// Clears the line, so that the next output, such as an error, starts on an empty line.
impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Formats the progress: `1,250 of 10,000 notes, 1.2 MB/s, 7 s`.
fn describe(position: &str, bytes: u64, elapsed: Duration) -> String {
    let rate = u128::from(bytes) * 1000 / elapsed.as_millis().max(1);
    let rate = size(u64::try_from(rate).unwrap_or(u64::MAX));
    let separator = if position.is_empty() { "" } else { ", " };
    format!("{position}{separator}{rate}/s, {} s", elapsed.as_secs())
}

/// Formats a size in bytes: `999 B`, `1 KB`, `1.2 MB`.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{}.{} MB", number(bytes / 1_000_000), bytes % 1_000_000 / 100_000),
    }
}

/// Formats a count with its noun: `1 note`, `10,000 notes`.
pub(crate) fn counted(count: u64, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", number(count))
}

/// Formats a number with thousands separators.
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
    fn counts_use_the_plural_except_for_one() {
        assert_eq!([0, 1, 10_000].map(|count| counted(count, "note")), ["0 notes", "1 note", "10,000 notes"]);
    }

    #[test]
    fn numbers_have_thousands_separators() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn sizes_use_the_largest_unit_that_they_reach() {
        let sizes = [0, 999, 1_000, 999_999, 1_000_000, 1_250_000_000].map(size);
        assert_eq!(sizes, ["0 B", "999 B", "1 KB", "999 KB", "1.0 MB", "1,250.0 MB"]);
    }

    #[test]
    fn progress_shows_position_rate_and_time() {
        let line = describe("1,250 of 10,000 notes", 2_400_000, Duration::from_secs(2));
        assert_eq!(line, "1,250 of 10,000 notes, 1.2 MB/s, 2 s");
        assert_eq!(describe("", 0, Duration::ZERO), "0 B/s, 0 s");
    }
}
