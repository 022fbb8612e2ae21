//! The queries of lists: `GET /api/notes`, `GET /api/notes/{key}/comments` and `GET /api/export`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use notes::{ArchiveCursor, CommentId, Cursor, Invalid};

use crate::fields::FieldErrors;
use crate::problem::Problem;

/// What is asked for of the list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    /// `select=count`: how many notes there are.
    Count,
    /// A page of titles.
    Page {
        /// How many, at most.
        limit: usize,
        /// After which place, if not from the beginning.
        cursor: Option<Cursor>,
    },
}

/// A page of comments.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CommentPage {
    /// How many, at most.
    pub(crate) limit: usize,
    /// After which comment, if not from the newest.
    pub(crate) cursor: Option<CommentId>,
}

/// A page of the archive.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ExportPage {
    /// From which place on, if not from the beginning.
    pub(crate) cursor: Option<ArchiveCursor>,
}

/// The most titles or comments in a page, and how many titles there are if nobody says.
const LARGEST_PAGE: usize = 100;

/// How many comments there are in a page if nobody says.
const COMMENTS: usize = 20;

impl Listing {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut errors = FieldErrors::default();
        let mut parameters = parameters(query, &["select", "limit", "cursor"], &mut errors);
        let listing = if let Some(select) = parameters.remove("select") {
            if select != "count" {
                errors.add("select", "must be count");
            }
            for name in parameters.into_keys() {
                errors.add(name, "does not go with select");
            }
            Some(Self::Count)
        } else {
            let (limit, cursor) = place(&parameters, Cursor::parse, &mut errors);
            Some(Self::Page { limit: limit.unwrap_or(LARGEST_PAGE), cursor })
        };
        errors.finish(listing)
    }
}

impl CommentPage {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut errors = FieldErrors::default();
        let parameters = parameters(query, &["limit", "cursor"], &mut errors);
        let forged = Invalid::Value("must be a cursor of an earlier answer");
        let read_cursor = |text: &str| CommentId::parse(text).map_err(|_| forged);
        let (limit, cursor) = place(&parameters, read_cursor, &mut errors);
        errors.finish(Some(Self { limit: limit.unwrap_or(COMMENTS), cursor }))
    }
}

impl ExportPage {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut errors = FieldErrors::default();
        let parameters = parameters(query, &["cursor"], &mut errors);
        let (_, cursor) = place(&parameters, ArchiveCursor::parse, &mut errors);
        errors.finish(Some(Self { cursor }))
    }
}

/// The parameters of a query, each known and given once.
fn parameters<'a>(
    query: &'a str,
    known: &[&str],
    errors: &mut FieldErrors,
) -> BTreeMap<Cow<'a, str>, Cow<'a, str>> {
    let mut parameters = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if !known.contains(&name.as_ref()) {
            errors.add(name, "is not known here");
        } else if parameters.insert(name.clone(), value).is_some() {
            errors.add(name, "must be given once");
        }
    }
    parameters
}

/// How many are asked for, and after which.
fn place<C>(
    parameters: &BTreeMap<Cow<str>, Cow<str>>,
    read_cursor: impl Fn(&str) -> Result<C, Invalid>,
    errors: &mut FieldErrors,
) -> (Option<usize>, Option<C>) {
    let limit = parameters.get("limit").map(|limit| errors.check("limit", read_limit(limit)));
    let cursor = parameters.get("cursor").map(|cursor| errors.check("cursor", read_cursor(cursor)));
    (limit.flatten(), cursor.flatten())
}

fn read_limit(text: &str) -> Result<usize, Invalid> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let limit = text.parse().ok().filter(|limit| digits && (1..=LARGEST_PAGE).contains(limit));
    limit.ok_or(Invalid::Value("must be a number from 1 to 100"))
}

impl<S: Sync> FromRequestParts<S> for Listing {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::parse(parts.uri.query().unwrap_or_default())
    }
}

impl<S: Sync> FromRequestParts<S> for CommentPage {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::parse(parts.uri.query().unwrap_or_default())
    }
}

impl<S: Sync> FromRequestParts<S> for ExportPage {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::parse(parts.uri.query().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_1_to_100_titles_and_100_if_nobody_says() {
        let page = |limit| Some(Listing::Page { limit, cursor: None });
        assert_eq!(Listing::parse("").ok(), page(100));
        assert_eq!(Listing::parse("limit=1").ok(), page(1));
        assert_eq!(Listing::parse("limit=100").ok(), page(100));
        for query in [
            "limit=0",
            "limit=101",
            "limit=",
            "limit=-1",
            "limit=%2B1",
            "limit=1.0",
            "limit=a",
            "limit=1&limit=2",
        ] {
            assert!(Listing::parse(query).is_err(), "{query}");
        }
    }

    #[test]
    fn a_count_is_asked_for_alone() {
        assert_eq!(Listing::parse("select=count").ok(), Some(Listing::Count));
        for query in ["select=", "select=titles", "select=count&limit=1", "select=count&cursor=x"] {
            assert!(Listing::parse(query).is_err(), "{query}");
        }
    }

    #[test]
    fn a_forged_cursor_and_an_unknown_parameter_are_refused() {
        for query in ["cursor=", "cursor=abc", "page=2", "Limit=1"] {
            assert!(Listing::parse(query).is_err(), "{query}");
        }
    }

    #[test]
    fn a_page_has_1_to_100_comments_and_20_if_nobody_says() {
        let page = |limit| Some(CommentPage { limit, cursor: None });
        assert_eq!(CommentPage::parse("").ok(), page(20));
        assert_eq!(CommentPage::parse("limit=1").ok(), page(1));
        assert_eq!(CommentPage::parse("limit=100").ok(), page(100));
        for query in ["limit=0", "limit=101", "limit=1&limit=1", "cursor=", "cursor=abc", "select=count"] {
            assert!(CommentPage::parse(query).is_err(), "{query}");
        }
    }
}
