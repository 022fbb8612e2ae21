//! Properties that are read one by one, so that unread ones are found and refused.
//!
//! An invalid entry is added to the list of problems, and counts as absent from then on.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::accepted;
use crate::error::Problems;
use crate::node::{Fields, Kind, Node, Place};

/// A mapping of the template. Each entry must be read or accepted.
#[derive(Debug)]
pub(crate) struct Properties {
    place: Place,
    remaining: Fields,
    /// Lines of all entries, including those that were read.
    lines: BTreeMap<String, usize>,
    problems: Problems,
}

impl Properties {
    /// Creates properties from the mapping at a place.
    pub(crate) fn of(place: Place, node: Node, problems: &Problems) -> Self {
        let remaining = match node.kind {
            Kind::Fields(fields) => fields,
            Kind::Null => Fields::new(),
            _ => {
                problems.refuse(place.clone(), "expected a mapping");
                Fields::new()
            }
        };
        let lines = remaining.iter().map(|(name, value)| (name.clone(), value.line)).collect();
        Self { place, remaining, lines, problems: problems.clone() }
    }

    /// Returns the place of the mapping.
    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// Returns the place of an entry. A missing entry has the line of the mapping.
    pub(crate) fn at(&self, name: &str) -> Place {
        self.place.field(name, self.lines.get(name).copied().unwrap_or(self.place.line))
    }

    /// Returns the list of problems.
    pub(crate) fn problems(&self) -> &Problems {
        &self.problems
    }

    /// Reports a problem with an entry.
    pub(crate) fn refuse(&self, name: &str, reason: impl Into<String>) {
        self.problems.refuse(self.at(name), reason);
    }

    /// Returns the names of the unread entries.
    pub(crate) fn names(&self) -> Vec<String> {
        self.remaining.keys().cloned().collect()
    }

    /// Reads an entry of any kind.
    pub(crate) fn optional(&mut self, name: &str) -> Option<Node> {
        self.remaining.remove(name).filter(|value| !value.is_null())
    }

    /// Reads an entry of any kind, which is required.
    pub(crate) fn required(&mut self, name: &str) -> Option<Node> {
        let value = self.optional(name);
        if value.is_none() {
            self.problems.missing(self.at(name));
        }
        value
    }

    /// Reads a required string. Returns an empty one if it is missing.
    pub(crate) fn text(&mut self, name: &str) -> String {
        let text = self.optional_text(name);
        if text.is_none() {
            self.problems.missing(self.at(name));
        }
        text.unwrap_or_default()
    }

    /// Reads a string. As in CloudFormation, numbers and booleans are converted.
    pub(crate) fn optional_text(&mut self, name: &str) -> Option<String> {
        let value = self.optional(name)?;
        text(&self.at(name), &value, &self.problems)
    }

    /// Reads a list of strings.
    pub(crate) fn optional_texts(&mut self, name: &str) -> Option<Vec<String>> {
        let items = self.items(name)?;
        Some(items.iter().filter_map(|(at, item)| text(at, item, &self.problems)).collect())
    }

    /// Reads a string that must be one of the allowed values.
    pub(crate) fn only(&mut self, name: &str, allowed: &[&str]) -> Option<String> {
        let value = self.optional_text(name)?;
        if allowed.contains(&value.as_str()) {
            return Some(value);
        }
        self.refuse(
            name,
            format!("`{value}` is not supported: the local cloud supports {}", allowed.join(", ")),
        );
        None
    }

    /// Reads an integer within bounds.
    pub(crate) fn integer<T>(&mut self, name: &str, bounds: RangeInclusive<T>) -> Option<T>
    where
        T: FromStr + PartialOrd + std::fmt::Display,
    {
        let value = self.optional_text(name)?;
        let number = value.parse().ok().filter(|number| bounds.contains(number));
        if number.is_none() {
            let (least, most) = (bounds.start(), bounds.end());
            self.refuse(name, format!("`{value}` is not a whole number from {least} to {most}"));
        }
        number
    }

    /// Reads a number.
    pub(crate) fn optional_number(&mut self, name: &str) -> Option<f64> {
        let value = self.optional_text(name)?;
        let number = value.parse().ok();
        if number.is_none() {
            self.refuse(name, format!("`{value}` is not a number"));
        }
        number
    }

    /// Reads a boolean.
    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        let value = self.optional_text(name)?;
        let flag = value.parse().ok();
        if flag.is_none() {
            self.refuse(name, format!("`{value}` is neither true nor false"));
        }
        flag
    }

    /// Reads a mapping.
    pub(crate) fn section(&mut self, name: &str) -> Option<Self> {
        let value = self.optional(name)?;
        Some(Self::of(self.at(name), value, &self.problems))
    }

    /// Reads a required mapping. Returns an empty one if it is missing.
    pub(crate) fn required_section(&mut self, name: &str) -> Self {
        let value = self.required(name).unwrap_or_default();
        Self::of(self.at(name), value, &self.problems)
    }

    /// Reads a list of mappings. Returns an empty one if it is missing.
    pub(crate) fn sections(&mut self, name: &str) -> Vec<Self> {
        let items = self.items(name).unwrap_or_default();
        items.into_iter().map(|(at, item)| Self::of(at, item, &self.problems)).collect()
    }

    /// Returns the unread entries, each a mapping.
    pub(crate) fn named_sections(self) -> Vec<(String, Self)> {
        let Self { place, remaining, problems, .. } = self;
        let section = |(name, value): (String, Node)| {
            let at = place.field(&name, value.line);
            (name, Self::of(at, value, &problems))
        };
        remaining.into_iter().map(section).collect()
    }

    /// Returns the unread entries, each a string.
    pub(crate) fn named_texts(self) -> Vec<(String, String)> {
        let Self { place, remaining, problems, .. } = self;
        let entry = |(name, value): (String, Node)| {
            let value = text(&place.field(&name, value.line), &value, &problems)?;
            Some((name, value))
        };
        remaining.into_iter().filter_map(entry).collect()
    }

    /// Drops the entries that are accepted without effect for a kind.
    pub(crate) fn accept(&mut self, kind: &str) {
        for name in accepted::properties(kind) {
            self.remaining.remove(name);
        }
    }

    /// Refuses the unread entries.
    pub(crate) fn finish(self) {
        for name in self.remaining.keys() {
            self.problems.unknown_property(self.at(name));
        }
    }

    fn items(&mut self, name: &str) -> Option<Vec<(Place, Node)>> {
        let value = self.optional(name)?;
        let at = self.at(name);
        if value.items().is_none() {
            self.problems.refuse(at, "expected a list");
            return None;
        }
        Some(value.one_or_more(&at))
    }
}

fn text(at: &Place, value: &Node, problems: &Problems) -> Option<String> {
    let text = value.scalar();
    if text.is_none() {
        problems.refuse(at.clone(), "expected a string");
    }
    text
}
