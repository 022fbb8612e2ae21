//! The values of a template, each with its line for error messages.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Number, Value};

/// A value, and the line on which it begins. An entry of a mapping has the line of its key.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) kind: Kind,
}

/// The kind of a value.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Kind {
    #[default]
    Null,
    Flag(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Fields(Fields),
}

/// The entries of a mapping.
pub(crate) type Fields = BTreeMap<String, Node>;

/// A place in the template: a path from the logical id or section through the properties, and a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The path: `Orders.KeySchema[0]`.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
}

impl Node {
    pub(crate) fn new(line: usize, kind: Kind) -> Self {
        Self { line, kind }
    }

    pub(crate) fn text(line: usize, text: impl Into<String>) -> Self {
        Self::new(line, Kind::Text(text.into()))
    }

    pub(crate) fn is_null(&self) -> bool {
        self.kind == Kind::Null
    }

    /// Returns the text, if the value is one.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns a scalar as text. As in CloudFormation, numbers and booleans are converted.
    pub(crate) fn scalar(&self) -> Option<String> {
        match &self.kind {
            Kind::Text(text) => Some(text.clone()),
            Kind::Number(number) => Some(number.to_string()),
            Kind::Flag(flag) => Some(flag.to_string()),
            Kind::Null | Kind::List(_) | Kind::Fields(_) => None,
        }
    }

    /// Returns the entries, if the value is a mapping.
    pub(crate) fn fields(&self) -> Option<&Fields> {
        match &self.kind {
            Kind::Fields(fields) => Some(fields),
            _ => None,
        }
    }

    /// Returns the items, if the value is a list.
    pub(crate) fn items(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    /// Returns an entry, if the value is a mapping with this key.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        self.fields()?.get(name)
    }

    /// Returns the key and the value of a mapping with one entry, such as an intrinsic.
    pub(crate) fn alone(&self) -> Option<(&str, &Self)> {
        let fields = self.fields()?;
        let (name, argument) = fields.iter().next().filter(|_| fields.len() == 1)?;
        Some((name, argument))
    }

    /// Returns the name and the argument of an intrinsic.
    pub(crate) fn intrinsic(&self) -> Option<(&str, &Self)> {
        self.alone().filter(|(name, _)| *name == "Ref" || name.starts_with("Fn::"))
    }

    /// Returns the items with their places. A value that is not a list counts as the only item, for properties that IAM and SAM
    /// accept in both forms.
    pub(crate) fn one_or_more(self, at: &Place) -> Vec<(Place, Self)> {
        match self.kind {
            Kind::List(items) => {
                let place = |(index, item): (usize, Self)| (at.item(index, item.line), item);
                items.into_iter().enumerate().map(place).collect()
            }
            kind => vec![(at.clone(), Self::new(self.line, kind))],
        }
    }

    /// Converts the value to JSON, without lines.
    pub(crate) fn into_json(self) -> Value {
        match self.kind {
            Kind::Null => Value::Null,
            Kind::Flag(flag) => flag.into(),
            Kind::Number(number) => number.into(),
            Kind::Text(text) => text.into(),
            Kind::List(items) => items.into_iter().map(Self::into_json).collect(),
            Kind::Fields(fields) => {
                fields.into_iter().map(|(name, value)| (name, value.into_json())).collect()
            }
        }
    }
}

impl Place {
    pub(crate) fn new(path: impl Into<String>, line: usize) -> Self {
        Self { path: path.into(), line }
    }

    /// Returns the place of an entry.
    pub(crate) fn field(&self, name: &str, line: usize) -> Self {
        Self::new(format!("{self}.{name}"), line)
    }

    /// Returns the place of an item.
    pub(crate) fn item(&self, index: usize, line: usize) -> Self {
        Self::new(format!("{self}[{index}]"), line)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

/// Converts JSON to a value without lines, for tests.
#[cfg(test)]
impl From<Value> for Node {
    fn from(value: Value) -> Self {
        let kind = match value {
            Value::Null => Kind::Null,
            Value::Bool(flag) => Kind::Flag(flag),
            Value::Number(number) => Kind::Number(number),
            Value::String(text) => Kind::Text(text),
            Value::Array(items) => Kind::List(items.into_iter().map(Self::from).collect()),
            Value::Object(fields) => {
                Kind::Fields(fields.into_iter().map(|(name, value)| (name, value.into())).collect())
            }
        };
        Self::new(0, kind)
    }
}
