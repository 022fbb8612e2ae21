//! What people are called.

use serde::{Deserialize, Serialize};

use crate::Invalid;
use crate::text::{text, trim};

/// The name of an account: 3 to 32 of `a-z0-9_-`. Upper case is lowered, so that no two accounts differ by it alone.
/// White space around it is removed, as keyboards add some after a word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username(String);

text!(Username);

impl Username {
    /// Reads a username, in the one spelling that all spellings of it become.
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

/// What a person is called on the page: 1 to 64 characters once trimmed, none of them a control character.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DisplayName(String);

text!(DisplayName);

impl DisplayName {
    /// Reads a display name, without the white space around it.
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
    /// Who gave no display name is called by the username, which is always one.
    fn from(username: &Username) -> Self {
        Self(username.0.clone())
    }
}

/// Somebody with an account, as others are shown them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The account's name.
    pub username: Username,
    /// What the page calls them.
    pub display_name: DisplayName,
}

/// Who has a username.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    /// This user.
    Active(User),
    /// Nobody any more, and nobody again.
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
    fn a_username_is_lowered() {
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
    fn a_username_is_of_letters_digits_underscores_and_hyphens() {
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
