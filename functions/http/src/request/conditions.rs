//! The preconditions of a request: `If-Match` and `If-None-Match` (RFC 9110, section 13).

use axum::extract::FromRequestParts;
use axum::http::header::{IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

use super::headers;
use crate::entity_tag::EntityTags;
use crate::problem::Problem;

/// The preconditions of a request on the resource that it names.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    /// Act only if the resource has one of these tags.
    pub(crate) if_match: Option<EntityTags>,
    /// Act only if the resource has none of these tags.
    pub(crate) if_none_match: Option<EntityTags>,
}

/// The result of evaluating preconditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Precondition {
    /// All preconditions are true.
    Passed,
    /// `If-None-Match` is false: the client already has this version.
    NotModified,
    /// `If-Match` is false: the resource has another version.
    Failed,
}

impl Conditions {
    /// Evaluates the preconditions against the strong tag `opaque`, in the order of RFC 9110, section 13.2.2.
    ///
    /// `If-Match` comes first and uses the strong comparison. `If-None-Match` uses the weak one. Conditions on dates
    /// are ignored, because no resource has a modification date.
    pub(crate) fn evaluate(&self, opaque: &str) -> Precondition {
        if self.if_match.as_ref().is_some_and(|tags| !tags.any(|tag| !tag.weak && tag.opaque == opaque)) {
            return Precondition::Failed;
        }
        if self.if_none_match.as_ref().is_some_and(|tags| tags.any(|tag| tag.opaque == opaque)) {
            return Precondition::NotModified;
        }
        Precondition::Passed
    }
}

/// Parses one of the two headers. Returns `None` if the request does not have it.
fn parse(headers: &HeaderMap, name: &HeaderName) -> Result<Option<EntityTags>, Problem> {
    if !headers.contains_key(name) {
        return Ok(None);
    }
    let values: Vec<_> = headers::values(headers, name).collect();
    EntityTags::parse(&values.join(",")).map(Some).ok_or_else(|| {
        Problem::malformed(format!("The header {name} must contain entity tags, for example \"3\"."))
    })
}

impl TryFrom<&HeaderMap> for Conditions {
    type Error = Problem;

    fn try_from(headers: &HeaderMap) -> Result<Self, Problem> {
        Ok(Self { if_match: parse(headers, &IF_MATCH)?, if_none_match: parse(headers, &IF_NONE_MATCH)? })
    }
}

impl<S: Sync> FromRequestParts<S> for Conditions {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::try_from(&parts.headers)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::Precondition::{Failed, NotModified, Passed};
    use super::*;

    fn if_match(text: &str) -> Conditions {
        Conditions { if_match: Some(EntityTags::parse(text).unwrap()), if_none_match: None }
    }

    fn if_none_match(text: &str) -> Conditions {
        Conditions { if_match: None, if_none_match: Some(EntityTags::parse(text).unwrap()) }
    }

    #[test]
    fn a_weak_tag_matches_if_none_match_but_not_if_match() {
        assert_eq!(if_match(r#"W/"3""#).evaluate("3"), Failed);
        assert_eq!(if_none_match(r#"W/"3""#).evaluate("3"), NotModified);
    }

    #[test]
    fn a_list_matches_each_of_its_tags() {
        let list = "\"1\" ,, W/\"2\",\t\"a,b\",\"3\",";
        let results =
            |conditions: &Conditions| ["1", "2", "a,b", "3", "4"].map(|tag| conditions.evaluate(tag));
        assert_eq!(results(&if_match(list)), [Passed, Failed, Passed, Passed, Failed]);
        assert_eq!(
            results(&if_none_match(list)),
            [NotModified, NotModified, NotModified, NotModified, Passed]
        );
    }

    #[test]
    fn a_star_matches_everything_and_an_empty_tag_only_itself() {
        assert_eq!((if_match(" * ").evaluate("7"), if_none_match("*").evaluate("7")), (Passed, NotModified));
        assert_eq!((if_match(r#""""#).evaluate(""), if_match(r#""""#).evaluate("7")), (Passed, Failed));
    }

    #[test]
    fn an_empty_list_matches_nothing() {
        for text in ["", " ", ",", " ,\t, "] {
            assert_eq!(
                (if_match(text).evaluate("3"), if_none_match(text).evaluate("3")),
                (Failed, Passed),
                "{text:?}"
            );
        }
    }

    #[test]
    fn if_match_is_evaluated_before_if_none_match() {
        let both = |matching: &str, other: &str| {
            Conditions { if_none_match: if_none_match(other).if_none_match, ..if_match(matching) }
                .evaluate("3")
        };
        assert_eq!(both(r#""2""#, r#""3""#), Failed);
        assert_eq!(both(r#""3""#, r#""3""#), NotModified);
        assert_eq!(both(r#""3""#, "*"), NotModified);
        assert_eq!(both(r#""3""#, r#""2""#), Passed);
        assert_eq!(Conditions::default().evaluate("3"), Passed);
    }

    #[test]
    fn a_tag_may_contain_bytes_that_are_not_ascii() {
        let mut headers = HeaderMap::new();
        headers.append(IF_MATCH, "\"ä\u{80}\"".parse().unwrap());
        headers.append(IF_MATCH, HeaderValue::from_bytes(b"\"\xff\", \"3\"").unwrap());
        let conditions = Conditions::try_from(&headers).unwrap();
        assert_eq!((conditions.evaluate("3"), conditions.evaluate("4")), (Passed, Failed));
    }
}
