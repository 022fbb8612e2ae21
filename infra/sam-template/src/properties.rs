//! Properties that are taken one by one, so that one which nobody took is found and refused.
//!
//! What is wrong with an entry is reported to the list of problems, and the entry counts as absent from then on.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::accepted;
use crate::error::Problems;
use crate::node::{Fields, Kind, Node, Place};

/// A mapping of the template, of which each entry must be taken or accepted.
#[derive(Debug)]
pub(crate) struct Properties {
    place: Place,
    remaining: Fields,
    /// Of all entries, also those that were taken.
    lines: BTreeMap<String, usize>,
    problems: Problems,
}

impl Properties {
    /// The entries of a mapping at this place.
    pub(crate) fn of(place: Place, node: Node, problems: &Problems) -> Self {
        let remaining = match node.kind {
            Kind::Fields(fields) => fields,
            Kind::Null => Fields::new(),
            _ => {
                problems.refuse(place.clone(), "a mapping is expected");
                Fields::new()
            }
        };
        let lines = remaining.iter().map(|(name, value)| (name.clone(), value.line)).collect();
        Self { place, remaining, lines, problems: problems.clone() }
    }

    /// The place of the mapping itself.
    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// The place of an entry; one that is not there would be in the mapping.
    pub(crate) fn at(&self, name: &str) -> Place {
        self.place.field(name, self.lines.get(name).copied().unwrap_or(self.place.line))
    }

    /// Where what is wrong is reported.
    pub(crate) fn problems(&self) -> &Problems {
        &self.problems
    }

    /// Reports what is wrong with an entry.
    pub(crate) fn refuse(&self, name: &str, reason: impl Into<String>) {
        self.problems.refuse(self.at(name), reason);
    }

    /// The names of the entries that remain.
    pub(crate) fn names(&self) -> Vec<String> {
        self.remaining.keys().cloned().collect()
    }

    /// An entry of any kind.
    pub(crate) fn optional(&mut self, name: &str) -> Option<Node> {
        self.remaining.remove(name).filter(|value| !value.is_null())
    }

    /// An entry of any kind that must be there.
    pub(crate) fn required(&mut self, name: &str) -> Option<Node> {
        let value = self.optional(name);
        if value.is_none() {
            self.problems.missing(self.at(name));
        }
        value
    }

    /// A text that must be there; empty if it is not.
    pub(crate) fn text(&mut self, name: &str) -> String {
        let text = self.optional_text(name);
        if text.is_none() {
            self.problems.missing(self.at(name));
        }
        text.unwrap_or_default()
    }

    /// A text. Numbers and booleans count as such, as CloudFormation has it.
    pub(crate) fn optional_text(&mut self, name: &str) -> Option<String> {
        let value = self.optional(name)?;
        text(&self.at(name), &value, &self.problems)
    }

    /// A list of texts.
    pub(crate) fn optional_texts(&mut self, name: &str) -> Option<Vec<String>> {
        let items = self.items(name)?;
        Some(items.iter().filter_map(|(at, item)| text(at, item, &self.problems)).collect())
    }

    /// A text that must be one of these, if it is there.
    pub(crate) fn only(&mut self, name: &str, allowed: &[&str]) -> Option<String> {
        let value = self.optional_text(name)?;
        if allowed.contains(&value.as_str()) {
            return Some(value);
        }
        self.refuse(name, format!("`{value}` is not run: the local cloud runs {}", allowed.join(", ")));
        None
    }

    /// A whole number within bounds.
    pub(crate) fn integer<T>(&mut self, name: &str, bounds: RangeInclusive<T>) -> Option<T>
    where
        T: FromStr + PartialOrd + std::fmt::Display,
    {
        let value = self.optional_text(name)?;
        let number = value.parse().ok().filter(|number| bounds.contains(number));
        if number.is_none() {
            let (least, most) = (bounds.start(), bounds.end());
            self.refuse(name, format!("`{value}` is no whole number from {least} to {most}"));
        }
        number
    }

    /// A number.
    pub(crate) fn optional_number(&mut self, name: &str) -> Option<f64> {
        let value = self.optional_text(name)?;
        let number = value.parse().ok();
        if number.is_none() {
            self.refuse(name, format!("`{value}` is no number"));
        }
        number
    }

    /// A yes or no.
    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        let value = self.optional_text(name)?;
        let flag = value.parse().ok();
        if flag.is_none() {
            self.refuse(name, format!("`{value}` is neither true nor false"));
        }
        flag
    }

    /// A mapping.
    pub(crate) fn section(&mut self, name: &str) -> Option<Self> {
        let value = self.optional(name)?;
        Some(Self::of(self.at(name), value, &self.problems))
    }

    /// A mapping that must be there; empty if it is not.
    pub(crate) fn required_section(&mut self, name: &str) -> Self {
        let value = self.required(name).unwrap_or_default();
        Self::of(self.at(name), value, &self.problems)
    }

    /// A list of mappings; empty if there is none.
    pub(crate) fn sections(&mut self, name: &str) -> Vec<Self> {
        let items = self.items(name).unwrap_or_default();
        items.into_iter().map(|(at, item)| Self::of(at, item, &self.problems)).collect()
    }

    /// The entries that remain, each a mapping.
    pub(crate) fn named_sections(self) -> Vec<(String, Self)> {
        let Self { place, remaining, problems, .. } = self;
        let section = |(name, value): (String, Node)| {
            let at = place.field(&name, value.line);
            (name, Self::of(at, value, &problems))
        };
        remaining.into_iter().map(section).collect()
    }

    /// The entries that remain, each a text.
    pub(crate) fn named_texts(self) -> Vec<(String, String)> {
        let Self { place, remaining, problems, .. } = self;
        let entry = |(name, value): (String, Node)| {
            let value = text(&place.field(&name, value.line), &value, &problems)?;
            Some((name, value))
        };
        remaining.into_iter().filter_map(entry).collect()
    }

    /// Drops the entries that have no effect here for something of this kind.
    pub(crate) fn accept(&mut self, kind: &str) {
        for name in accepted::properties(kind) {
            self.remaining.remove(name);
        }
    }

    /// Refuses the entries that nobody took.
    pub(crate) fn finish(self) {
        for name in self.remaining.keys() {
            self.problems.unknown_property(self.at(name));
        }
    }

    fn items(&mut self, name: &str) -> Option<Vec<(Place, Node)>> {
        let value = self.optional(name)?;
        let at = self.at(name);
        if value.items().is_none() {
            self.problems.refuse(at, "a list is expected");
            return None;
        }
        Some(value.one_or_more(&at))
    }
}

fn text(at: &Place, value: &Node, problems: &Problems) -> Option<String> {
    let text = value.scalar();
    if text.is_none() {
        problems.refuse(at.clone(), "a text is expected");
    }
    text
}
