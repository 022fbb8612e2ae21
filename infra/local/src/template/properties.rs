//! Properties that are taken one by one, so that one which nobody took is found and refused.

use std::ops::RangeInclusive;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::{Problem, accepted};

/// A mapping of the template, of which each entry must be taken or accepted.
#[derive(Debug)]
pub(super) struct Properties {
    at: String,
    left: Map<String, Value>,
}

impl Properties {
    /// The entries of a mapping that stands at this place.
    pub(super) fn of(at: impl Into<String>, value: Value) -> Result<Self, Problem> {
        let at = at.into();
        match value {
            Value::Object(left) => Ok(Self { at, left }),
            Value::Null => Ok(Self { at, left: Map::new() }),
            _ => Err(Problem::refused(at, "a mapping is expected")),
        }
    }

    /// The place of the mapping itself.
    pub(super) fn at_all(&self) -> &str {
        &self.at
    }

    /// The place of an entry.
    pub(super) fn at(&self, name: &str) -> String {
        format!("{}.{name}", self.at)
    }

    /// An entry of any kind.
    pub(super) fn optional(&mut self, name: &str) -> Option<Value> {
        self.left.remove(name).filter(|value| !value.is_null())
    }

    /// An entry of any kind that must be there.
    pub(super) fn required(&mut self, name: &str) -> Result<Value, Problem> {
        self.optional(name).ok_or_else(|| Problem::Missing { at: self.at(name) })
    }

    /// A text that must be there.
    pub(super) fn text(&mut self, name: &str) -> Result<String, Problem> {
        self.optional_text(name)?.ok_or_else(|| Problem::Missing { at: self.at(name) })
    }

    /// A text. Numbers and booleans count as such, as CloudFormation has it.
    pub(super) fn optional_text(&mut self, name: &str) -> Result<Option<String>, Problem> {
        self.optional(name).map(|value| text(&self.at(name), &value)).transpose()
    }

    /// A list of texts.
    pub(super) fn optional_texts(&mut self, name: &str) -> Result<Option<Vec<String>>, Problem> {
        let at = self.at(name);
        let texts = |items: Vec<Value>| items.iter().map(|item| text(&at, item)).collect();
        self.items(name)?.map(texts).transpose()
    }

    /// A text that must be one of these, if it is there.
    pub(super) fn only(&mut self, name: &str, allowed: &[&str]) -> Result<Option<String>, Problem> {
        let value = self.optional_text(name)?;
        match &value {
            Some(value) if !allowed.contains(&value.as_str()) => Err(Problem::refused(
                self.at(name),
                format!("`{value}` is not run: the local cloud runs {}", allowed.join(", ")),
            )),
            _ => Ok(value),
        }
    }

    /// A whole number within bounds.
    pub(super) fn integer<T>(&mut self, name: &str, bounds: RangeInclusive<T>) -> Result<Option<T>, Problem>
    where
        T: FromStr + PartialOrd + std::fmt::Display,
    {
        let Some(value) = self.optional_text(name)? else { return Ok(None) };
        match value.parse() {
            Ok(number) if bounds.contains(&number) => Ok(Some(number)),
            _ => Err(Problem::refused(
                self.at(name),
                format!("`{value}` is no whole number from {} to {}", bounds.start(), bounds.end()),
            )),
        }
    }

    /// A number.
    pub(super) fn optional_number(&mut self, name: &str) -> Result<Option<f64>, Problem> {
        let Some(value) = self.optional_text(name)? else { return Ok(None) };
        let number =
            value.parse().map_err(|_| Problem::refused(self.at(name), format!("`{value}` is no number")))?;
        Ok(Some(number))
    }

    /// A yes or no.
    pub(super) fn flag(&mut self, name: &str) -> Result<Option<bool>, Problem> {
        match self.optional_text(name)?.as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => {
                Err(Problem::refused(self.at(name), format!("`{other}` is neither true nor false")))
            }
        }
    }

    /// A mapping.
    pub(super) fn section(&mut self, name: &str) -> Result<Option<Self>, Problem> {
        self.optional(name).map(|value| Self::of(self.at(name), value)).transpose()
    }

    /// A list of mappings; empty if there is none.
    pub(super) fn sections(&mut self, name: &str) -> Result<Vec<Self>, Problem> {
        let at = self.at(name);
        let items = self.items(name)?.unwrap_or_default();
        items.into_iter().enumerate().map(|(index, item)| Self::of(format!("{at}[{index}]"), item)).collect()
    }

    /// The entries that are left, each a mapping.
    pub(super) fn named_sections(self) -> Result<Vec<(String, Self)>, Problem> {
        let at = self.at;
        let section =
            |(name, value): (String, Value)| Ok((name.clone(), Self::of(format!("{at}.{name}"), value)?));
        self.left.into_iter().map(section).collect()
    }

    /// The entries that are left, each a text.
    pub(super) fn named_texts(self) -> Result<Vec<(String, String)>, Problem> {
        let at = self.at;
        let entry = |(name, value): (String, Value)| {
            let value = text(&format!("{at}.{name}"), &value)?;
            Ok((name, value))
        };
        self.left.into_iter().map(entry).collect()
    }

    /// Drops the entries that have no effect here for something of this kind.
    pub(super) fn accept(&mut self, kind: &str) {
        for name in accepted::properties(kind) {
            self.left.remove(name);
        }
    }

    /// Refuses the first entry that nobody took.
    pub(super) fn finish(self) -> Result<(), Problem> {
        match self.left.keys().next() {
            Some(name) => Err(Problem::UnknownProperty { at: self.at(name) }),
            None => Ok(()),
        }
    }

    fn items(&mut self, name: &str) -> Result<Option<Vec<Value>>, Problem> {
        match self.optional(name) {
            None => Ok(None),
            Some(Value::Array(items)) => Ok(Some(items)),
            Some(_) => Err(Problem::refused(self.at(name), "a list is expected")),
        }
    }
}

fn text(at: &str, value: &Value) -> Result<String, Problem> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        _ => Err(Problem::refused(at, "a text is expected")),
    }
}
