//! The key of a note, which is also in its address.

use serde::{Deserialize, Serialize};

use crate::Invalid;
use crate::text::text;

/// The key of a note: 1 to 128 of `A-Za-z0-9._~-`, the characters that need no escape in a URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NoteKey(String);

text!(NoteKey);

impl NoteKey {
    /// The most characters of a key.
    pub const LONGEST: usize = 128;

    /// Generates a key: a `UUIDv7`.
    #[must_use]
    pub fn generate() -> Self {
        Self(uuid::Uuid::now_v7().to_string())
    }

    /// Parses a key.
    ///
    /// # Errors
    /// If the text breaks the rules.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if !(1..=Self::LONGEST).contains(&text.len()) {
            return Err(Invalid::Value("must be 1 to 128 characters"));
        }
        if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte)) {
            return Err(Invalid::Value("must be of A-Z, a-z, 0-9, '.', '_', '~' and '-'"));
        }
        // Clients and proxies would take these for steps in the path.
        if text == "." || text == ".." {
            return Err(Invalid::Value("must not be '.' or '..'"));
        }
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_1_to_128_characters() {
        assert!(NoteKey::parse("").is_err());
        assert!(NoteKey::parse("a").is_ok());
        assert!(NoteKey::parse(&"a".repeat(128)).is_ok());
        assert!(NoteKey::parse(&"a".repeat(129)).is_err());
    }

    #[test]
    fn a_key_has_unreserved_characters_only() {
        assert!(NoteKey::parse("AZaz09._~-").is_ok());
        for text in ["a b", "a/b", "a%20b", "ä", "a\n", "a\0", "a?", "a#", "a+b", "a:b"] {
            assert!(NoteKey::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_key_is_not_a_path_segment_of_dots() {
        assert!(NoteKey::parse(".").is_err());
        assert!(NoteKey::parse("..").is_err());
        assert!(NoteKey::parse("...").is_ok());
        assert!(NoteKey::parse(".a").is_ok());
    }

    #[test]
    fn generated_keys_are_valid_and_differ() {
        let (one, other) = (NoteKey::generate(), NoteKey::generate());
        assert_eq!(NoteKey::parse(one.as_str()), Ok(one.clone()));
        assert_ne!(one, other);
    }

    #[test]
    fn a_key_in_json_follows_the_same_rules() {
        assert!(serde_json::from_str::<NoteKey>(r#""a""#).is_ok());
        assert!(serde_json::from_str::<NoteKey>(r#"".""#).is_err());
    }
}
