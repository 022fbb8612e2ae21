//! A line that a function printed: what it says, for a reader and in short.

use serde_json::{Map, Value};

/// A line that a function printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// The function's logical id.
    pub function: String,
    /// The line as it was printed: CloudWatch would have it like this.
    pub text: String,
}

/// How many characters of a request's id are shown: enough to tell requests apart on a screen.
const SHORT: usize = 6;

/// What a reader is shown of a line. Nothing of metrics in CloudWatch's embedded format; of a line in JSON its level, its
/// request in short, whose that is, its message, and what that does not say already.
pub(crate) fn readable(line: &str) -> Option<String> {
    match serde_json::from_str(line) {
        Ok(Value::Object(metrics)) if metrics.contains_key("_aws") => None,
        Ok(Value::Object(said)) if said.contains_key("level") && said.contains_key("message") => {
            Some(in_short(said))
        }
        _ => Some(without_span(line)),
    }
}

fn in_short(mut said: Map<String, Value>) -> String {
    let mut take = |name| said.remove(name).map(|value| text(&value)).unwrap_or_default();
    let (level, message, _when) = (take("level"), take("message"), take("timestamp"));
    let span = said.remove("span").unwrap_or_default();
    let id: String = span["requestId"].as_str().unwrap_or_default().chars().take(SHORT).collect();
    let user = span["user"].as_str().map(|user| format!("{user}  ")).unwrap_or_default();
    let words: Vec<&str> = message.split_whitespace().collect();
    let fields = said.iter().map(|(name, value)| (name, text(value)));
    let fields = fields.filter(|(_, value)| !words.contains(&value.as_str()) && !message.ends_with(value));
    let fields: Vec<String> = fields.map(|(name, value)| format!("{name}={value}")).collect();
    let what = [vec![message.clone()], fields].concat().join("  ");
    format!("{level:<5} {id:<SHORT$}  {user}{what}")
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A line of text without the span that the Lambda runtime puts around everything: which request it was, and its trace.
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
    fn a_line_in_json_is_shown_in_short() {
        let line = r#"{"timestamp":"2026-11-23T20:15:00.000000Z","level":"INFO","message":"GET /api/orders/{key} 200 in 3 ms","method":"GET","route":"/api/orders/{key}","status":200,"duration_ms":3,"connection":"AbC","span":{"name":"request","requestId":"0123456789","user":"ada"}}"#;
        assert_eq!(
            readable(line).unwrap(),
            "INFO  012345  ada  GET /api/orders/{key} 200 in 3 ms  connection=AbC"
        );
    }

    #[test]
    fn a_line_of_no_request_is_shown_as_well() {
        assert_eq!(readable(r#"{"level":"WARN","message":"oh"}"#).unwrap(), "WARN          oh");
    }

    #[test]
    fn metrics_are_not_shown() {
        assert_eq!(readable(r#"{"_aws":{"Timestamp":1},"Requests":1}"#), None);
    }

    #[test]
    fn a_line_of_text_loses_the_span_of_the_runtime_and_nothing_else() {
        let line =
            r#" INFO Lambda runtime invoke{requestId="1" xrayTraceId="Root=1"}: joined namespace="/home""#;
        assert_eq!(readable(line).unwrap(), r#"INFO joined namespace="/home""#);
        for other in ["thread panicked at {}: oh", "", "3", "[]", r#"{"level":"INFO"}"#] {
            assert_eq!(readable(other).unwrap(), other);
        }
    }
}
