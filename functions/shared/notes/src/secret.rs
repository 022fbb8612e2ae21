//! Random secrets of links and cookies, of which tables hold only the digest.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// 256 random bits. Their text is base64url, 43 characters. The debug form hides them.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret([u8; 32]);

impl Secret {
    /// Generates a secret.
    ///
    /// # Panics
    /// If the system has no random bytes.
    pub(crate) fn generate() -> Self {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).expect("the system has random bytes");
        Self(secret)
    }

    /// Parses the text of a secret.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(Self(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?))
    }

    /// Returns the text, which proves the right to something.
    pub(crate) fn reveal(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Returns the SHA-256 in base64url. A reader of the table cannot compute the secret from it.
    pub(crate) fn digest(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(self.0))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// Returns whether a text has the form of a digest.
pub(crate) fn is_digest(text: &str) -> bool {
    BASE64_URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_reads_back_and_its_digest_is_something_else() {
        let (one, other) = (Secret::generate(), Secret::generate());
        assert_ne!(one, other);
        assert_eq!(one.reveal().len(), 43);
        assert_eq!(Secret::parse(&one.reveal()), Some(one.clone()));
        assert!(is_digest(&one.digest()) && one.digest() != one.reveal());
        assert_eq!(format!("{one:?}"), "Secret(hidden)");
    }

    #[test]
    fn a_text_of_another_form_is_no_secret() {
        let text = Secret::generate().reveal();
        for wrong in
            ["", "abc", &text[1..], &format!("{text}A"), &format!("{text}="), &format!("+{}", &text[1..])]
        {
            assert_eq!(Secret::parse(wrong), None, "{wrong}");
        }
    }
}
