//! The console.

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use local_service::Warnings;
use serde_json::{Value, json};

use super::colour::Colour;
use super::line::{self, Line};
use super::log_line::{self, LogLine};
use super::served::{Invoked, Served};

/// Prints events, logs and warnings. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Console {
    output: Arc<Output>,
}

#[derive(Debug)]
enum Output {
    Print { printing: Printing, colour: bool },
    Quiet,
    Record(Recorded),
}

/// The recorded lines, for tests.
#[derive(Debug, Default)]
struct Recorded {
    logs: Mutex<Vec<LogLine>>,
    reports: Mutex<Vec<LogLine>>,
    warnings: Mutex<Vec<LogLine>>,
}

/// The output format of a console.
#[derive(Debug, Clone, Copy, Default)]
pub struct Printing {
    /// Prints complete frames, and the events and responses of functions.
    pub verbose: bool,
    /// Prints a JSON object per line.
    pub json: bool,
    /// Prints to standard error instead of standard output.
    pub on_standard_error: bool,
}

impl Console {
    /// Creates a console that prints. It uses colours on a terminal, unless `NO_COLOR`, `CLICOLOR` or `CLICOLOR_FORCE` say
    /// otherwise.
    #[must_use]
    pub fn print(printing: Printing) -> Self {
        let choice = if printing.on_standard_error {
            AutoStream::choice(&std::io::stderr())
        } else {
            AutoStream::choice(&std::io::stdout())
        };
        Self { output: Arc::new(Output::Print { printing, colour: choice != ColorChoice::Never }) }
    }

    /// Creates a console that prints nothing.
    #[must_use]
    pub fn quiet() -> Self {
        Self { output: Arc::new(Output::Quiet) }
    }

    /// Creates a console that prints nothing and records logs, reports and warnings, for tests.
    #[must_use]
    pub fn keeping_logs() -> Self {
        Self { output: Arc::new(Output::Record(Recorded::default())) }
    }

    /// Returns a receiver that prints warnings here.
    #[must_use]
    pub fn receive_warnings(&self) -> Warnings {
        let console = self.clone();
        Warnings::to(move |source, text| console.warning(source, text))
    }

    /// Returns the recorded log lines of functions.
    #[must_use]
    pub fn logs(&self) -> Vec<LogLine> {
        self.recorded(|recorded| &recorded.logs)
    }

    /// Returns the recorded `REPORT` lines of invocations.
    #[must_use]
    pub fn reports(&self) -> Vec<LogLine> {
        self.recorded(|recorded| &recorded.reports)
    }

    /// Returns the recorded warnings. `function` is the subject of the warning.
    #[must_use]
    pub fn warnings(&self) -> Vec<LogLine> {
        self.recorded(|recorded| &recorded.warnings)
    }

    fn recorded(&self, list: impl FnOnce(&Recorded) -> &Mutex<Vec<LogLine>>) -> Vec<LogLine> {
        match &*self.output {
            Output::Record(recorded) => lock(list(recorded)).clone(),
            Output::Print { .. } | Output::Quiet => Vec::new(),
        }
    }

    fn record(&self, list: impl FnOnce(&Recorded) -> &Mutex<Vec<LogLine>>, subject: &str, text: &str) {
        if let Output::Record(recorded) = &*self.output {
            lock(list(recorded)).push(LogLine { function: subject.to_owned(), text: text.to_owned() });
        }
    }

    /// Prints a request and its response. `by` is the function that handled it, if there is one.
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

    /// Prints that a client has connected to a WebSocket API.
    pub fn connected(&self, connection: &str) {
        self.line(|_| Line {
            fields: json!({"connection": connection}),
            ..Line::new("connected", Colour::Cyan, "connected", &line::short(connection))
        });
    }

    /// Prints that a connection has ended, with its close code and reason.
    pub fn disconnected(&self, connection: &str, code: u16, reason: &str) {
        let text = format!("{}  {code}  {}", line::short(connection), line::excerpt(reason));
        self.line(|_| Line {
            fields: json!({"connection": connection, "code": code, "reason": reason}),
            ..Line::new("closed", Colour::Cyan, "closed", &text)
        });
    }

