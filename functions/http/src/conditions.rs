//! The conditions of a request: `If-Match` and `If-None-Match` (RFC 9110, section 13).

use axum::extract::FromRequestParts;
use axum::http::header::{IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use notes::Version;

use crate::header_text;
use crate::problem::Problem;

/// What a request wants to be true of what it names.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    /// Act if it is one of these.
    pub(crate) if_match: Option<Tags>,
    /// Act if it is none of these.
    pub(crate) if_none_match: Option<Tags>,
}

/// What conditions come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// All of them hold.
    Hold,
    /// It is none of those that it was to match.
    Other,
    /// It is one of those that it was not to match: the client has it.
    Known,
}

/// The entity tags of a condition.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Tags {
    /// `*`: whatever stands there.
    Any,
    /// These.
    Listed(Vec<Tag>),
}

/// An entity tag. Ours are strong, but a client may send any.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    weak: bool,
    opaque: String,
}

impl Conditions {
    /// What they come to for something whose strong tag is `opaque`, in the order of RFC 9110, 13.2.2: `If-Match`, by the
    /// strong comparison, then `If-None-Match`, by the weak one.
    ///
    /// Conditions on dates hold always: nothing of ours has a modification date.
    pub(crate) fn judge(&self, opaque: &str) -> Verdict {
        if self.if_match.as_ref().is_some_and(|tags| !tags.any(|tag| !tag.weak && tag.opaque == opaque)) {
            return Verdict::Other;
        }
        if self.if_none_match.as_ref().is_some_and(|tags| tags.any(|tag| tag.opaque == opaque)) {
            return Verdict::Known;
        }
        Verdict::Hold
    }

    /// The version that they come down to, if they are `If-Match` with one strong tag of ours: what clients send, and what
    /// a write can check by itself.
    pub(crate) fn only_version(&self) -> Option<Version> {
        match self {
            Self { if_match: Some(Tags::Listed(tags)), if_none_match: None } if tags.len() == 1 => {
                tags[0].version().filter(|_| !tags[0].weak)
            }
            _ => None,
        }
    }
}

impl Tags {
    fn any(&self, is_meant: impl Fn(&Tag) -> bool) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(tags) => tags.iter().any(is_meant),
        }
    }

    fn from_headers(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Self>, Problem> {
        if !headers.contains_key(name) {
            return Ok(None);
        }
        let lines: Vec<_> = header_text::lines(headers, name).collect();
        Self::parse(&lines.join(",")).map(Some).ok_or_else(|| {
            Problem::malformed(format!("The header {name} must hold entity tags, like \"3\"."))
        })
    }

    /// Reads a list of tags, which may be empty. A comma may stand within a tag too.
    fn parse(text: &str) -> Option<Self> {
        const SEPARATORS: [char; 3] = [' ', '\t', ','];
        if text.trim() == "*" {
            return Some(Self::Any);
        }
        let mut tags = Vec::new();
        let mut rest = text.trim_matches(SEPARATORS);
        while !rest.is_empty() {
            let (weak, tag) = rest.strip_prefix("W/").map_or((false, rest), |tag| (true, tag));
            let (opaque, after) = tag.strip_prefix('"')?.split_once('"')?;
            if opaque.contains(|character: char| character.is_ascii_control() || character == ' ') {
                return None;
            }
            tags.push(Tag { weak, opaque: opaque.into() });
            rest = after.trim_start_matches(SEPARATORS);
            if !rest.is_empty() && !after[..after.len() - rest.len()].contains(',') {
                return None;
            }
        }
        Some(Self::Listed(tags))
    }
}

impl Tag {
    /// The version that it holds, if it is a tag of ours: written as we write it, `"3"` and not `"+3"` or `"03"`.
    fn version(&self) -> Option<Version> {
        let version = self.opaque.parse().ok().and_then(Version::new);
        version.filter(|version| version.to_string() == self.opaque)
    }
}

impl TryFrom<&HeaderMap> for Conditions {
    type Error = Problem;

