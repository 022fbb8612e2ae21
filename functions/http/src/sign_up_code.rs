//! What a team lets its own in with.

use notes::nfc;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The code that is wanted of who signs up: of nobody, if it is empty.
pub(crate) struct SignUpCode {
    digest: Option<[u8; 32]>,
}

impl SignUpCode {
    /// The code of the template's parameter.
    pub(crate) fn new(code: &str) -> Self {
        Self { digest: (!code.is_empty()).then(|| digest(code)) }
    }

    /// Whether a code opens. It takes as long for one that is nearly right: digests are compared, and whole.
    pub(crate) fn opens(&self, code: Option<&str>) -> bool {
        let Some(expected) = self.digest else { return true };
        digest(code.unwrap_or_default()).ct_eq(&expected).into()
    }
}

/// The digest of a code, which is the same however its characters are composed.
fn digest(code: &str) -> [u8; 32] {
    Sha256::digest(nfc(code).as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_code_itself_opens() {
        let code = SignUpCode::new("open sesame");
        assert!(code.opens(Some("open sesame")));
        for wrong in [None, Some(""), Some("Open sesame"), Some("open sesame "), Some("open")] {
            assert!(!code.opens(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_code_is_the_same_however_its_characters_are_composed() {
        assert!(SignUpCode::new("Öffne dich").opens(Some("O\u{308}ffne dich")));
        assert!(SignUpCode::new("O\u{308}ffne dich").opens(Some("Öffne dich")));
    }

    #[test]
    fn where_no_code_is_wanted_any_will_do() {
        let code = SignUpCode::new("");
        assert!(code.opens(None) && code.opens(Some("")) && code.opens(Some("open sesame")));
    }
}
