//! The secret in a session's cookie, and the name it gives the session.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use cookie::Cookie;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Invalid;
use crate::text::text;

/// The secret in a session's cookie: 256 random bits, written in base64url. It is stored nowhere; its debug form keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken([u8; 32]);

impl SessionToken {
    /// A token that nobody has had.
    ///
    /// # Panics
    /// If the system has no random bytes; there is no going on without.
    #[must_use]
    pub fn generate() -> Self {
        let mut bits = [0; 32];
        getrandom::fill(&mut bits).expect("the system has random bytes");
        Self(bits)
    }

    /// Reads a cookie's value.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let bits = BASE64_URL_SAFE_NO_PAD.decode(text).ok().and_then(|bits| bits.try_into().ok());
        bits.map(Self).ok_or(Invalid::Value("must be a session's token"))
    }

    /// Finds the token among `cookies`, the values of a request's `Cookie` headers.
    pub fn from_cookies<'a>(cookies: impl IntoIterator<Item = &'a str>, cookie_name: &str) -> Option<Self> {
        let cookies = cookies.into_iter().flat_map(Cookie::split_parse).flatten();
        cookies
            .filter(|cookie| cookie.name() == cookie_name)
            .find_map(|cookie| Self::parse(cookie.value()).ok())
    }

    /// What the session is called in the table: who reads the table cannot sign in with it.
    #[must_use]
    pub fn id(&self) -> SessionId {
        SessionId(BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(self.0)))
    }

    /// The cookie's value. The one way to the secret.
    #[must_use]
    pub fn to_cookie_value(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(secret)")
    }
}

/// The name of a session: the SHA-256 of its token, in base64url.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionId(String);

text!(SessionId);

impl SessionId {
    /// Reads an id from a row or a stream record.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match BASE64_URL_SAFE_NO_PAD.decode(text) {
            Ok(digest) if digest.len() == 32 => Ok(Self(text.into())),
            _ => Err(Invalid::Value("must be a session's id")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_as_itself_and_has_256_bits() {
        let token = SessionToken::generate();
        assert_eq!(token.to_cookie_value().len(), 43);
        assert_eq!(SessionToken::parse(&token.to_cookie_value()), Ok(token));
    }

    #[test]
    fn tokens_and_their_ids_differ() {
        let (one, other) = (SessionToken::generate(), SessionToken::generate());
        assert_ne!(one, other);
        assert_ne!(one.id(), other.id());
        assert_ne!(one.id().as_str(), one.to_cookie_value());
        assert_eq!(one.id(), one.clone().id());
        assert_eq!(SessionId::parse(one.id().as_str()), Ok(one.id()));
    }

    #[test]
    fn a_token_stays_out_of_logs() {
        assert_eq!(format!("{:?}", SessionToken::generate()), "SessionToken(secret)");
    }

    #[test]
    fn a_token_of_another_length_is_none() {
        let value = SessionToken::generate().to_cookie_value();
        for text in [
            "",
            "a",
            &value[1..],
            &format!("{value}A"),
            &format!("{value}="),
            &value.replacen(&value[..1], "+", 1),
        ] {
            assert!(SessionToken::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let token = SessionToken::generate();
        let ours = format!("a=b; session={}; c", token.to_cookie_value());
        assert_eq!(SessionToken::from_cookies([ours.as_str()], "session"), Some(token.clone()));
        assert_eq!(SessionToken::from_cookies(["a=b", ours.as_str()], "session"), Some(token));
        assert_eq!(SessionToken::from_cookies([ours.as_str()], "sess"), None);
        assert_eq!(SessionToken::from_cookies([ours.as_str()], "Session"), None);
        assert_eq!(SessionToken::from_cookies(["session=", "session=x"], "session"), None);
    }
}
