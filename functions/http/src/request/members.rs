//! Parses the members of a JSON object and collects their errors.

use notes::Invalid;
use serde_json::{Map, Value};

use super::fields::FieldErrors;
use crate::problem::Problem;

/// A value that is parsed from the members of a JSON object.
pub(crate) trait FromMembers: Sized {
    /// Takes the members of the value. `members` records every error, and an object with errors is refused.
    fn from_members(members: &mut Members) -> Option<Self>;
}

/// The members of a JSON object that have not been taken yet, and the errors of those that have.
pub(crate) struct Members {
    remaining: Map<String, Value>,
    errors: FieldErrors,
}

impl Members {
    /// Takes a string that must be present.
    pub(crate) fn required<T>(&mut self, name: &str, parse: fn(&str) -> Result<T, Invalid>) -> Option<T> {
        if !self.remaining.contains_key(name) {
            self.errors.add(name, "is missing");
        }
        self.optional(name, parse)
    }

    /// Takes a string that may be absent.
    pub(crate) fn optional<T>(&mut self, name: &str, parse: fn(&str) -> Result<T, Invalid>) -> Option<T> {
        let Value::String(text) = self.remaining.remove(name)? else {
            self.errors.add(name, "must be a string");
            return None;
        };
        self.errors.check(name, parse(&text))
    }

    /// Takes an object that must be present.
    pub(crate) fn required_object<T>(
        &mut self,
        name: &str,
        parse: fn(&Value) -> Result<T, Invalid>,
    ) -> Option<T> {
        match self.remaining.remove(name) {
            Some(object @ Value::Object(_)) => return self.errors.check(name, parse(&object)),
            Some(_) => self.errors.add(name, "must be an object"),
            None => self.errors.add(name, "is missing"),
        }
        None
    }

    /// Takes a whole number of at least 0 that must be present.
    pub(crate) fn required_number<T>(
        &mut self,
        name: &str,
        parse: fn(u64) -> Result<T, Invalid>,
    ) -> Option<T> {
        let Some(value) = self.remaining.remove(name) else {
            self.errors.add(name, "is missing");
            return None;
        };
        let Some(number) = whole_number(&value) else {
            self.errors.add(name, "must be a whole number");
            return None;
        };
        self.errors.check(name, parse(number))
    }

    /// Takes a whole number of at least 0 that may be absent.
    pub(crate) fn optional_number<T>(
        &mut self,
        name: &str,
        parse: fn(u64) -> Result<T, Invalid>,
    ) -> Option<T> {
        if self.remaining.contains_key(name) { self.required_number(name, parse) } else { None }
    }

    /// Returns a value made of several members, or adds its error.
    pub(crate) fn check<T>(&mut self, name: &str, value: Result<T, Invalid>) -> Option<T> {
        self.errors.check(name, value)
    }

    /// Parses a whole request.
    ///
    /// # Errors
    ///
    /// Returns 413 or 422 with the errors of the members. Unknown members are errors.
    pub(super) fn parse<T: FromMembers>(object: Map<String, Value>) -> Result<T, Problem> {
        let (whole, errors) = Self::take_all(object);
        errors.finish(whole)
    }

    /// Parses a part of a request.
    ///
    /// # Errors
    ///
    /// Returns the errors of the members. Unknown members are errors.
    pub(super) fn parse_part<T: FromMembers>(object: Map<String, Value>) -> Result<T, FieldErrors> {
        let (whole, errors) = Self::take_all(object);
        whole.filter(|_| errors.is_empty()).ok_or(errors)
    }

    fn take_all<T: FromMembers>(object: Map<String, Value>) -> (Option<T>, FieldErrors) {
        let mut members = Self { remaining: object, errors: FieldErrors::default() };
        let whole = T::from_members(&mut members);
        let Self { remaining, mut errors } = members;
        for (name, _) in remaining {
            errors.add(name, "is unknown");
        }
        (whole, errors)
    }
}

/// Returns a whole number of at least 0. JSON does not distinguish `3.0` from `3`.
fn whole_number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_f64()?.to_string().parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_whole_number_may_be_written_with_a_fraction_of_zero() {
        for (value, number) in [
            (json!(3), Some(3)),
            (json!(3.0), Some(3)),
            (json!(0.0), Some(0)),
            (json!(1e3), Some(1000)),
            (json!(3.5), None),
            (json!(-1), None),
            (json!(-1.0), None),
            (json!(1e30), None),
            (json!("3"), None),
            (json!(null), None),
        ] {
            assert_eq!(whole_number(&value), number, "{value}");
        }
    }
}
