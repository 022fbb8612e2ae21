//! Entity tags (RFC 9110, section 8.8.3). The tag of a note names its current state, the tag of a board its version.

use axum::http::header::ETAG;
use axum::http::{HeaderName, HeaderValue};

/// An entity tag that a client sent. Our own tags are strong.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct EntityTag {
    /// Whether the tag has the prefix `W/`.
    pub(crate) weak: bool,
    /// The text between the quotes.
    pub(crate) opaque: String,
}

/// The entity tags of a condition.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum EntityTags {
    /// `*`, which matches every existing resource.
    Any,
    /// A list of tags, possibly empty.
    Listed(Vec<EntityTag>),
}

/// Returns the header with an entity tag: `ETag: "3"`. A tag has only digits, letters and hyphens.
pub(crate) fn header(tag: &str) -> (HeaderName, HeaderValue) {
    let tag = HeaderValue::from_str(&format!("\"{tag}\"")).expect("such a tag is valid in a header");
    (ETAG, tag)
}

impl EntityTags {
    /// Returns whether any of the tags matches. `*` always matches.
    pub(crate) fn any(&self, matches: impl Fn(&EntityTag) -> bool) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(tags) => tags.iter().any(matches),
        }
    }

    /// Parses a list of tags. Returns `None` for any other text. A tag itself may contain commas.
    pub(crate) fn parse(text: &str) -> Option<Self> {
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
            tags.push(EntityTag { weak, opaque: opaque.into() });
            rest = after.trim_start_matches(SEPARATORS);
            if !rest.is_empty() && !after[..after.len() - rest.len()].contains(',') {
                return None;
            }
        }
        Some(Self::Listed(tags))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_list_is_refused() {
        for text in ["3", "'3'", "\"3", "3\"", "w/\"3\"", "\"3\" \"4\"", "\"3\"\"4\"", "*, \"3\"", "\"a b\""]
        {
            assert_eq!(EntityTags::parse(text), None, "{text}");
        }
    }
}
