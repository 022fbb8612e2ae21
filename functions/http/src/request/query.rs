//! Extracts the query parameters of lists: notes, comments, versions, links, the trash, the export, users, people and the audit.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use notes::{
    ArchiveCursor, AuditId, CommentId, Cursor, Invalid, NoteKey, TrashCursor, Username, Vector, Version,
};

use super::fields::FieldErrors;
use crate::problem::Problem;

/// The maximum number of entries in a page, and the default number of most lists.
const MAX_PAGE_LENGTH: usize = 100;

/// The maximum number of usernames to look up.
const MAX_USERNAMES: usize = 100;

/// The parameters of a request's query.
pub(crate) struct Query<T>(pub(crate) T);

/// A value that is parsed from a query.
pub(crate) trait FromQuery: Sized {
    /// Parses a query. An unknown parameter is an error, and a repeated one unless it lists values.
    ///
    /// # Errors
    ///
    /// Returns 422 with the errors of the parameters.
    fn parse(query: &str) -> Result<Self, Problem>;
}

impl<T: FromQuery, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        T::parse(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// The parameters of the list of notes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    /// `select=count`: the number of notes.
    Count,
    /// A page of titles.
    Page {
        /// The maximum number of titles.
        limit: usize,
        /// The position after which the page begins, or `None` for the first page.
        cursor: Option<Cursor>,
    },
}

/// The parameters of a page of a list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page<P> {
    /// The maximum number of entries.
    pub(crate) limit: usize,
    /// The position after which the page begins, or `None` for the first page.
    pub(crate) cursor: Option<P>,
}

/// A position in a list, as its cursor names it.
pub(crate) trait Position: Sized {
    /// The default number of entries in a page.
    const DEFAULT_LENGTH: usize = MAX_PAGE_LENGTH;

    /// Parses a cursor.
    ///
    /// # Errors
    ///
    /// If it is none of this list.
    fn parse(cursor: &str) -> Result<Self, Invalid>;
}

/// The error of an opaque cursor.
const NO_CURSOR: Invalid = Invalid::Value("must be a cursor of an earlier response");

impl Position for CommentId {
    const DEFAULT_LENGTH: usize = 20;

    fn parse(cursor: &str) -> Result<Self, Invalid> {
        Self::parse(cursor).map_err(|_| NO_CURSOR)
    }
}

impl Position for Version {
    /// Each version is read with its text.
    const DEFAULT_LENGTH: usize = 50;

    fn parse(cursor: &str) -> Result<Self, Invalid> {
        Self::parse(cursor).map_err(|_| NO_CURSOR)
    }
}

impl Position for TrashCursor {
    fn parse(cursor: &str) -> Result<Self, Invalid> {
        Self::parse(cursor)
    }
}

impl Position for Username {
    fn parse(cursor: &str) -> Result<Self, Invalid> {
        parse_bare_username(cursor)
    }
}

impl Position for NoteKey {
    fn parse(cursor: &str) -> Result<Self, Invalid> {
        Self::parse(cursor).map_err(|_| NO_CURSOR)
    }
}

impl Position for AuditId {
    fn parse(cursor: &str) -> Result<Self, Invalid> {
        Self::parse(cursor)
    }
}

/// The state vector of a page's document. Empty by default.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Known(pub(crate) Vector);

/// The parameters of a page of the archive.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ExportPage {
    /// The position where the page begins, or `None` for the first page.
    pub(crate) cursor: Option<ArchiveCursor>,
}

/// The usernames to look up.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Usernames(pub(crate) BTreeSet<Username>);

impl FromQuery for Listing {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut errors = FieldErrors::default();
        let mut parameters = parameters(query, &["select", "limit", "cursor"], &mut errors);
        let listing = if let Some(select) = parameters.remove("select") {
            if select != "count" {
                errors.add("select", "must be count");
            }
            for name in parameters.into_keys() {
                errors.add(name, "cannot be combined with select");
            }
            Self::Count
        } else {
            let limit = limit(&parameters, MAX_PAGE_LENGTH, &mut errors);
            Self::Page { limit, cursor: cursor(&parameters, Cursor::parse, &mut errors) }
        };
        errors.finish(Some(listing))
    }
}

impl<P: Position> FromQuery for Page<P> {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut errors = FieldErrors::default();
        let parameters = parameters(query, &["limit", "cursor"], &mut errors);
        let limit = limit(&parameters, P::DEFAULT_LENGTH, &mut errors);
        let cursor = cursor(&parameters, P::parse, &mut errors);
        errors.finish(Some(Self { limit, cursor }))
    }
}

impl FromQuery for Known {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut errors = FieldErrors::default();
        let parameters = parameters(query, &["vector"], &mut errors);
        let vector = parameters.get("vector").and_then(|text| errors.check("vector", Vector::parse(text)));
        errors.finish(Some(Self(vector.unwrap_or_default())))
    }
}

impl FromQuery for ExportPage {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut errors = FieldErrors::default();
        let parameters = parameters(query, &["cursor"], &mut errors);
        let cursor = cursor(&parameters, ArchiveCursor::parse, &mut errors);
        errors.finish(Some(Self { cursor }))
    }
}

