//! The headers that a distribution adds to responses: what a response headers policy says.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use sam_template::ResponseHeader;

/// A response headers policy, as it is applied to every response of a behaviour.
#[derive(Debug, Default)]
pub(super) struct Policy {
    headers: Vec<(HeaderName, HeaderValue, bool)>,
}

impl Policy {
    /// The policy of a template. Its headers are such, or CloudFormation would refuse it.
    pub(super) fn of(declared: &[ResponseHeader]) -> Self {
        let header = |ResponseHeader { name, value, overrides }: &ResponseHeader| {
            Some((name.parse().ok()?, value.parse().ok()?, *overrides))
        };
        Self { headers: declared.iter().filter_map(header).collect() }
    }

    /// Adds the headers to those of a response, where it has none of the name or the policy overrides it.
    pub(super) fn apply(&self, headers: &mut HeaderMap) {
        for (name, value, overrides) in &self.headers {
            if *overrides || !headers.contains_key(name) {
                headers.insert(name, value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_adds_what_is_missing_and_overrides_only_where_it_says_so() {
        let header = |name: &str, overrides| ResponseHeader {
            name: name.to_owned(),
            value: "edge".to_owned(),
            overrides,
        };
        let policy =
            Policy::of(&[header("X-Missing", false), header("X-Kept", false), header("X-Replaced", true)]);
        let own = [("x-kept", "origin"), ("x-replaced", "origin"), ("x-other", "origin")];
        let mut headers: HeaderMap = own
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .into_iter()
            .collect();
        policy.apply(&mut headers);
        let shown =
            ["x-missing", "x-kept", "x-replaced", "x-other"].map(|name| headers[name].to_str().unwrap());
        assert_eq!(shown, ["edge", "origin", "edge", "origin"]);
    }
}
