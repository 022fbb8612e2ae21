//! Prints what happens.

use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use local_service::Warnings;
use serde_json::{Value, json};

use super::colour::Colour;
use super::line::{self, Line};
use super::log_line::{self, LogLine};
use super::served::{Invoked, Served};

/// Where the cloud says what happens. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Console {
    output: Arc<Output>,
}

#[derive(Debug)]
enum Output {
    Print { printing: Printing, colour: bool },
    Quiet,
    Keep(Kept),
}

/// What is kept for tests.
#[derive(Debug, Default)]
struct Kept {
    logs: Mutex<Vec<LogLine>>,
    reports: Mutex<Vec<LogLine>>,
    warnings: Mutex<Vec<LogLine>>,
}

/// How a console prints.
#[derive(Debug, Clone, Copy, Default)]
pub struct Printing {
    /// Frames whole, and what functions are given and answer.
    pub verbose: bool,
    /// A JSON object a line.
    pub json: bool,
    /// On standard error, where standard output is for something else.
    pub on_standard_error: bool,
}

impl Console {
    /// Prints; in colour if that goes to a terminal and `NO_COLOR` is unset or empty.
    #[must_use]
    pub fn print(printing: Printing) -> Self {
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let is_terminal = if printing.on_standard_error {
            std::io::stderr().is_terminal()
        } else {
            std::io::stdout().is_terminal()
        };
        Self { output: Arc::new(Output::Print { printing, colour: is_terminal && !no_colour }) }
    }

    /// Says nothing.
    #[must_use]
    pub fn quiet() -> Self {
        Self { output: Arc::new(Output::Quiet) }
    }

    /// Says nothing, and keeps what functions log, for tests.
    #[must_use]
    pub fn keeping_logs() -> Self {
        Self { output: Arc::new(Output::Keep(Kept::default())) }
    }

    /// Returns a receiver that prints warnings here.
    #[must_use]
    pub fn receive_warnings(&self) -> Warnings {
        let console = self.clone();
        Warnings::to(move |source, text| console.warning(source, text))
    }

    /// The lines of functions that it has kept.
    #[must_use]
    pub fn logs(&self) -> Vec<LogLine> {
        self.kept(|kept| &kept.logs)
    }

    /// The lines with which Lambda closed invocations, as it has kept them.
    #[must_use]
    pub fn reports(&self) -> Vec<LogLine> {
        self.kept(|kept| &kept.reports)
    }

    /// The warnings that it has kept, each beside what it is about.
    #[must_use]
    pub fn warnings(&self) -> Vec<LogLine> {
        self.kept(|kept| &kept.warnings)
    }

    fn kept(&self, which: impl FnOnce(&Kept) -> &Mutex<Vec<LogLine>>) -> Vec<LogLine> {
        match &*self.output {
            Output::Keep(kept) => lock(which(kept)).clone(),
            Output::Print { .. } | Output::Quiet => Vec::new(),
        }
    }

    fn keep(&self, which: impl FnOnce(&Kept) -> &Mutex<Vec<LogLine>>, of: &str, text: &str) {
        if let Output::Keep(kept) = &*self.output {
            lock(which(kept)).push(LogLine { function: of.to_owned(), text: text.to_owned() });
        }
    }

    /// A request was answered, by a function if one was asked.
    pub fn request(&self, method: &str, path: &str, status: u16, took: Duration, by: Option<&Served>) {
        let colour = match status {
            ..400 => Colour::Green,
            400..500 => Colour::Yellow,
            _ => Colour::Red,
        };
        self.line(|_| Line {
            took: Some(took),
            before: Some(status.to_string()),
            served: by.cloned(),
            fields: json!({"method": method, "path": path, "status": status}),
            ..Line::new("request", colour, method, path)
        });
    }

    /// A client connected to a WebSocket API.
    pub fn connected(&self, connection: &str) {
        self.line(|_| Line {
            fields: json!({"connection": connection}),
            ..Line::new("connected", Colour::Cyan, "connected", &line::short(connection))
        });
    }

    /// A client's connection ended, with this code and reason.
    pub fn disconnected(&self, connection: &str, code: u16, reason: &str) {
        let text = format!("{}  {code}  {}", line::short(connection), line::excerpt(reason));
        self.line(|_| Line {
            fields: json!({"connection": connection, "code": code, "reason": reason}),
            ..Line::new("closed", Colour::Cyan, "closed", &text)
        });
    }

    /// A client sent a frame, which this function is given.
    pub fn received(&self, connection: &str, text: &str, by: Option<&Served>) {
        self.frame("received", "<-", connection, text, by);
    }

    /// A client was sent a frame: a push by a function, or the gateway's own.
    pub fn sent(&self, connection: &str, text: &str) {
        self.frame("sent", "->", connection, text, None);
    }

    fn frame(&self, kind: &'static str, arrow: &str, connection: &str, text: &str, by: Option<&Served>) {
        self.line(|verbose| Line {
            before: Some(line::short(connection)),
            served: by.cloned(),
            fields: json!({"connection": connection, "frame": if verbose { text.to_owned() } else { line::excerpt(text) }}),
            ..Line::new(kind, Colour::Cyan, arrow, &if verbose { text.to_owned() } else { line::excerpt(text) })
        });
    }

