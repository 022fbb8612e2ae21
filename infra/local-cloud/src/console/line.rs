//! A line of the console: short aligned text for people, complete JSON for programs.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::colour::Colour;
use super::served::Served;

/// A line of the console.
#[derive(Debug)]
pub(super) struct Line {
    /// The kind of event: `request`, `batch`.
    pub(super) kind: &'static str,
    pub(super) colour: Colour,
    /// The first column.
    pub(super) subject: String,
    /// The column before the duration: a status, a connection.
    pub(super) before: Option<String>,
    /// The duration.
    pub(super) took: Option<Duration>,
    /// The function that handled the event.
    pub(super) served: Option<Served>,
    pub(super) text: String,
    /// All data of the event, as a JSON object.
    pub(super) fields: Value,
}

/// Width of the first column, in characters.
const SUBJECT: usize = 11;
/// Number of characters of an id: enough to tell ids apart on a screen.
const SHORT: usize = 6;
/// Maximum number of characters of a frame.
const EXCERPT: usize = 80;

impl Line {
    pub(super) fn new(kind: &'static str, colour: Colour, subject: &str, text: &str) -> Self {
        Self {
            kind,
            colour,
            subject: subject.to_owned(),
            before: None,
            took: None,
            served: None,
            text: text.to_owned(),
            fields: Value::Null,
        }
    }

    /// Formats the line as text.
    pub(super) fn text(&self, in_colour: bool) -> String {
        let paint = |colour: Colour, text: &str| if in_colour { colour.paint(text) } else { text.to_owned() };
        let mut columns: Vec<String> = self.before.clone().into_iter().collect();
        if let Some(took) = self.took {
            columns.push(format!("{:>5} ms", took.as_millis()));
        }
        if let Some(Served { function, request_id }) = &self.served {
            let served = format!("{function} {}", short(request_id));
            columns.push(paint(Colour::of(function), served.trim_end()));
        }
        let level = match self.text.split_whitespace().next().filter(|_| self.kind == "log") {
            Some("ERROR") => Some(Colour::Red),
            Some("WARN") => Some(Colour::Yellow),
            _ => None,
        };
        let text = printable(&self.text);
        columns.push(level.map_or_else(|| text.clone(), |level| paint(level, &text)));
        format!("{} {}", paint(self.colour, &format!("{:<SUBJECT$}", self.subject)), columns.join("  "))
    }

    /// Formats the line as a JSON object.
    pub(super) fn json(&self) -> Value {
        let mut object = json!({"time": Timestamp::now().to_string(), "kind": self.kind});
        if let Some(took) = self.took {
            object["milliseconds"] = json!(took.as_secs_f64() * 1000.0);
        }
        if let Some(Served { function, request_id }) = &self.served {
            object["function"] = json!(function);
            object["requestId"] = json!(request_id);
        }
        for (name, value) in
            self.fields.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null())
        {
            object[name] = value.clone();
        }
        object
    }
}

/// Replaces control characters. Frames and log lines come from outside and must not move the cursor or change colours.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
}

/// Returns the beginning of an id.
pub(super) fn short(id: &str) -> String {
    id.chars().take(SHORT).collect()
}

/// Returns the beginning of a frame.
pub(super) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Line {
        Line {
            before: Some("200".to_owned()),
            took: Some(Duration::from_millis(3)),
            served: Some(Served { function: "Http".to_owned(), request_id: "0123456789".to_owned() }),
            fields: json!({"status": 200, "failed": null}),
            ..Line::new("request", Colour::Green, "GET", "/")
        }
    }

    #[test]
    fn a_line_is_aligned_and_names_the_function_and_its_request() {
        assert_eq!(request().text(false), "GET         200      3 ms  Http 012345  /");
    }

    #[test]
    fn a_function_has_the_same_colour_in_all_lines() {
        let colour = Colour::of("Http");
        let text = request().text(true);
        assert!(text.starts_with("\x1b[32mGET        \x1b[0m 200"), "{text}");
        assert!(text.contains(&colour.paint("Http 012345")), "{text}");
        let log = Line::new("log", colour, "Http", "WARN  oh").text(true);
        assert_eq!(log, format!("{} {}", colour.paint("Http       "), Colour::Yellow.paint("WARN  oh")));
    }

    #[test]
    fn json_contains_all_data() {
        let mut object = request().json();
        assert!(object["time"].as_str().unwrap().parse::<Timestamp>().is_ok(), "{object}");
        object["time"] = Value::Null;
        let all = json!({
            "time": null, "kind": "request", "milliseconds": 3.0, "function": "Http", "requestId": "0123456789",
            "status": 200,
        });
        assert_eq!(object, all);
    }

    #[test]
    fn control_characters_are_replaced() {
        let line = Line::new("received", Colour::Cyan, "<-", "a\x1b[2Jb\r\nc");
        assert_eq!(line.text(false), "<-          a\u{fffd}[2Jb\u{fffd}\u{fffd}c");
    }

    #[test]
    fn long_frames_are_cut_between_characters() {
        assert_eq!(excerpt(&"é".repeat(81)), format!("{}…", "é".repeat(80)));
        assert_eq!(excerpt(&"é".repeat(80)), "é".repeat(80));
    }
}