impl FromQuery for Usernames {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut errors = FieldErrors::default();
        let (mut usernames, mut count) = (BTreeSet::new(), 0);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if name == "username" {
                count += 1;
                usernames.extend(errors.check(&name, parse_bare_username(&value)));
            } else {
                errors.add(name, "is unknown");
            }
        }
        if !(1..=MAX_USERNAMES).contains(&count) {
            errors.add("username", "must be given 1 to 100 times");
        }
        errors.finish(Some(Self(usernames)))
    }
}

type Parameters<'a> = BTreeMap<Cow<'a, str>, Cow<'a, str>>;

/// Parses the parameters of a query. Adds an error for each unknown or repeated one.
fn parameters<'a>(query: &'a str, known: &[&str], errors: &mut FieldErrors) -> Parameters<'a> {
    let mut parameters = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if !known.contains(&name.as_ref()) {
            errors.add(name, "is unknown");
        } else if parameters.insert(name.clone(), value).is_some() {
            errors.add(name, "must be given only once");
        }
    }
    parameters
}

/// Parses a username without white space around it. Encoded white space is so long that CloudFront would refuse the address
/// of a request for a hundred users: it takes 8,192 bytes.
fn parse_bare_username(text: &str) -> Result<Username, Invalid> {
    let username = Username::parse(text)?;
    let is_bare = username.as_str().len() == text.len();
    is_bare.then_some(username).ok_or(Invalid::Value("must not have white space around it"))
}

/// Parses `limit`, or returns its default.
fn limit(parameters: &Parameters, default: usize, errors: &mut FieldErrors) -> usize {
    let limit = parameters.get("limit").and_then(|limit| errors.check("limit", parse_limit(limit)));
    limit.unwrap_or(default)
}

/// Parses `cursor`, if the query has one.
fn cursor<C>(
    parameters: &Parameters,
    parse: impl Fn(&str) -> Result<C, Invalid>,
    errors: &mut FieldErrors,
) -> Option<C> {
    parameters.get("cursor").and_then(|cursor| errors.check("cursor", parse(cursor)))
}

fn parse_limit(text: &str) -> Result<usize, Invalid> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let limit = text.parse().ok().filter(|limit| digits && (1..=MAX_PAGE_LENGTH).contains(limit));
    limit.ok_or(Invalid::Value("must be a number from 1 to 100"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_1_to_100_titles_and_100_by_default() {
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
    fn select_count_allows_no_other_parameter() {
        assert_eq!(Listing::parse("select=count").ok(), Some(Listing::Count));
        for query in ["select=", "select=titles", "select=count&limit=1", "select=count&cursor=x"] {
            assert!(Listing::parse(query).is_err(), "{query}");
        }
    }

    #[test]
    fn an_invalid_cursor_and_an_unknown_parameter_are_refused() {
        for query in ["cursor=", "cursor=abc", "page=2", "Limit=1"] {
            assert!(Listing::parse(query).is_err(), "{query}");
        }
    }

    #[test]
    fn a_page_has_1_to_100_comments_and_20_by_default() {
        let page = |limit| Some(Page::<CommentId> { limit, cursor: None });
        assert_eq!(Page::<CommentId>::parse("").ok(), page(20));
        assert_eq!(Page::<CommentId>::parse("limit=1").ok(), page(1));
        assert_eq!(Page::<CommentId>::parse("limit=100").ok(), page(100));
        for query in ["limit=0", "limit=101", "limit=1&limit=1", "cursor=", "cursor=abc", "select=count"] {
            assert!(Page::<CommentId>::parse(query).is_err(), "{query}");
        }
    }

    #[test]
    fn a_page_has_1_to_100_versions_and_50_by_default() {
        let page = |limit, cursor| Some(Page { limit, cursor });
        assert_eq!(Page::<Version>::parse("").ok(), page(50, None));
        assert_eq!(Page::<Version>::parse("limit=100&cursor=1").ok(), page(100, Some(Version::FIRST)));
        for query in
            ["limit=0", "limit=101", "cursor=", "cursor=0", "cursor=abc", "cursor=%2B1", "select=count"]
        {
            assert!(Page::<Version>::parse(query).is_err(), "{query}");
        }
    }

    #[test]
    fn one_to_a_hundred_usernames_are_looked_up() {
        let repeated = |count: usize| vec!["username=ada"; count].join("&");
        let ada = Username::parse("ada").unwrap();
        for query in [repeated(1), repeated(100)] {
            assert_eq!(
                Usernames::parse(&query).ok(),
                Some(Usernames(BTreeSet::from([ada.clone()]))),
                "{query}"
            );
        }
        let bob = Username::parse("bob").unwrap();
        assert_eq!(
            Usernames::parse("username=Bob&username=ada").ok(),
            Some(Usernames(BTreeSet::from([ada, bob])))
        );
        for query in [
            "",
            &repeated(101),
            "username=",
            "username=a",
            "username=%20ada",
            "username=ada&username=a%20b",
            "username=ada&limit=1",
        ] {
            assert!(Usernames::parse(query).is_err(), "{query}");
        }
    }
}
