//! Filter patterns, which select the records that a trigger delivers.

use serde_json::{Map, Value};

/// A pattern of `FilterCriteria`. A record matches if every field of the pattern matches.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    fields: Vec<(String, Field)>,
}

/// The pattern of a field.
#[derive(Debug, Clone, PartialEq)]
enum Field {
    /// Matches a mapping by its fields.
    Nested(Pattern),
    /// Matches if one of the rules does.
    OneOf(Vec<Rule>),
}

/// A rule for a single value.
#[derive(Debug, Clone, PartialEq)]
enum Rule {
    /// Matches this value.
    Is(Value),
    /// Matches strings with this prefix.
    Prefix(String),
    /// Matches if the field exists, or does not.
    Exists(bool),
    /// Matches any other value.
    AnythingBut(Vec<Value>),
}

/// A pattern that is invalid or not supported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// The pattern is not a mapping, or is empty.
    #[error("a pattern is a mapping of fields to lists of values")]
    NotAMapping,
    /// A field is neither a mapping nor a list.
    #[error("`{0}` must be a mapping or a list of values")]
    NotAList(String),
    /// A list is empty, so nothing matches it.
    #[error("`{0}` is an empty list, which matches nothing")]
    EmptyList(String),
    /// The rule is not supported.
    #[error(
        "the local cloud does not support the rule `{0}`: use exact values, prefix, exists or anything-but"
    )]
    UnknownRule(String),
    /// The value of a rule has the wrong type.
    #[error("`{0}` has an invalid value")]
    WrongRule(String),
    /// DynamoDB writes numbers as strings, which Lambda's numeric rule never matches.
    #[error("`numeric` matches no record of a stream, because its numbers are strings: use exact values")]
    Numeric,
}

impl Pattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// If the pattern is invalid, or has a rule that the local cloud does not support.
    pub fn parse(json: &Value) -> Result<Self, PatternError> {
        let fields = json.as_object().filter(|fields| !fields.is_empty()).ok_or(PatternError::NotAMapping)?;
        let field = |(name, value): (&String, &Value)| Ok((name.clone(), field(name, value)?));
        Ok(Self { fields: fields.iter().map(field).collect::<Result<_, _>>()? })
    }

    /// Returns whether a record matches.
    #[must_use]
    pub fn matches(&self, record: &Value) -> bool {
        self.fields.iter().all(|(name, field)| match field {
            Field::Nested(pattern) => pattern.matches(&record[name.as_str()]),
            Field::OneOf(rules) => {
                let value = record.get(name);
                rules.iter().any(|rule| rule.allows(value))
            }
        })
    }
}

impl Rule {
    /// Returns whether a field may have this value, or be absent. A list matches if one of its values does.
    fn allows(&self, value: Option<&Value>) -> bool {
        match (self, value) {
            // Lambda applies `exists` only to leaves, which are not mappings.
            (Self::Exists(expected), value) => value.is_some_and(|value| !value.is_object()) == *expected,
            (_, None) => false,
            (rule, Some(Value::Array(items))) => items.iter().any(|item| rule.allows(Some(item))),
            (Self::Is(expected), Some(value)) => value == expected,
            (Self::Prefix(prefix), Some(value)) => {
                value.as_str().is_some_and(|text| text.starts_with(prefix))
            }
            (Self::AnythingBut(others), Some(value)) => !others.contains(value),
        }
    }
}

fn field(name: &str, value: &Value) -> Result<Field, PatternError> {
    match value {
        Value::Object(_) => Pattern::parse(value).map(Field::Nested),
        Value::Array(rules) if rules.is_empty() => Err(PatternError::EmptyList(name.to_owned())),
        Value::Array(rules) => rules.iter().map(rule).collect::<Result<_, _>>().map(Field::OneOf),
        _ => Err(PatternError::NotAList(name.to_owned())),
    }
}

fn rule(value: &Value) -> Result<Rule, PatternError> {
    match value {
        Value::Object(rule) => named_rule(rule),
        Value::Array(_) => Err(PatternError::UnknownRule(value.to_string())),
        scalar => Ok(Rule::Is(scalar.clone())),
    }
}

