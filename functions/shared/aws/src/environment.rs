//! The environment variables that the template gives to a function.

use std::env;
use std::fmt::Display;
use std::str::FromStr;

/// The variable with another endpoint for DynamoDB. [`dynamodb`](crate::dynamodb) reads it.
pub const DYNAMODB_ENDPOINT: &str = "DYNAMODB_ENDPOINT";

/// The variable with the endpoint of `@connections`. The SDK's client for it reads it.
pub const CONNECTIONS_ENDPOINT: &str = "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI";

/// Reads the environment variables that a function declares.
///
/// Each function lists them in a constant, and the template is compared with that constant. So a variable that is not
/// in the list cannot be read.
///
/// ```
/// use aws::Environment;
///
/// const ENVIRONMENT: &[&str] = &["PATH"];
///
/// let environment = Environment::new(ENVIRONMENT);
/// assert!(environment.get("PATH").is_ok());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Environment {
    names: &'static [&'static str],
}

/// Explains which environment variable cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentError {
    name: String,
    reason: String,
}

impl Environment {
    /// Creates a reader of the variables with these names.
    #[must_use]
    pub const fn new(names: &'static [&'static str]) -> Self {
        Self { names }
    }

    /// Returns the value of a variable.
    ///
    /// # Errors
    /// If the variable is not set, or is not Unicode.
    ///
    /// # Panics
    /// If the variable is not among the declared names. That is a bug, which the function's first start shows.
    pub fn get(&self, name: &str) -> Result<String, EnvironmentError> {
        assert!(self.names.contains(&name), "{name} is not in the function's list of environment variables");
        env::var(name).map_err(|error| EnvironmentError::new(name, &error))
    }

    /// Returns the value of a variable, parsed.
    ///
    /// # Errors
    /// If the variable is not set, or its value cannot be parsed.
    ///
    /// # Panics
    /// As [`get`](Self::get).
    pub fn parse<T: FromStr<Err: Display>>(&self, name: &str) -> Result<T, EnvironmentError> {
        self.get(name)?.parse().map_err(|error| EnvironmentError::new(name, &error))
    }
}

impl EnvironmentError {
    fn new(name: &str, reason: &dyn Display) -> Self {
        Self { name: name.to_owned(), reason: reason.to_string() }
    }
}

impl Display for EnvironmentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the environment variable {}: {}", self.name, self.reason)
    }
}

impl std::error::Error for EnvironmentError {}

#[cfg(test)]
mod tests {
    use super::*;

    const ENVIRONMENT: Environment = Environment::new(&["CARGO_PKG_NAME", "NOT_SET"]);

    #[test]
    fn a_variable_is_read_and_parsed() {
        assert_eq!(ENVIRONMENT.get("CARGO_PKG_NAME").as_deref(), Ok("aws"));
        assert_eq!(ENVIRONMENT.parse("CARGO_PKG_NAME"), Ok("aws".to_owned()));
    }

    #[test]
    fn an_error_names_the_variable_and_the_reason() {
        let error = ENVIRONMENT.get("NOT_SET").unwrap_err();
        assert_eq!(error.to_string(), "the environment variable NOT_SET: environment variable not found");
        let error = ENVIRONMENT.parse::<u16>("CARGO_PKG_NAME").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the environment variable CARGO_PKG_NAME: invalid digit found in string"
        );
    }

    #[test]
    #[should_panic(expected = "PATH is not in the function's list")]
    fn a_variable_that_is_not_listed_cannot_be_read() {
        let _ = ENVIRONMENT.get("PATH");
    }
}