    /// Prints a frame from a client. `by` is the function that receives it, if there is one.
    pub fn received(&self, connection: &str, text: &str, by: Option<&Served>) {
        self.frame("received", "<-", connection, text, by);
    }

    /// Prints a frame to a client.
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

    /// Prints a batch of a trigger. `outcome` is a few words: `done`, `failed, retry 1`.
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

    /// Prints an invocation by a schedule. `outcome` is a few words, as in [`Self::batch`].
    pub fn scheduled(&self, schedule: &str, outcome: &str, took: Duration, by: &Served) {
        self.line(|_| Line {
            took: Some(took),
            before: Some("   ".to_owned()),
            served: Some(by.clone()),
            fields: json!({"schedule": schedule, "outcome": outcome}),
            ..Line::new("schedule", Colour::Green, "schedule", &format!("{schedule}  {outcome}"))
        });
    }

    /// Prints an invocation: its payloads if verbose, and its report. Short text omits it, since the line of the
    /// request or batch shows it already.
    pub(crate) fn invoked(&self, invoked: &Invoked<'_>) {
        self.record(|recorded| &recorded.reports, &invoked.served.function, invoked.report);
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
        let line = |subject: &str, text: &str, fields: Value| Line {
            served: Some(invoked.served.clone()),
            fields,
            ..Line::new("invocation", Colour::of(function), subject, text)
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

    /// Prints a line of a function's log.
    pub fn log(&self, function: &str, line: &str) {
        self.record(|recorded| &recorded.logs, function, line);
        let Some(readable) = log_line::readable(line) else { return };
        self.line(|_| Line {
            fields: json!({
                "function": function,
                "log": serde_json::from_str(line).unwrap_or_else(|_| Value::String(line.to_owned())),
            }),
            ..Line::new("log", Colour::of(function), function, &readable)
        });
    }

    /// Prints a warning about a resource. The message says what to do.
    pub fn warning(&self, subject: &str, message: &str) {
        self.record(|recorded| &recorded.warnings, subject, message);
        self.line(|_| Line {
            fields: json!({"subject": subject, "message": message}),
            ..Line::new("warning", Colour::Red, subject, message)
        });
    }

    /// Prints that the cloud is ready: the text, or the address as JSON.
    pub fn ready(&self, address: &str, text: &str) {
        self.print_text("ready", text, json!({"address": address}));
    }

    /// Prints a line of plain text.
    pub fn print_line(&self, text: &str) {
        self.print_text("info", text, json!({"message": text.trim()}));
    }

    fn print_text(&self, kind: &'static str, text: &str, fields: Value) {
        let Output::Print { printing, .. } = &*self.output else { return };
        if printing.json {
            self.line(|_| Line { fields, ..Line::new(kind, Colour::Dim, "", text) });
        } else {
            write(*printing, text);
        }
    }

    /// Prints a line. `make` runs only if the console prints, and receives whether it is verbose.
    fn line(&self, make: impl FnOnce(bool) -> Line) {
        let Output::Print { printing, colour } = &*self.output else { return };
        let line = make(printing.verbose);
        write(*printing, &if printing.json { line.json().to_string() } else { line.text(*colour) });
    }
}

// A panic of another holder leaves the lines consistent.
fn lock(lines: &Mutex<Vec<LogLine>>) -> MutexGuard<'_, Vec<LogLine>> {
    lines.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes a line with a single write. Errors are ignored: a closed standard output (`local-cloud | head`) must not stop
/// the cloud.
fn write(printing: Printing, text: &str) {
    let line = format!("{text}\n");
    let _ = if printing.on_standard_error {
        std::io::stderr().lock().write_all(line.as_bytes())
    } else {
        std::io::stdout().lock().write_all(line.as_bytes())
    };
}
