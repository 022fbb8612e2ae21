//! The progress of a run on standard error.

use std::fmt::Write;
use std::time::{Duration, Instant};

use indicatif::{DecimalBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Interval between redraws of the line on a terminal.
const REDRAW_INTERVAL: Duration = Duration::from_secs(1);
/// Interval between lines if standard error is not a terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(10);

/// The progress of a run. A terminal shows one line that changes. Other outputs get a line every ten seconds.
#[derive(Debug)]
pub(crate) struct Progress {
    /// Counts bytes. It is hidden if standard error is not a terminal.
    bar: ProgressBar,
    printed: Instant,
}

impl Progress {
    /// Starts the clock.
    pub(crate) fn start() -> Self {
        Self::on(ProgressDrawTarget::stderr())
    }

    fn on(target: ProgressDrawTarget) -> Self {
        let rate = |state: &ProgressState, text: &mut dyn Write| {
            let _ = text.write_str(&rate(state.pos(), state.elapsed()));
        };
        let style = ProgressStyle::with_template("{msg}{rate}").expect("the template is valid");
        let bar = ProgressBar::with_draw_target(None, target).with_style(style.with_key("rate", rate));
        if !bar.is_hidden() {
            bar.enable_steady_tick(REDRAW_INTERVAL);
        }
        Self { bar, printed: Instant::now() }
    }

    /// Sets the position, such as `1,250 of 10,000 notes`, and adds to the bytes transferred.
    pub(crate) fn advance(&mut self, position: &str, bytes: u64) {
        self.bar.inc(bytes);
        self.bar.set_message(format!("{position}, "));
        if self.bar.is_hidden() && self.printed.elapsed() >= LINE_INTERVAL {
            self.print_line();
        }
    }

    /// Waits for `work`, and keeps the progress up to date meanwhile.
    pub(crate) async fn wait_for<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        loop {
            match tokio::time::timeout(LINE_INTERVAL, &mut work).await {
                Ok(done) => return done,
                Err(_) if self.bar.is_hidden() => self.print_line(),
                Err(_) => {}
            }
        }
    }

    /// Prints a line that stays on the screen.
    pub(crate) fn print(&self, text: &str) {
        self.bar.suspend(|| eprintln!("{text}"));
    }

    fn print_line(&mut self) {
        self.printed = Instant::now();
        eprintln!("{}{}", self.bar.message(), rate(self.bar.position(), self.bar.elapsed()));
    }
}

/// Clears the line, so that the next output, such as an error, starts on an empty line.
impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Formats the average rate and the time: `1.20 MB/s, 7 s`.
fn rate(bytes: u64, elapsed: Duration) -> String {
    let rate = u128::from(bytes) * 1000 / elapsed.as_millis().max(1);
    format!("{}/s, {} s", DecimalBytes(u64::try_from(rate).unwrap_or(u64::MAX)), elapsed.as_secs())
}

/// Formats a count with its noun: `1 note`, `10,000 notes`.
pub(crate) fn counted(count: u64, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", HumanCount(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_use_the_plural_except_for_one() {
        assert_eq!([0, 1, 10_000].map(|count| counted(count, "note")), ["0 notes", "1 note", "10,000 notes"]);
    }

    #[test]
    fn the_rate_is_an_average_in_the_largest_unit_that_it_reaches() {
        assert_eq!(rate(2_400_000, Duration::from_secs(2)), "1.20 MB/s, 2 s");
        assert_eq!(rate(999, Duration::from_millis(1999)), "499 B/s, 1 s");
        assert_eq!(rate(0, Duration::ZERO), "0 B/s, 0 s");
    }

    #[test]
    fn bytes_and_position_are_counted_without_a_terminal() {
        let mut progress = Progress::on(ProgressDrawTarget::hidden());
        progress.advance("1 of 2 notes", 10);
        progress.advance("2 of 2 notes", 5);
        assert_eq!((progress.bar.position(), progress.bar.message().as_str()), (15, "2 of 2 notes, "));
    }
}
