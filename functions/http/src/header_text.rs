//! Headers as text.

use std::borrow::Cow;

use axum::http::HeaderMap;
use axum::http::header::AsHeaderName;

/// Returns the lines of a header. A byte outside ASCII stands for itself in UTF-8, or else as U+FFFD, and hides nothing
/// beside it: browsers send cookies in UTF-8, and anybody may send any byte.
pub(crate) fn lines(headers: &HeaderMap, name: impl AsHeaderName) -> impl Iterator<Item = Cow<'_, str>> {
    headers.get_all(name).iter().map(|line| String::from_utf8_lossy(line.as_bytes()))
}
