//! A line of a function's log, and its short form for people.

use serde_json::{Map, Value};

/// A line of a function's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// The function's logical id.
    pub function: String,
    /// The line as the function printed it, and as CloudWatch would store it.
    pub text: String,
}

/// Number of characters of a request id: enough to tell requests apart on a screen.
const SHORT: usize = 6;

/// Returns the short form of a line, or `None` for metrics in CloudWatch's embedded format. A line of JSON becomes its
/// level, short request id, user, message, and the fields that the message does not contain.
pub(crate) fn readable(line: &str) -> Option<String> {
    match serde_json::from_str(line) {
        Ok(Value::Object(metrics)) if metrics.contains_key("_aws") => None,
        Ok(Value::Object(entry)) if entry.contains_key("level") && entry.contains_key("message") => {
            Some(summary(entry))
        }
        _ => Some(without_span(line)),
    }
}

fn summary(mut entry: Map<String, Value>) -> String {
    let mut take = |name| entry.remove(name).map(|value| text(&value)).unwrap_or_default();
    let (level, message, _timestamp) = (take("level"), take("message"), take("timestamp"));
    let span = entry.remove("span").unwrap_or_default();
    let id: String = span["requestId"].as_str().unwrap_or_default().chars().take(SHORT).collect();
    let user = span["user"].as_str().map(|user| format!("{user}  ")).unwrap_or_default();
    let words: Vec<&str> = message.split_whitespace().collect();
    let fields = entry.iter().map(|(name, value)| (name, text(value)));
    let fields = fields.filter(|(_, value)| !words.contains(&value.as_str()) && !message.ends_with(value));
    let fields: Vec<String> = fields.map(|(name, value)| format!("{name}={value}")).collect();
    let text = [vec![message.clone()], fields].concat().join("  ");
    format!("{level:<5} {id:<SHORT$}  {user}{text}")
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Removes the span of the Lambda runtime from a line of text. It holds the request id and the trace id.
fn without_span(line: &str) -> String {
    let rest = |line: &str| {
        let (before, span) = line.split_once("Lambda runtime invoke{")?;
        let (_, after) = span.split_once("}: ")?;
        Some(format!("{}{after}", before.trim_start()))
    };
    rest(line).unwrap_or_else(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_json_is_shortened() {
        let line = r#"{"timestamp":"2026-11-23T20:15:00.000000Z","level":"INFO","message":"GET /api/orders/{key} 200 in 3 ms","method":"GET","route":"/api/orders/{key}","status":200,"duration_ms":3,"connection":"AbC","span":{"name":"request","requestId":"0123456789","user":"ada"}}"#;
        assert_eq!(
            readable(line).unwrap(),
            "INFO  012345  ada  GET /api/orders/{key} 200 in 3 ms  connection=AbC"
        );
    }

    #[test]
    fn a_line_without_a_request_is_shown() {
        assert_eq!(readable(r#"{"level":"WARN","message":"oh"}"#).unwrap(), "WARN          oh");
    }

    #[test]
    fn metrics_are_not_shown() {
        assert_eq!(readable(r#"{"_aws":{"Timestamp":1},"Requests":1}"#), None);
    }

    #[test]
    fn a_line_of_text_loses_only_the_span_of_the_runtime() {
        let line =
            r#" INFO Lambda runtime invoke{requestId="1" xrayTraceId="Root=1"}: joined namespace="/home""#;
        assert_eq!(readable(line).unwrap(), r#"INFO joined namespace="/home""#);
        for other in ["thread panicked at {}: oh", "", "3", "[]", r#"{"level":"INFO"}"#] {
            assert_eq!(readable(other).unwrap(), other);
        }
    }
}
