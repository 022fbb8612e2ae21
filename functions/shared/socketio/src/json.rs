//! JSON as clients write it: text that JavaScript's `JSON.parse` accepts and `serde_json` does not, and values that
//! DynamoDB cannot hold.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde_json::Value;

/// Explains why a text cannot be parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JsonError {
    /// The text is not JSON.
    NotJson,
    /// The text is JSON, but nested more deeply than `serde_json` reads (127 levels).
    TooDeep,
}

/// Parses a JSON text as JavaScript does.
///
/// An unpaired surrogate becomes U+FFFD, as with `String.toWellFormed`. A number that is too large becomes `null`, as
/// `JSON.stringify` writes infinity.
pub(crate) fn parse(text: &str) -> Result<Value, JsonError> {
    if let Ok(value) = serde_json::from_str(text) {
        return Ok(value);
    }
    // This checks the grammar alone, and does not recurse.
    if serde_json::from_str::<IgnoredAny>(text).is_err() {
        return Err(JsonError::NotJson);
    }
    serde_json::from_str(&repaired(text)).map_err(|_| JsonError::TooDeep)
}

/// Replaces strings and numbers of a valid JSON text that Rust cannot represent.
fn repaired(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let (mut rest, mut in_string) = (text, false);
    while let Some(first) = rest.chars().next() {
        let (length, instead) = match first {
            '\\' => escape(rest),
            '-' | '0'..='9' if !in_string => number(rest),
            _ => (first.len_utf8(), None),
        };
        in_string ^= first == '"';
        let (token, after) = rest.split_at(length);
        whole.push_str(&instead.map_or(Cow::Borrowed(token), Cow::Borrowed));
        rest = after;
    }
    whole
}

/// Returns the length of the escape at the beginning of a text, and its replacement.
fn escape(text: &str) -> (usize, Option<&'static str>) {
    match (unit(text), text.get(6..).and_then(unit)) {
        (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (12, None),
        (Some(0xd800..=0xdfff), _) => (6, Some("\\ufffd")),
        (Some(_), _) => (6, None),
        (None, _) => (2, None),
    }
}

/// Returns the UTF-16 code unit of a `\uXXXX` at the beginning of a text.
fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

/// Returns the length of the number at the beginning of a text, and its replacement.
fn number(text: &str) -> (usize, Option<&'static str>) {
    let is_number = |character: char| matches!(character, '0'..='9' | '+' | '-' | '.' | 'e' | 'E');
    let length = text.find(|character| !is_number(character)).unwrap_or(text.len());
    let is_finite = text[..length].parse().is_ok_and(f64::is_finite);
    (length, (!is_finite).then_some("null"))
}

/// Serializes a value as a string of JSON. A map of DynamoDB holds less than JSON: 32 levels, and numbers of 38 digits
/// up to 1e126.
pub(crate) mod as_string {
    use serde::de::{DeserializeOwned, Error as _};
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::Value;

    pub(crate) fn serialize<T: Serialize, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&serde_json::to_string(value).map_err(S::Error::custom)?)
    }

    pub(crate) fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        let value = match Value::deserialize(deserializer)? {
            Value::String(text) => serde_json::from_str(&text),
            // Earlier versions wrote maps.
            map => serde_json::from_value(map),
        };
        value.map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_that_javascript_accepts_is_read() {
        for (text, value) in [
            // Unpaired surrogates, alone, reversed, and before other characters. Then pairs.
            (r#""cut \ud83d""#, json!("cut \u{fffd}")),
            (r#""\udca9\ud83d""#, json!("\u{fffd}\u{fffd}")),
            (r#""\ud83d\u0041 \ud83dx\ud83d\n""#, json!("\u{fffd}A \u{fffd}x\u{fffd}\n")),
            (r#""\ud83d\ud83d\udca9""#, json!("\u{fffd}💩")),
            (r#"{"\ud83d":["\uD83D\uDCA9","\udfff"]}"#, json!({ "\u{fffd}": ["💩", "\u{fffd}"] })),
            // Text that only looks like a surrogate.
            (r#"["\\ud83d","\ud83d"]"#, json!(["\\ud83d", "\u{fffd}"])),
            (r#"["1e400","é\"1e400",1e400]"#, json!(["1e400", "é\"1e400", null])),
            // Numbers.
            ("1e400", json!(null)),
            ("-1E+400", json!(null)),
            ("[1e308,1e309,-0,1e-400,0e999]", json!([1e308, null, -0.0, 0.0, 0.0])),
            (r#"{"a":1e99999999999,"b":1}"#, json!({ "a": null, "b": 1 })),
            ("123456789012345678901234567890", json!(123_456_789_012_345_678_901_234_567_890_f64)),
            (" [ 1 , \"\\ud83d\" ] ", json!([1, "\u{fffd}"])),
        ] {
            assert_eq!(parse(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn numbers_are_the_same_as_in_javascript() {
        for (text, number) in [("0.1", 0.1), ("5e-324", 5e-324), ("1.7976931348623157e308", f64::MAX)] {
            assert_eq!(parse(text), Ok(json!(number)), "{text}");
        }
        // Rounded to the nearest number.
        assert_eq!(parse("2.2250738585072011e-308"), Ok(json!(2.225_073_858_507_201e-308)));
        assert_eq!(parse("9007199254740993.5"), Ok(json!(9_007_199_254_740_994.0)));
    }

    #[test]
    fn nesting_is_limited_to_127_levels_and_never_overflows_the_stack() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(&nested(127)).is_ok());
        assert_eq!(parse(&nested(128)), Err(JsonError::TooDeep));
        assert_eq!(parse(&nested(64 * 1024)), Err(JsonError::TooDeep));
        assert_eq!(parse(&"[".repeat(128 * 1024)), Err(JsonError::NotJson));
    }

    #[test]
    fn json_that_javascript_refuses_is_refused() {
        for text in [
            "",
            "{",
            "[1,]",
            "{a:1}",
            "'a'",
            "01",
            "1.",
            ".5",
            "+1",
            "NaN",
            "Infinity",
            "undefined",
            "1e",
            "\u{feff}1",
            r#""\u12""#,
            r#""\x41""#,
            "\"\n\"",
            r#""\ud83d"#,
            "1 2",
        ] {
            assert_eq!(parse(text), Err(JsonError::NotJson), "{text}");
        }
    }
}
