//! Accounts, and usernames.

use serde::{Deserialize, Serialize};

use crate::text::{text, trim};
use crate::{DisplayName, Invalid};

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

/// A user, as others see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", from = "StoredUser")]
pub struct User {
    /// The username.
    pub username: Username,
    /// The display name.
    pub display_name: DisplayName,
}

/// A user as it was stored, perhaps by an older version.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredUser {
    username: Username,
    display_name: String,
}

impl From<StoredUser> for User {
    fn from(StoredUser { username, display_name }: StoredUser) -> Self {
        Self { display_name: DisplayName::stored(&display_name, &username), username }
    }
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
    fn a_stored_user_is_readable_with_any_display_name() {
        let stored = |name: &str| serde_json::json!({ "username": "ada", "displayName": name });
        let user: User = serde_json::from_value(stored("Ada\u{202e}")).unwrap();
        assert_eq!(serde_json::to_value(&user).unwrap(), stored("Ada"));
    }
}