    fn try_from(headers: &HeaderMap) -> Result<Self, Problem> {
        Ok(Self {
            if_match: Tags::from_headers(headers, &IF_MATCH)?,
            if_none_match: Tags::from_headers(headers, &IF_NONE_MATCH)?,
        })
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

    use super::Verdict::{Hold, Known, Other};
    use super::*;

    fn if_match(text: &str) -> Conditions {
        Conditions { if_match: Some(Tags::parse(text).unwrap()), if_none_match: None }
    }

    fn if_none_match(text: &str) -> Conditions {
        Conditions { if_match: None, if_none_match: Some(Tags::parse(text).unwrap()) }
    }

    #[test]
    fn one_strong_tag_of_ours_names_a_version() {
        for text in [r#""3""#, r#" "3" "#, r#","3","#] {
            assert_eq!(if_match(text).only_version(), Version::new(3), "{text}");
        }
        for text in ["*", r#"W/"3""#, r#""3", "4""#, r#""03""#, r#""+3""#, r#""0""#, r#""3.0""#, r#""x""#] {
            assert_eq!(if_match(text).only_version(), None, "{text}");
        }
        assert_eq!(if_none_match(r#""3""#).only_version(), None);
        let both = Conditions { if_none_match: Some(Tags::Any), ..if_match(r#""3""#) };
        assert_eq!(both.only_version(), None);
    }

    #[test]
    fn a_weak_tag_matches_a_read_and_never_a_write() {
        assert_eq!(if_match(r#"W/"3""#).judge("3"), Other);
        assert_eq!(if_none_match(r#"W/"3""#).judge("3"), Known);
    }

    #[test]
    fn a_list_matches_each_of_its_tags() {
        let list = "\"1\" ,, W/\"2\",\t\"a,b\",\"3\",";
        let verdicts = |conditions: &Conditions| ["1", "2", "a,b", "3", "4"].map(|tag| conditions.judge(tag));
        assert_eq!(verdicts(&if_match(list)), [Hold, Other, Hold, Hold, Other]);
        assert_eq!(verdicts(&if_none_match(list)), [Known, Known, Known, Known, Hold]);
    }

    #[test]
    fn a_star_matches_everything_and_an_empty_tag_only_itself() {
        assert_eq!((if_match(" * ").judge("7"), if_none_match("*").judge("7")), (Hold, Known));
        assert_eq!((if_match(r#""""#).judge(""), if_match(r#""""#).judge("7")), (Hold, Other));
    }

    #[test]
    fn an_empty_list_matches_nothing() {
        for text in ["", " ", ",", " ,\t, "] {
            assert_eq!(
                (if_match(text).judge("3"), if_none_match(text).judge("3")),
                (Other, Hold),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_must_match_is_asked_before_what_must_not() {
        let both = |matching: &str, other: &str| {
            Conditions { if_none_match: if_none_match(other).if_none_match, ..if_match(matching) }.judge("3")
        };
        assert_eq!(both(r#""2""#, r#""3""#), Other);
        assert_eq!(both(r#""3""#, r#""3""#), Known);
        assert_eq!(both(r#""3""#, "*"), Known);
        assert_eq!(both(r#""3""#, r#""2""#), Hold);
        assert_eq!(Conditions::default().judge("3"), Hold);
    }

    #[test]
    fn a_tag_may_hold_what_is_not_ascii() {
        let mut headers = HeaderMap::new();
        headers.append(IF_MATCH, "\"ä\u{80}\"".parse().unwrap());
        headers.append(IF_MATCH, HeaderValue::from_bytes(b"\"\xff\", \"3\"").unwrap());
        let conditions = Conditions::try_from(&headers).unwrap();
        assert_eq!((conditions.judge("3"), conditions.judge("4")), (Hold, Other));
    }

    #[test]
    fn what_is_no_tag_is_no_condition() {
        for text in ["3", "'3'", "\"3", "3\"", "w/\"3\"", "\"3\" \"4\"", "\"3\"\"4\"", "*, \"3\"", "\"a b\""]
        {
            assert_eq!(Tags::parse(text), None, "{text}");
        }
    }
}
