//! The template's values, each with the line that it begins on, so that whoever refuses one can say where it is.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Number, Value};

/// A value, and the line that it begins on. Of an entry of a mapping, that is the line of its name.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) kind: Kind,
}

/// What a value can be.
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

/// A place in the template: the logical id or the section, then the properties that lead there; and its line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// `Orders.KeySchema[0]`, for example.
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

    /// Its text, if it is one.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A scalar as text: numbers and booleans count as such, as CloudFormation has it.
    pub(crate) fn scalar(&self) -> Option<String> {
        match &self.kind {
            Kind::Text(text) => Some(text.clone()),
            Kind::Number(number) => Some(number.to_string()),
            Kind::Flag(flag) => Some(flag.to_string()),
            Kind::Null | Kind::List(_) | Kind::Fields(_) => None,
        }
    }

    /// Its entries, if it is a mapping.
    pub(crate) fn fields(&self) -> Option<&Fields> {
        match &self.kind {
            Kind::Fields(fields) => Some(fields),
            _ => None,
        }
    }

    /// Its items, if it is a list.
    pub(crate) fn items(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    /// An entry, if it is a mapping that has it.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        self.fields()?.get(name)
    }

    /// The name and the argument, if it is a mapping of one entry, as intrinsics are.
    pub(crate) fn alone(&self) -> Option<(&str, &Self)> {
        let fields = self.fields()?;
        let (name, argument) = fields.iter().next().filter(|_| fields.len() == 1)?;
        Some((name, argument))
    }

    /// The name and the argument of an intrinsic.
    pub(crate) fn intrinsic(&self) -> Option<(&str, &Self)> {
        self.alone().filter(|(name, _)| *name == "Ref" || name.starts_with("Fn::"))
    }

    /// Its items, each with its place; a value that is no list is the only item. So may be written what IAM and SAM take
    /// as one or as a list of them.
    pub(crate) fn one_or_more(self, at: &Place) -> Vec<(Place, Self)> {
        match self.kind {
            Kind::List(items) => {
                let place = |(index, item): (usize, Self)| (at.item(index, item.line), item);
                items.into_iter().enumerate().map(place).collect()
            }
            kind => vec![(at.clone(), Self::new(self.line, kind))],
        }
    }

    /// The same without the lines.
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

    /// The place of an entry.
    pub(crate) fn field(&self, name: &str, line: usize) -> Self {
        Self::new(format!("{self}.{name}"), line)
    }

    /// The place of an item.
    pub(crate) fn item(&self, index: usize, line: usize) -> Self {
        Self::new(format!("{self}[{index}]"), line)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

/// For tests, in which lines do not matter.
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
