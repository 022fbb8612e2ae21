//! A passkey, its id and its name.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::secret::is_digest;
use crate::text::{line, text};
use crate::{Invalid, Timestamp, Username};

/// The id of a passkey: the SHA-256 of the credential's id in base64url. It is not secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PasskeyId(String);

impl PasskeyId {
    /// Parses an id.
    ///
    /// # Errors
    /// If the text is not a SHA-256 in base64url.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let id = is_digest(text).then(|| Self(text.to_owned()));
        id.ok_or(Invalid::Value("must be the id of a passkey"))
    }

    /// Returns the id of the passkey with this credential id.
    #[must_use]
    pub fn of(credential_id: &[u8]) -> Self {
        Self(BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(credential_id)))
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PasskeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name that a user gives to a passkey: 1 to 80 characters, without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PasskeyName(String);

text!(PasskeyName);

impl PasskeyName {
    /// Parses a name, without the white space around it.
    ///
    /// # Errors
    /// If the text breaks the rules.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        line(text, 80, "must be 1 to 80 characters").map(Self)
    }
}

/// The parts of a passkey that its verification needs. This crate does not look into them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The id that the authenticator chose, at most 1,023 bytes.
    pub id: Vec<u8>,
    /// The public key.
    pub key: Vec<u8>,
    /// The state that each use changes, such as the signature counter.
    pub state: Vec<u8>,
}

/// A passkey of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// The id.
    pub id: PasskeyId,
    /// The user whose account it opens.
    pub owner: Username,
    /// The name that the user gave to it.
    pub name: PasskeyName,
    /// The parts that its verification needs.
    pub credential: Credential,
    /// When it was added.
    pub created: Timestamp,
    /// When it was last used to sign in. `None` before the first time.
    pub last_used: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_differs_per_credential() {
        let id = PasskeyId::of(b"a");
        assert_eq!(PasskeyId::parse(id.as_str()), Ok(id.clone()));
        assert_ne!(id, PasskeyId::of(b"b"));
        for text in ["", "abc", &format!("{id}="), &format!("{id}A")] {
            assert!(PasskeyId::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_is_1_to_80_characters_without_control_characters() {
        for text in ["", " ", "a\nb", &"🦀".repeat(81)] {
            assert!(PasskeyName::parse(text).is_err(), "{text}");
        }
        assert_eq!(PasskeyName::parse(" Phone ").unwrap().as_str(), "Phone");
        assert!(PasskeyName::parse(&"🦀".repeat(80)).is_ok());
    }
}
