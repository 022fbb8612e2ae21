//! The header that stores a cookie.

use axum::http::header::SET_COOKIE;
use axum::http::{HeaderName, HeaderValue};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

/// Returns the header that stores a cookie in the browser. Scripts cannot read it, and browsers do not send it with
/// requests of other sites.
///
/// # Panics
///
/// Panics if the name or the value contains a character that a header cannot.
pub(super) fn set_cookie(
    name: &str,
    value: String,
    lifetime: std::time::Duration,
) -> (HeaderName, HeaderValue) {
    let cookie = Cookie::build((name, value))
        .http_only(true)
        .secure(true)
        .same_site(SameSite::Lax)
        .path("/")
        .max_age(lifetime.try_into().unwrap_or(Duration::MAX));
    let mut cookie =
        HeaderValue::from_str(&cookie.to_string()).expect("the name and the value fit into a header");
    cookie.set_sensitive(true);
    (SET_COOKIE, cookie)
}
