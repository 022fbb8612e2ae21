//! Accounts, and the names of users.

use serde::{Deserialize, Serialize};

use crate::Invalid;
use crate::text::{text, trim};

/// A username: 3 to 32 characters of `a-z0-9_-`. Upper case is lowered, so that no two usernames differ by case alone.
/// White space around it is removed, because keyboards add it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username(String);

text!(Username);

impl Username {
    /// Parses a username, and normalizes it.
    ///
    /// # Errors
    /// If the text breaks the rules.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = trim(text);
        if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)) {
            return Err(Invalid::Value("must be of a-z, 0-9, '_' and '-'"));
        }
        if !(3..=32).contains(&text.len()) {
            return Err(Invalid::Value("must be 3 to 32 characters"));
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

/// A display name: 1 to 64 characters after trimming, without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DisplayName(String);

text!(DisplayName);

impl DisplayName {
    /// Parses a display name, without the white space around it.
    ///
    /// # Errors
    /// If the text breaks the rules.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = trim(text);
        if !(1..=64).contains(&text.chars().count()) {
            return Err(Invalid::Value("must be 1 to 64 characters"));
        }
        if text.chars().any(char::is_control) {
            return Err(Invalid::Value("must not hold control characters"));
        }
        Ok(Self(text.into()))
    }
}

impl From<&Username> for DisplayName {
    /// The default display name is the username.
    fn from(username: &Username) -> Self {
        Self(username.0.clone())
    }
}

/// A user, as others see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The username.
    pub username: Username,
    /// The display name.
    pub display_name: DisplayName,
}

/// The state of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    /// The account of a user.
    Active(User),
    /// The account was deleted. Its username stays taken.
    Deleted,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_username_is_3_to_32_characters() {
        assert!(Username::parse("ab").is_err());
        assert!(Username::parse("abc").is_ok());
        assert!(Username::parse(&"a".repeat(32)).is_ok());
        assert!(Username::parse(&"a".repeat(33)).is_err());
    }

    #[test]
    fn a_username_is_lowercased() {
        assert_eq!(Username::parse("Ada_1-B").unwrap().as_str(), "ada_1-b");
    }

    #[test]
    fn a_username_is_trimmed_before_it_is_counted() {
        for text in ["ada ", " ada", "\tAda\r\n", "\u{feff}ada\u{a0}"] {
            assert_eq!(Username::parse(text).unwrap().as_str(), "ada", "{text:?}");
        }
        assert!(Username::parse(" ad ").is_err());
        assert!(Username::parse(&format!(" {} ", "a".repeat(32))).is_ok());
    }

    #[test]
    fn a_username_has_letters_digits_underscores_and_hyphens_only() {
        for text in ["a b", "a d a", "ad.a", "adä", "K\u{212a}k", "a/b", "ada\0", ""] {
            assert!(Username::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_display_name_is_1_to_64_characters_once_trimmed() {
        assert!(DisplayName::parse("  ").is_err());
        assert_eq!(DisplayName::parse(" Ä ").unwrap().as_str(), "Ä");
        assert!(DisplayName::parse(&"Ä".repeat(64)).is_ok());
        assert!(DisplayName::parse(&"Ä".repeat(65)).is_err());
        assert!(DisplayName::parse("a\u{1b}b").is_err());
    }

    #[test]
    fn every_username_is_a_display_name() {
        let username = Username::parse(&"a".repeat(32)).unwrap();
        assert_eq!(DisplayName::parse(username.as_str()), Ok(DisplayName::from(&username)));
    }
}
