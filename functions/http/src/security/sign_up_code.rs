//! The code that a team gives to its members, so that only they can create accounts.

use notes::nfc;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The code that a sign-up must contain.
pub(crate) struct SignUpCode {
    digest: [u8; 32],
}

impl SignUpCode {
    /// Creates the code from the template's parameter.
    pub(crate) fn new(code: &str) -> Self {
        Self { digest: digest(code) }
    }

    /// Returns whether a code is right.
    ///
    /// Compares digests in constant time, so that the response time reveals nothing about the code.
    pub(crate) fn accepts(&self, code: Option<&str>) -> bool {
        digest(code.unwrap_or_default()).ct_eq(&self.digest).into()
    }
}

/// Returns the digest of a code in Unicode's normalization form C.
fn digest(code: &str) -> [u8; 32] {
    Sha256::digest(nfc(code).as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_code_is_accepted() {
        let code = SignUpCode::new("open sesame");
        assert!(code.accepts(Some("open sesame")));
        for wrong in [None, Some(""), Some("Open sesame"), Some("open sesame "), Some("open")] {
            assert!(!code.accepts(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn composed_and_decomposed_characters_are_the_same() {
        assert!(SignUpCode::new("Öffne dich").accepts(Some("O\u{308}ffne dich")));
        assert!(SignUpCode::new("O\u{308}ffne dich").accepts(Some("Öffne dich")));
    }
}
