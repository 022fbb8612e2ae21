//! Named values from outside, of which all that are wrong are told at once.

use std::collections::BTreeMap;
use std::fmt;

use notes::Invalid;

use crate::problem::Problem;

/// The most fields that are told of. A request may hold thousands.
const MOST: usize = 10;

/// The longest name of a field that is said again, in characters. A client may send any.
pub(crate) const LONGEST_NAME: usize = 64;

/// The errors of a request's fields, at most ten.
#[derive(Debug, Default)]
pub(crate) struct FieldErrors {
    errors: BTreeMap<String, String>,
    too_large: bool,
}

impl FieldErrors {
    /// Notes what is wrong with a field.
    pub(crate) fn add(&mut self, name: impl Into<String>, error: impl Into<String>) {
        let name = cut(name.into(), LONGEST_NAME);
        if self.errors.len() < MOST || self.errors.contains_key(&name) {
            self.errors.insert(name, error.into());
        }
    }

    /// The value, or a note of what is wrong with it.
    pub(crate) fn check<T>(&mut self, name: &str, value: Result<T, Invalid>) -> Option<T> {
        value
            .inspect_err(|error| {
                self.too_large |= matches!(error, Invalid::TooLarge(_));
                self.add(name, error.to_string());
            })
            .ok()
    }

    /// Whether nothing was wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// The whole, unless something was wrong with a part.
    pub(crate) fn finish<T>(self, whole: Option<T>) -> Result<T, Problem> {
        match whole {
            Some(whole) if self.errors.is_empty() => Ok(whole),
            _ if self.too_large => Err(Problem::too_large_fields(self.errors)),
            _ => Err(Problem::wrong_values(self.errors)),
        }
    }
}

/// The beginning of a text that is longer than so many characters.
pub(crate) fn cut(mut text: String, longest: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(longest) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// In a sentence: `body is missing; title must be 1 to 200 characters`.
impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, error)) in self.errors.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{name} {error}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_fields_are_told_of_and_long_names_are_cut() {
        let mut errors = FieldErrors::default();
        errors.add("title", "is missing");
        for number in 0..100_000 {
            errors.add(format!("{number}{}", "🦀".repeat(100)), "is not known here");
        }
        errors.add("title", "must be a text");
        assert_eq!(errors.errors.len(), 10);
        assert_eq!(errors.errors["title"], "must be a text");
        assert!(errors.errors.keys().all(|name| name.chars().count() <= LONGEST_NAME + 1));
        assert!(!errors.is_empty());
    }

    #[test]
    fn a_text_that_fits_is_not_cut() {
        assert_eq!(cut("ab🦀".into(), 3), "ab🦀");
        assert_eq!(cut("ab🦀c".into(), 3), "ab🦀…");
    }
}