    /// A trigger had a batch processed. `outcome` is a word or two: `done`, `2 failed`, `retry 1`.
    pub fn batch(&self, trigger: &str, records: usize, outcome: &str, took: Duration, by: &Served) {
        let plural = if records == 1 { "" } else { "s" };
        self.line(|_| Line {
            took: Some(took),
            before: Some("   ".to_owned()),
            served: Some(by.clone()),
            fields: json!({"trigger": trigger, "records": records, "outcome": outcome}),
            ..Line::new(
                "batch",
                Colour::Green,
                "trigger",
                &format!("{trigger}  {records} record{plural}  {outcome}"),
            )
        });
    }

    /// A schedule had its function invoked. `outcome` is a word or two, as of a batch.
    pub fn scheduled(&self, schedule: &str, outcome: &str, took: Duration, by: &Served) {
        self.line(|_| Line {
            took: Some(took),
            before: Some("   ".to_owned()),
            served: Some(by.clone()),
            fields: json!({"schedule": schedule, "outcome": outcome}),
            ..Line::new("schedule", Colour::Green, "schedule", &format!("{schedule}  {outcome}"))
        });
    }

    /// A function has answered. A reader who wants no payloads has seen that already, in what was answered with it.
    pub(crate) fn invoked(&self, invoked: &Invoked<'_>) {
        self.keep(|kept| &kept.reports, &invoked.served.function, invoked.report);
        let Output::Print { printing, .. } = &*self.output else { return };
        if !printing.verbose && !printing.json {
            return;
        }
        let payload = |bytes: &[u8]| {
            serde_json::from_slice(bytes)
                .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(bytes).into()))
        };
        let (event, answer) = (payload(invoked.event), invoked.answer.map(payload));
        let function = invoked.served.function.as_str();
        let line = |what: &str, text: &str, fields: Value| Line {
            served: Some(invoked.served.clone()),
            fields,
            ..Line::new("invocation", Colour::of(function), what, text)
        };
        if printing.json {
            let mut fields = json!({"failed": invoked.answer.err(), "report": invoked.report});
            if printing.verbose {
                fields["event"] = event;
                fields["answer"] = answer.unwrap_or_default();
            }
            self.line(|_| Line { took: Some(invoked.took), ..line("", "", fields) });
        } else {
            self.line(|_| line("event", &event.to_string(), Value::Null));
            let answer = answer.map_or_else(str::to_owned, |answer| answer.to_string());
            self.line(|_| line("answer", &answer, Value::Null));
            let report = invoked.report.strip_prefix("REPORT ").unwrap_or(invoked.report);
            self.line(|_| line("report", report.trim_end().replace('\t', "  ").as_str(), Value::Null));
        }
    }

    /// A function wrote a line to its log.
    pub fn log(&self, function: &str, line: &str) {
        self.keep(|kept| &kept.logs, function, line);
        let Some(readable) = log_line::readable(line) else { return };
        self.line(|_| Line {
            fields: json!({
                "function": function,
                "log": serde_json::from_str(line).unwrap_or_else(|_| Value::String(line.to_owned())),
            }),
            ..Line::new("log", Colour::of(function), function, &readable)
        });
    }

    /// Something happened that the reader may want to do something about.
    pub fn warning(&self, subject: &str, message: &str) {
        self.keep(|kept| &kept.warnings, subject, message);
        self.line(|_| Line {
            fields: json!({"subject": subject, "message": message}),
            ..Line::new("warning", Colour::Red, subject, message)
        });
    }

    /// The cloud is ready, at an address; a reader is told this.
    pub fn ready(&self, address: &str, text: &str) {
        self.tell("ready", text, json!({"address": address}));
    }

    /// A line of plain text.
    pub fn say(&self, text: &str) {
        self.tell("info", text, json!({"message": text.trim()}));
    }

    fn tell(&self, kind: &'static str, text: &str, fields: Value) {
        let Output::Print { printing, .. } = &*self.output else { return };
        if printing.json {
            self.line(|_| Line { fields, ..Line::new(kind, Colour::Dim, "", text) });
        } else {
            write(*printing, text);
        }
    }

    /// Prints a line, which is made only if it is. It is told whether to show everything.
    fn line(&self, make: impl FnOnce(bool) -> Line) {
        let Output::Print { printing, colour } = &*self.output else { return };
        let line = make(printing.verbose);
        write(*printing, &if printing.json { line.json().to_string() } else { line.text(*colour) });
    }
}

// A panic elsewhere leaves the lines whole.
fn lock(lines: &Mutex<Vec<LogLine>>) -> MutexGuard<'_, Vec<LogLine>> {
    lines.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One line, written in one piece. A closed standard output (`local-cloud | head`) is no reason to stop.
fn write(printing: Printing, text: &str) {
    let line = format!("{text}\n");
    let _ = if printing.on_standard_error {
        std::io::stderr().lock().write_all(line.as_bytes())
    } else {
        std::io::stdout().lock().write_all(line.as_bytes())
    };
}
