//! The conditions of a request: `If-Match` and `If-None-Match` (RFC 9110, section 13).

use axum::extract::FromRequestParts;
use axum::http::header::{IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use notes::Version;

use crate::problem::Problem;

/// What a request wants to be true of the note.
#[derive(Debug)]
pub(crate) struct Conditions {
    /// Act if the note is one of these.
    pub(crate) if_match: Option<Tags>,
    /// Act if the note is none of these.
    pub(crate) if_none_match: Option<Tags>,
}

/// The entity tags of a condition.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Tags {
    /// `*`: whatever stands there.
    Any,
    /// These.
    Listed(Vec<Tag>),
}

/// An entity tag. Ours are strong and hold a version, but a client may send any.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    weak: bool,
    opaque: String,
}

impl Tags {
    /// The version that a condition of one strong tag names: what clients send, and what a write can check by itself.
    pub(crate) fn only_version(&self) -> Option<Version> {
        match self {
            Self::Listed(tags) if tags.len() == 1 => tags[0].version().filter(|_| !tags[0].weak),
            _ => None,
        }
    }

    /// Whether this version is meant, by the strong comparison that a write wants.
    pub(crate) fn match_strongly(&self, version: Version) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(tags) => tags.iter().any(|tag| !tag.weak && tag.version() == Some(version)),
        }
    }

    /// Whether this version is meant, by the weak comparison that a read wants.
    pub(crate) fn match_weakly(&self, version: Version) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(tags) => tags.iter().any(|tag| tag.version() == Some(version)),
        }
    }

    fn from_headers(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Self>, Problem> {
        if !headers.contains_key(name) {
            return Ok(None);
        }
        let lines: Result<Vec<_>, _> = headers.get_all(name).iter().map(|line| line.to_str()).collect();
        let tags = lines.ok().and_then(|lines| Self::parse(&lines.join(",")));
        tags.map(Some).ok_or_else(|| {
            Problem::malformed(format!("The header {name} must hold entity tags, like \"3\"."))
        })
    }

    /// Reads a list of tags. A comma may stand within a tag too.
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
            if opaque.contains(|character: char| character.is_control() || character == ' ') {
                return None;
            }
            tags.push(Tag { weak, opaque: opaque.into() });
            rest = after.trim_start_matches(SEPARATORS);
            if !rest.is_empty() && !after[..after.len() - rest.len()].contains(',') {
                return None;
            }
        }
        (!tags.is_empty()).then_some(Self::Listed(tags))
    }
}

impl Tag {
    /// The version that it holds, if it is a tag of ours: written as we write it, `"3"` and not `"+3"` or `"03"`.
    fn version(&self) -> Option<Version> {
        let version = self.opaque.parse().ok().and_then(Version::new);
        version.filter(|version| version.to_string() == self.opaque)
    }
}

impl<S: Sync> FromRequestParts<S> for Conditions {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self {
            if_match: Tags::from_headers(&parts.headers, &IF_MATCH)?,
            if_none_match: Tags::from_headers(&parts.headers, &IF_NONE_MATCH)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(number: u64) -> Version {
        Version::new(number).unwrap()
    }

    #[test]
    fn one_strong_tag_names_a_version() {
        assert_eq!(Tags::parse(r#""3""#).unwrap().only_version(), Some(version(3)));
        assert_eq!(Tags::parse(r#" "3" "#).unwrap().only_version(), Some(version(3)));
    }

    #[test]
    fn a_weak_tag_matches_a_read_and_never_a_write() {
        let tags = Tags::parse(r#"W/"3""#).unwrap();
        assert_eq!(tags.only_version(), None);
        assert!(!tags.match_strongly(version(3)));
        assert!(tags.match_weakly(version(3)));
    }

    #[test]
    fn a_list_matches_each_of_its_tags() {
        let tags = Tags::parse(r#""1" ,, W/"2",	"a,b","3","#).unwrap();
        assert_eq!(tags.only_version(), None);
        assert!(tags.match_strongly(version(1)) && tags.match_strongly(version(3)));
        assert!(!tags.match_strongly(version(2)) && tags.match_weakly(version(2)));
        assert!(!tags.match_weakly(version(4)));
    }

    #[test]
    fn a_star_matches_everything() {
        let tags = Tags::parse(" * ").unwrap();
        assert_eq!(tags, Tags::Any);
        assert!(tags.match_strongly(version(7)) && tags.match_weakly(version(7)));
    }

    #[test]
    fn somebody_elses_tag_matches_nothing() {
        for text in
            [r#""""#, r#""abc""#, r#""03""#, r#""+3""#, r#""0""#, r#""3.0""#, r#""99999999999999999999""#]
        {
            let tags = Tags::parse(text).unwrap();
            assert_eq!(tags.only_version(), None, "{text}");
            assert!(!tags.match_strongly(version(3)) && !tags.match_weakly(version(3)), "{text}");
        }
    }

    #[test]
    fn what_is_no_tag_is_no_condition() {
        for text in [
            "",
            " ",
            ",",
            "3",
            "'3'",
            "\"3",
            "3\"",
            "w/\"3\"",
            "\"3\" \"4\"",
            "\"3\"\"4\"",
            "*, \"3\"",
            "\"a b\"",
        ] {
            assert_eq!(Tags::parse(text), None, "{text}");
        }
    }
}
