//! What the cloud says while it runs: a short, aligned line per request, frame, push, batch,
//! schedule and log line.

use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::log_line::{self, LogLine};

/// Where the cloud says what happens. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Console {
    output: Arc<Output>,
}

#[derive(Debug)]
enum Output {
    Print { colour: bool },
    Quiet,
    Keep(Mutex<Vec<LogLine>>),
}

/// The few colours in use, as ANSI has them.
#[derive(Debug, Clone, Copy)]
enum Colour {
    Plain,
    Dim,
    Green,
    Yellow,
    Red,
    Cyan,
}

/// What a line of Lambda's own begins with.
const REPORT: &str = "REPORT RequestId: ";
/// How wide the first column is.
const SUBJECT: usize = 11;
/// How many characters of a frame are shown.
const EXCERPT: usize = 80;

impl Console {
    /// Prints to standard output; in colour if that's a terminal and `NO_COLOR` is unset or empty.
    #[must_use]
    pub fn print() -> Self {
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = std::io::stdout().is_terminal() && !no_colour;
        Self { output: Arc::new(Output::Print { colour }) }
    }

    /// Says nothing.
    #[must_use]
    pub fn quiet() -> Self {
        Self { output: Arc::new(Output::Quiet) }
    }

    /// Says nothing, and keeps what functions log, for tests.
    #[must_use]
    pub fn keeping_logs() -> Self {
        Self { output: Arc::new(Output::Keep(Mutex::default())) }
    }

    /// The lines of functions that it has kept.
    #[must_use]
    pub fn logs(&self) -> Vec<LogLine> {
        let own = |line: &LogLine| !line.text.starts_with(REPORT);
        self.kept().into_iter().filter(own).collect()
    }

    /// The lines with which Lambda closed invocations, as it has kept them.
    #[must_use]
    pub fn reports(&self) -> Vec<LogLine> {
        self.kept().into_iter().filter(|line| line.text.starts_with(REPORT)).collect()
    }

    fn kept(&self) -> Vec<LogLine> {
        match &*self.output {
            Output::Keep(lines) => lines.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Output::Print { .. } | Output::Quiet => Vec::new(),
        }
    }

    /// A request was answered.
    pub fn request(&self, method: &str, path: &str, status: u16, took: Duration) {
        let colour = match status {
            ..400 => Colour::Green,
            400..500 => Colour::Yellow,
            _ => Colour::Red,
        };
        self.line(colour, method, &format!("{status}  {}  {path}", milliseconds(took)));
    }

    /// A client connected to a WebSocket API.
    pub fn connected(&self, connection: &str) {
        self.line(Colour::Cyan, "connected", &short(connection));
    }

    /// A client's connection ended, with this code and reason.
    pub fn disconnected(&self, connection: &str, code: u16, reason: &str) {
        self.line(Colour::Cyan, "closed", &format!("{}  {code}  {}", short(connection), excerpt(reason)));
    }

    /// A client sent a frame.
    pub fn received(&self, connection: &str, text: &str) {
        self.line(Colour::Cyan, "<-", &format!("{}  {}", short(connection), excerpt(text)));
    }

    /// A client was sent a frame: a push by a function, or the gateway's own.
    pub fn sent(&self, connection: &str, text: &str) {
        self.line(Colour::Cyan, "->", &format!("{}  {}", short(connection), excerpt(text)));
    }

    /// A trigger had a batch processed. `outcome` is a word or two: `done`, `2 failed`, `retry 1`.
    pub fn batch(&self, trigger: &str, records: usize, outcome: &str, took: Duration) {
        let plural = if records == 1 { "" } else { "s" };
        let message = format!("     {}  {trigger}  {records} record{plural}  {outcome}", milliseconds(took));
        self.line(Colour::Green, "trigger", &message);
    }

    /// A schedule had its function invoked. `outcome` is a word or two, as of a batch.
    pub fn scheduled(&self, schedule: &str, outcome: &str, took: Duration) {
        self.line(Colour::Green, "schedule", &format!("     {}  {schedule}  {outcome}", milliseconds(took)));
    }

    /// A function wrote a line to its log.
    pub fn log(&self, function: &str, line: &str) {
        if let Output::Keep(lines) = &*self.output {
            let line = LogLine { function: function.to_owned(), text: line.to_owned() };
            lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
        let Some(line) = log_line::readable(line) else { return };
        let colour = match line.split_whitespace().next() {
            Some("ERROR") => Colour::Red,
            Some("WARN") => Colour::Yellow,
            _ => Colour::Dim,
        };
        self.line(colour, function, &line);
    }

    /// Lambda closes an invocation in the function's log. It is kept with that, and not printed: what failed is a warning
    /// of its own.
    pub fn report(&self, function: &str, line: &str) {
        if let Output::Keep(lines) = &*self.output {
            let line = LogLine { function: function.to_owned(), text: line.to_owned() };
            lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    }

    /// Something happened that the reader may want to do something about.
    pub fn warning(&self, subject: &str, message: &str) {
        self.line(Colour::Red, subject, message);
    }

    /// A line of plain text.
    pub fn say(&self, text: &str) {
        if matches!(*self.output, Output::Print { .. }) {
            write(text);
        }
    }

    fn line(&self, colour: Colour, subject: &str, message: &str) {
        let Output::Print { colour: in_colour } = *self.output else { return };
        write(&format_line(if in_colour { colour } else { Colour::Plain }, subject, message));
    }
}

/// One line, written in one piece. A closed standard output (`local-cloud | head`) is no reason to stop.
fn write(text: &str) {
    let _ = std::io::stdout().lock().write_all(format!("{text}\n").as_bytes());
}

fn format_line(colour: Colour, subject: &str, message: &str) -> String {
    let message = printable(message);
    let code = match colour {
        Colour::Plain => return format!("{subject:<SUBJECT$} {message}"),
        Colour::Dim => "2",
        Colour::Green => "32",
        Colour::Yellow => "33",
        Colour::Red => "31",
        Colour::Cyan => "36",
    };
    format!("\x1b[{code}m{subject:<SUBJECT$}\x1b[0m {message}")
}

/// Frames and log lines come from outside: what would move the cursor or change colours is shown, not obeyed.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
}

/// The beginning of a connection's id: enough to tell it from the others on a screen.
fn short(connection: &str) -> String {
    connection.chars().take(6).collect()
}

fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn milliseconds(took: Duration) -> String {
    format!("{:>5} ms", took.as_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_aligned_and_coloured_only_if_asked() {
        assert_eq!(format_line(Colour::Plain, "GET", "200  /"), "GET         200  /");
        assert_eq!(format_line(Colour::Green, "GET", "200  /"), "\x1b[32mGET        \x1b[0m 200  /");
    }

    #[test]
    fn what_would_move_the_cursor_is_shown_instead() {
        assert_eq!(
            format_line(Colour::Plain, "<-", "a\x1b[2Jb\r\nc"),
            "<-          a\u{fffd}[2Jb\u{fffd}\u{fffd}c"
        );
    }

    #[test]
    fn long_frames_are_cut_between_characters() {
        assert_eq!(excerpt(&"é".repeat(81)), format!("{}…", "é".repeat(80)));
        assert_eq!(excerpt(&"é".repeat(80)), "é".repeat(80));
    }
}
