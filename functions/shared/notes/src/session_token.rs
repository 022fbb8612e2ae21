//! The token in a session's cookie, and the id that is derived from it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::secret::{Secret, is_digest};
use crate::{Invalid, Username, cookies};

/// The token of a session: the username, which locates the session, and 256 random bits in base64url, which prove it:
/// `ada.SECRET`. The secret is stored nowhere. The debug form hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken {
    username: Username,
    secret: Secret,
}

impl SessionToken {
    /// Generates a token.
    ///
    /// # Panics
    /// If the system has no random bytes.
    #[must_use]
    pub fn generate(username: &Username) -> Self {
        Self { username: username.clone(), secret: Secret::generate() }
    }

    /// Parses a cookie's value.
    ///
    /// # Errors
    /// If the text is not a token.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::read(text).ok_or(Invalid::Value("must be a session's token"))
    }

    fn read(text: &str) -> Option<Self> {
        let (username, secret) = text.split_once('.')?;
        Some(Self { username: exactly(username)?, secret: Secret::parse(secret)? })
    }

    /// Finds the token in the values of a request's `Cookie` headers.
    pub fn from_cookies<'a>(cookies: impl IntoIterator<Item = &'a str>, cookie_name: &str) -> Option<Self> {
        cookies::find(cookies, cookie_name, Self::read)
    }

    /// Returns the session's id. A reader of the table cannot sign in with it.
    #[must_use]
    pub fn id(&self) -> SessionId {
        SessionId { username: self.username.clone(), digest: self.secret.digest() }
    }

    /// Returns the cookie's value, which contains the secret.
    #[must_use]
    pub fn to_cookie_value(&self) -> String {
        format!("{}.{}", self.username, self.secret.reveal())
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(secret)")
    }
}

/// The id of a session: the username, and the SHA-256 of the secret in base64url. Its text is `ada.DIGEST`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionId {
    username: Username,
    digest: String,
}

impl SessionId {
    /// Parses an id.
    ///
    /// # Errors
    /// If the text is not an id.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let parts = text.split_once('.');
        let id = parts.and_then(|(username, digest)| Self::of(exactly(username)?, digest).ok());
        id.ok_or(Invalid::Value("must be a session's id"))
    }

    /// Creates an id from a username and a digest.
    ///
    /// # Errors
    /// If the digest is not a SHA-256 in base64url.
    pub fn of(username: Username, digest: &str) -> Result<Self, Invalid> {
        if !is_digest(digest) {
            return Err(Invalid::Value("must be a session's id"));
        }
        Ok(Self { username, digest: digest.into() })
    }

    /// Returns the username.
    #[must_use]
    pub fn username(&self) -> &Username {
        &self.username
    }

    /// Returns the digest, unique among the user's sessions.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.username, self.digest)
    }
}

impl TryFrom<String> for SessionId {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<SessionId> for String {
    fn from(id: SessionId) -> Self {
        id.to_string()
    }
}

/// Parses a username in its normalized form only.
pub(crate) fn exactly(text: &str) -> Option<Username> {
    Username::parse(text).ok().filter(|username| username.as_str() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> SessionToken {
        SessionToken::generate(&Username::parse("ada").unwrap())
    }

    #[test]
    fn a_token_round_trips_and_has_256_bits() {
        let token = token();
        assert_eq!(token.to_cookie_value().len(), "ada.".len() + 43);
        assert_eq!(SessionToken::parse(&token.to_cookie_value()), Ok(token));
    }

    #[test]
    fn tokens_and_their_ids_differ() {
        let (one, other) = (token(), token());
        assert_ne!(one, other);
        assert_ne!(one.id(), other.id());
        assert_ne!(one.id().to_string(), one.to_cookie_value());
        assert_eq!(one.id(), one.clone().id());
        assert_eq!(SessionId::parse(&one.id().to_string()), Ok(one.id()));
        assert_eq!(SessionId::of(one.id().username().clone(), one.id().digest()), Ok(one.id()));
    }

    #[test]
    fn a_token_stays_out_of_logs() {
        assert_eq!(format!("{:?}", token()), "SessionToken(secret)");
    }

    #[test]
    fn malformed_tokens_are_refused() {
        let value = token().to_cookie_value();
        let secret = &value["ada.".len()..];
        for text in [
            "",
            ".",
            "ada",
            "ada.",
            secret,
            &format!("{value}A"),
            &format!("{value}="),
            &value[..value.len() - 1],
            &format!("Ada.{secret}"),
            &format!("ad.{secret}"),
            &format!("ada#.{secret}"),
            &format!("ada..{secret}"),
            &format!(".{secret}"),
            &format!("ada.+{}", &secret[1..]),
        ] {
            assert!(SessionToken::parse(text).is_err(), "{text}");
            assert!(SessionId::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let token = token();
        let ours = format!("a=b; session={}; c", token.to_cookie_value());
        assert_eq!(SessionToken::from_cookies([ours.as_str()], "session"), Some(token.clone()));
        assert_eq!(SessionToken::from_cookies(["a=b", ours.as_str()], "session"), Some(token));
        assert_eq!(SessionToken::from_cookies([ours.as_str()], "sess"), None);
        assert_eq!(SessionToken::from_cookies([ours.as_str()], "Session"), None);
        assert_eq!(SessionToken::from_cookies(["session=", "session=x"], "session"), None);
    }
}
