//! Response headers policies: the headers that a distribution adds to responses.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use sam_template::ResponseHeader;

/// A response headers policy. It applies to every response of a behaviour.
#[derive(Debug, Default)]
pub(super) struct Policy {
    headers: Vec<(HeaderName, HeaderValue, Overrides)>,
}

/// Whether a header of the policy replaces the origin's.
type Overrides = bool;

impl Policy {
    /// Parses the policy of a template. Invalid headers are skipped: CloudFormation rejects them.
    pub(super) fn of(declared: &[ResponseHeader]) -> Self {
        let header = |ResponseHeader { name, value, overrides }: &ResponseHeader| {
            Some((name.parse().ok()?, value.parse().ok()?, *overrides))
        };
        Self { headers: declared.iter().filter_map(header).collect() }
    }

    /// Adds each header to a response that lacks it. A header that overrides replaces the origin's.
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
    fn a_policy_adds_missing_headers_and_replaces_only_those_that_it_overrides() {
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
