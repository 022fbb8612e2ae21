//! The cookie with a session's token.

use std::time::Duration;

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use notes::{Session, SessionToken};

use super::set_cookie::set_cookie;
use crate::request::headers;

/// The cookie with a session's token.
pub(crate) struct SessionCookie {
    name: String,
}

impl SessionCookie {
    /// Creates a cookie with a name.
    pub(crate) fn new(name: String) -> Self {
        Self { name }
    }

    /// Returns the token in a request's cookies.
    pub(crate) fn token(&self, headers: &HeaderMap) -> Option<SessionToken> {
        let cookies: Vec<_> = headers::values(headers, COOKIE).collect();
        SessionToken::from_cookies(cookies.iter().map(AsRef::as_ref), &self.name)
    }

    /// Returns the header that stores the token in the browser for the lifetime of the session.
    pub(crate) fn set(&self, token: &SessionToken) -> (HeaderName, HeaderValue) {
        set_cookie(&self.name, token.to_cookie_value(), Session::LIFETIME)
    }

    /// Returns the header that deletes the token in the browser.
    pub(crate) fn clear(&self) -> (HeaderName, HeaderValue) {
        set_cookie(&self.name, String::new(), Duration::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let token = SessionToken::generate(&notes::Username::parse("ada").unwrap());
        let cookie = SessionCookie::new("session".into());
        let ours = format!("session={}", token.to_cookie_value());
        for others in [
            "city=Zürich".as_bytes(),
            "名=値; é".as_bytes(),
            b"city=Z\xfcrich",
            b"\xff\xfe=\x80",
            b"=",
            b"; ;;",
            b"=nameless; alone; a=b=c=d",
            b"a=\"quoted; text\"",
            b"session=\xff; session=; session",
            b"session=%FF; a=%",
        ] {
            let value = |line: &[u8]| HeaderValue::from_bytes(line).unwrap();
            let before = [others, b"; ", ours.as_bytes()].concat();
            let after = [ours.as_bytes(), b"; ", others].concat();
            for lines in
                [vec![value(&before)], vec![value(&after)], vec![value(others), value(ours.as_bytes())]]
            {
                let headers = lines.into_iter().map(|line| (COOKIE, line)).collect();
                assert_eq!(cookie.token(&headers), Some(token.clone()), "{headers:?}");
            }
        }
    }

    #[test]
    fn the_cookie_is_hidden_from_scripts_and_other_sites() {
        let token = SessionToken::generate(&notes::Username::parse("ada").unwrap());
        let (_, header) = SessionCookie::new("__Host-notes-session".into()).set(&token);
        assert_eq!(
            header.to_str().unwrap(),
            format!(
                "__Host-notes-session={}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=2592000",
                token.to_cookie_value()
            )
        );
        assert!(!format!("{header:?}").contains(&token.to_cookie_value()));
    }
}