fn named_rule(rule: &Map<String, Value>) -> Result<Rule, PatternError> {
    let unknown = || PatternError::UnknownRule(rule.keys().cloned().collect::<Vec<_>>().join(", "));
    let (name, value) = rule.iter().next().filter(|_| rule.len() == 1).ok_or_else(unknown)?;
    let parsed = match (name.as_str(), value) {
        ("prefix", Value::String(prefix)) => Rule::Prefix(prefix.clone()),
        ("exists", Value::Bool(expected)) => Rule::Exists(*expected),
        ("anything-but", Value::Array(others)) if others.iter().all(is_scalar) => {
            Rule::AnythingBut(others.clone())
        }
        ("anything-but", other) if is_scalar(other) => Rule::AnythingBut(vec![other.clone()]),
        ("prefix" | "exists" | "anything-but", _) => return Err(PatternError::WrongRule(name.clone())),
        ("numeric", _) => return Err(PatternError::Numeric),
        _ => return Err(unknown()),
    };
    Ok(parsed)
}

fn is_scalar(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn matches(pattern: &Value, record: &Value) -> bool {
        Pattern::parse(pattern).unwrap().matches(record)
    }

    #[test]
    fn all_fields_must_match_and_one_rule_of_each() {
        let pattern = json!({"eventName": ["INSERT", "MODIFY"], "dynamodb": {"Keys": {"id": {"S": ["a"]}}}});
        let record =
            |event: &str, id: &str| json!({"eventName": event, "dynamodb": {"Keys": {"id": {"S": id}}}});
        assert!(matches(&pattern, &record("INSERT", "a")));
        assert!(matches(&pattern, &record("MODIFY", "a")));
        assert!(!matches(&pattern, &record("REMOVE", "a")));
        assert!(!matches(&pattern, &record("INSERT", "b")));
        assert!(!matches(&pattern, &json!({"eventName": "INSERT"})));
    }

    #[test]
    fn a_leaf_exists_or_it_does_not() {
        let has_engine = json!({"dynamodb": {"NewImage": {"engine": {"S": [{"exists": true}]}}}});
        let no_engine = json!({"dynamodb": {"NewImage": {"engine": {"S": [{"exists": false}]}}}});
        let own_row = json!({"dynamodb": {"NewImage": {"engine": {"S": "x"}}}});
        let room_row = json!({"dynamodb": {"NewImage": {"socket": {"S": "x"}}}});
        assert!(matches(&has_engine, &own_row) && !matches(&has_engine, &room_row));
        assert!(!matches(&no_engine, &own_row) && matches(&no_engine, &room_row));
    }

    #[test]
    fn prefix_and_anything_but_match_by_value() {
        assert!(matches(&json!({"a": [{"prefix": "/ho"}]}), &json!({"a": "/home"})));
        assert!(!matches(&json!({"a": [{"prefix": "/ho"}]}), &json!({"a": "/away"})));
        assert!(matches(&json!({"a": [{"anything-but": ["x", "y"]}]}), &json!({"a": "z"})));
        assert!(!matches(&json!({"a": [{"anything-but": "x"}]}), &json!({"a": "x"})));
        assert!(!matches(&json!({"a": [{"anything-but": "x"}]}), &json!({})));
        assert!(matches(&json!({"a": ["x"]}), &json!({"a": ["w", "x"]})));
    }

    #[test]
    fn unsupported_rules_are_refused_by_name() {
        for (pattern, refusal) in [
            (json!([]), "a pattern is a mapping of fields to lists of values"),
            (json!({}), "a pattern is a mapping of fields to lists of values"),
            (json!({"eventName": "INSERT"}), "`eventName` must be a mapping or a list of values"),
            (json!({"eventName": []}), "`eventName` is an empty list, which matches nothing"),
            (
                json!({"a": [{"suffix": "x"}]}),
                "the local cloud does not support the rule `suffix`: use exact values, prefix, exists or anything-but",
            ),
            (json!({"a": [{"exists": "yes"}]}), "`exists` has an invalid value"),
            (
                json!({"a": [{"numeric": [">", 1]}]}),
                "`numeric` matches no record of a stream, because its numbers are strings: use exact values",
            ),
        ] {
            assert_eq!(Pattern::parse(&pattern).unwrap_err().to_string(), refusal);
        }
    }
}
