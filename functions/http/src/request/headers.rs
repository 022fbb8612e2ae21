//! Reads headers as text.

use std::borrow::Cow;

use axum::http::HeaderMap;
use axum::http::header::AsHeaderName;

/// Returns the values of a header, decoded as UTF-8. Each invalid byte becomes U+FFFD.
///
/// Browsers send cookies in UTF-8, and a client may send any byte. Decoding must not drop the rest of the value.
pub(crate) fn values(headers: &HeaderMap, name: impl AsHeaderName) -> impl Iterator<Item = Cow<'_, str>> {
    headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()))
}
