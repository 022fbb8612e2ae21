//! Plain (unquoted) scalars of YAML 1.1, which CloudFormation and SAM read.
//!
//! The rules are those of `PyYAML`, with which SAM reads templates: <https://yaml.org/type/>, without `y` and `n`.

use std::sync::LazyLock;

use regex_lite::Regex;
use serde_json::Number;

use crate::node::Kind;

const NULL: [&str; 5] = ["", "~", "null", "Null", "NULL"];
const TRUE: [&str; 9] = ["yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"];
const FALSE: [&str; 9] = ["no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"];

/// Digits of each base, and base 60 (`1:30` is 90).
static INTEGER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^([-+]?)(?:0b(?<binary>[01_]+)|0x(?<hexadecimal>[0-9a-fA-F_]+)|0(?<octal>[0-7_]+)|(?<sixty>[1-9][0-9_]*(?::[0-5]?[0-9])+)|(?<decimal>0|[1-9][0-9_]*))$",
    )
    .ok()
});
static FRACTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^[-+]?(?:[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?)$|^\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?$",
    )
    .ok()
});

/// Parses a plain scalar. As in CloudFormation, times remain strings.
pub(crate) fn plain(text: &str) -> Kind {
    if NULL.contains(&text) {
        return Kind::Null;
    }
    if TRUE.contains(&text) || FALSE.contains(&text) {
        return Kind::Flag(TRUE.contains(&text));
    }
    match integer(text).or_else(|| fraction(text)) {
        Some(number) => Kind::Number(number),
        None => Kind::Text(text.to_owned()),
    }
}

fn integer(text: &str) -> Option<Number> {
    let parts = INTEGER.as_ref()?.captures(text)?;
    let digits = |name: &str| parts.name(name).map(|digits| digits.as_str().replace('_', ""));
    let of = |name: &str, base: u32| {
        // PyYAML reads `0_` as zero.
        digits(name).map(|digits| i128::from_str_radix(if digits.is_empty() { "0" } else { &digits }, base))
    };
    let number = match digits("sixty") {
        Some(digits) => digits
            .split(':')
            .try_fold(0_i128, |sum, part| sum.checked_mul(60)?.checked_add(part.parse().ok()?))?,
        None => of("binary", 2)
            .or_else(|| of("hexadecimal", 16))
            .or_else(|| of("octal", 8))
            .or_else(|| of("decimal", 10))?
            .ok()?,
    };
    let number = if &parts[1] == "-" { -number } else { number };
    i64::try_from(number).map(Number::from).or_else(|_| u64::try_from(number).map(Number::from)).ok()
}

fn fraction(text: &str) -> Option<Number> {
    if !FRACTION.as_ref()?.is_match(text) {
        return None;
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.trim_start_matches('+')),
    };
    let digits = digits.replace('_', "");
    let sum = digits.split(':').try_fold(0.0, |sum, part| Some(sum * 60.0 + part.parse::<f64>().ok()?))?;
    Number::from_f64(sign * sum)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::node::Node;

    #[test]
    fn plain_scalars_are_those_of_yaml_1_1() {
        for (text, expected) in [
            ("yes", json!(true)),
            ("Yes", json!(true)),
            ("ON", json!(true)),
            ("true", json!(true)),
            ("no", json!(false)),
            ("Off", json!(false)),
            ("FALSE", json!(false)),
            ("", json!(null)),
            ("~", json!(null)),
            ("NULL", json!(null)),
            ("0", json!(0)),
            ("-12", json!(-12)),
            ("+1_000", json!(1000)),
            ("0777", json!(511)),
            ("0b101", json!(5)),
            ("0xFF", json!(255)),
            ("-0x1_0", json!(-16)),
            ("1:30", json!(90)),
            ("20:30:40", json!(73_840)),
            ("1:30.5", json!(90.5)),
            ("123456789012", json!(123_456_789_012_u64)),
            ("18446744073709551615", json!(u64::MAX)),
            ("1.10", json!(1.1)),
            ("1.", json!(1.0)),
            (".5", json!(0.5)),
            ("-1.5e+3", json!(-1500.0)),
        ] {
            assert_eq!(Node::new(0, plain(text)).into_json(), expected, "{text:?}");
        }
    }

    #[test]
    fn similar_text_is_a_string() {
        for text in [
            "y",
            "n",
            "Y",
            "N",
            "yEs",
            "oN",
            "nULL",
            "none",
            "08",
            "0o17",
            "0b2",
            "0xG",
            "1:60",
            "0:30",
            "1e3",
            "1.5e3",
            "-",
            ".",
            "+.5",
            "1-2",
            "2012-10-17",
            "2026-01-01T00:00:00Z",
            "2026-01-01 1:2:3",
            "1.2.3",
            ".inf",
            ".NaN",
            "=",
            "<<",
            "18446744073709551616",
        ] {
            assert_eq!(plain(text), Kind::Text(text.to_owned()), "{text:?}");
        }
    }
}
