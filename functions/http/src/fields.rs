//! Named values from outside, of which all that are wrong are told at once.

use std::collections::BTreeMap;
use std::fmt;

use notes::Invalid;

use crate::problem::Problem;

/// What is wrong with a request's fields, as far as they have been read.
#[derive(Debug, Default)]
pub(crate) struct FieldErrors {
    errors: BTreeMap<String, String>,
    too_large: bool,
}

impl FieldErrors {
    /// Notes what is wrong with a field.
    pub(crate) fn add(&mut self, name: impl Into<String>, error: impl Into<String>) {
        self.errors.insert(name.into(), error.into());
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
