//! Collects the errors of a request's fields, so that one response reports all of them.

use std::collections::BTreeMap;
use std::fmt;

use notes::Invalid;

use crate::problem::Problem;

/// The maximum number of fields with a reported error. A request may have thousands.
const MAX_ERRORS: usize = 10;

/// The maximum length of a client's name or value in a response, in characters.
pub(super) const MAX_NAME_LENGTH: usize = 64;

/// The errors of a request's fields, at most ten.
#[derive(Debug, Default)]
pub(crate) struct FieldErrors {
    errors: BTreeMap<String, String>,
    too_large: bool,
}

impl FieldErrors {
    /// Adds the error of a field.
    pub(crate) fn add(&mut self, name: impl Into<String>, error: impl Into<String>) {
        let name = truncate(name.into(), MAX_NAME_LENGTH);
        if self.errors.len() < MAX_ERRORS || self.errors.contains_key(&name) {
            self.errors.insert(name, error.into());
        }
    }

    /// Returns the value of a field, or adds its error.
    pub(crate) fn check<T>(&mut self, name: &str, value: Result<T, Invalid>) -> Option<T> {
        value
            .inspect_err(|error| {
                self.too_large |= matches!(error, Invalid::TooLarge(_));
                self.add(name, error.to_string());
            })
            .ok()
    }

    /// Returns whether no field has an error.
    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// Returns the value made of all fields.
    ///
    /// # Errors
    ///
    /// Returns 413 if a field is too large, and 422 if any field has another error or the value is missing.
    pub(crate) fn finish<T>(self, whole: Option<T>) -> Result<T, Problem> {
        match whole {
            Some(whole) if self.errors.is_empty() => Ok(whole),
            _ if self.too_large => Err(Problem::too_large_fields(self.errors)),
            _ => Err(Problem::wrong_values(self.errors)),
        }
    }
}

/// Truncates a text to a number of characters. A truncated text ends with an ellipsis.
pub(super) fn truncate(mut text: String, max_length: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(max_length) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// Writes the errors as one sentence: `body is missing; title must be 1 to 200 characters`.
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
    fn ten_errors_are_kept_and_long_names_are_truncated() {
        let mut errors = FieldErrors::default();
        errors.add("title", "is missing");
        for number in 0..100_000 {
            errors.add(format!("{number}{}", "🦀".repeat(100)), "is unknown");
        }
        errors.add("title", "must be a string");
        assert_eq!(errors.errors.len(), 10);
        assert_eq!(errors.errors["title"], "must be a string");
        assert!(errors.errors.keys().all(|name| name.chars().count() <= MAX_NAME_LENGTH + 1));
        assert!(!errors.is_empty());
    }

    #[test]
    fn a_text_that_fits_is_not_truncated() {
        assert_eq!(truncate("ab🦀".into(), 3), "ab🦀");
        assert_eq!(truncate("ab🦀c".into(), 3), "ab🦀…");
    }
}
