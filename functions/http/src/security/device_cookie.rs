//! The cookie with a device's token, which tells devices that have signed in before from strangers.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use notes::DeviceToken;

use super::set_cookie::set_cookie;
use crate::request::headers;

/// The name of the cookie. Browsers require Secure, Path=/ and no Domain for this prefix.
const NAME: &str = "__Host-notes-device";

/// Returns the token in a request's cookies.
pub(crate) fn token(headers: &HeaderMap) -> Option<DeviceToken> {
    let cookies: Vec<_> = headers::values(headers, COOKIE).collect();
    DeviceToken::from_cookies(cookies.iter().map(AsRef::as_ref), NAME)
}

/// Returns the header that stores the token in the browser, for its lifetime from now on.
pub(crate) fn set(token: &DeviceToken) -> (HeaderName, HeaderValue) {
    set_cookie(NAME, token.to_cookie_value(), DeviceToken::LIFETIME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_reads_back_and_is_hidden_from_scripts_and_other_sites() {
        let token = DeviceToken::generate();
        let (_, header) = set(&token);
        let value = token.to_cookie_value();
        assert_eq!(
            header.to_str().unwrap(),
            format!("{NAME}={value}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=34560000")
        );
        assert!(!format!("{header:?}").contains(&value));
        let sent = HeaderValue::from_str(&format!("a=b; {NAME}={value}")).unwrap();
        assert_eq!(super::token(&[(COOKIE, sent)].into_iter().collect()), Some(token));
    }
}
