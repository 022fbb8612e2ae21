//! The edge in front of the APIs: CloudFront, or a reverse proxy.
//!
//! Each API also has its own address, which cannot be closed. The edge therefore sends a secret with each request.

use std::fmt;
use std::str::FromStr;

use subtle::ConstantTimeEq as _;
use tracing::warn;

use crate::environment::{Environment, EnvironmentError};
use crate::is_sam_local;

/// The header in which the edge sends its secret.
pub const EDGE_HEADER: &str = "x-front-door";

/// The variable with the secret of the edge.
pub const EDGE_SECRET: &str = "FRONT_DOOR";

/// The variable that says whether the template has an edge: `yes` or `no`.
pub const EDGE: &str = "EDGE";

/// The edge, as a function knows it.
///
/// ```
/// use aws::Edge;
///
/// let edge = Edge::new("secret", true);
/// assert!(edge.refuses(None));
/// assert!(!edge.refuses(Some(b"secret")));
/// ```
#[derive(Clone)]
pub struct Edge {
    secret: String,
    is_required: bool,
}

impl Edge {
    /// Creates an edge with its secret. If it is required, requests around it are refused.
    #[must_use]
    pub fn new(secret: impl Into<String>, is_required: bool) -> Self {
        Self { secret: secret.into(), is_required }
    }

    /// Reads the edge from [`EDGE_SECRET`] and [`EDGE`].
    ///
    /// # Errors
    /// If a variable is not set, or [`EDGE`] is neither `yes` nor `no`.
    ///
    /// # Panics
    /// If the function's environment does not list both variables.
    pub fn from_environment(environment: Environment) -> Result<Self, EnvironmentError> {
        let Answer(is_required) = environment.parse(EDGE)?;
        if is_required && is_sam_local() {
            warn!(
                "sam local has no CloudFront, so requests are refused. Add Edge=no to --parameter-overrides."
            );
        }
        Ok(Self::new(environment.get(EDGE_SECRET)?, is_required))
    }

    /// Returns whether the value of [`EDGE_HEADER`] shows that a request came through the edge.
    ///
    /// Compares in constant time, so that the response time reveals nothing about the secret.
    #[must_use]
    pub fn has_sent(&self, value: Option<&[u8]>) -> bool {
        let is_equal = |value: &[u8]| bool::from(value.ct_eq(self.secret.as_bytes()));
        !self.secret.is_empty() && value.is_some_and(is_equal)
    }

    /// Returns whether to refuse a request with this value of [`EDGE_HEADER`].
    #[must_use]
    pub fn refuses(&self, value: Option<&[u8]>) -> bool {
        self.is_required && !self.has_sent(value)
    }
}

/// Shows no secret, since `Debug` output may reach a log.
impl fmt::Debug for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edge").field("is_required", &self.is_required).finish_non_exhaustive()
    }
}

/// The value of [`EDGE`].
struct Answer(bool);

impl FromStr for Answer {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "yes" => Ok(Self(true)),
            "no" => Ok(Self(false)),
            _ => Err("is neither yes nor no"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRONG: [Option<&[u8]>; 6] =
        [None, Some(b""), Some(b"secre"), Some(b"Secret"), Some(b"secrets"), Some(b"secret,secret")];

    #[test]
    fn only_the_exact_secret_shows_that_a_request_came_through_the_edge() {
        for is_required in [true, false] {
            let edge = Edge::new("secret", is_required);
            assert!(edge.has_sent(Some(b"secret")));
            for value in WRONG {
                assert!(!edge.has_sent(value), "{value:?}");
            }
        }
    }

    #[test]
    fn a_request_around_the_edge_is_refused_only_if_the_edge_is_required() {
        for value in WRONG {
            assert!(Edge::new("secret", true).refuses(value), "{value:?}");
            assert!(!Edge::new("secret", false).refuses(value), "{value:?}");
        }
        assert!(!Edge::new("secret", true).refuses(Some(b"secret")));
    }

    #[test]
    fn an_empty_secret_is_never_sent() {
        let edge = Edge::new("", true);
        assert!(!edge.has_sent(Some(b"")) && edge.refuses(Some(b"")) && edge.refuses(None));
    }

    #[test]
    fn the_secret_is_not_shown() {
        let shown = format!("{:?}", Edge::new("a-secret", true));
        assert!(!shown.contains("a-secret"), "{shown}");
    }

    #[test]
    fn the_variable_is_yes_or_no() {
        assert!("yes".parse::<Answer>().is_ok_and(|answer| answer.0));
        assert!("no".parse::<Answer>().is_ok_and(|answer| !answer.0));
        for wrong in ["", "true", "Yes"] {
            assert!(wrong.parse::<Answer>().is_err(), "{wrong}");
        }
    }
}
