//! The rules for a new password. They do not apply when a user signs in.

use notes::{Invalid, Password, Username};

/// The common passwords of at least 8 characters: lower case, sorted, one per line. `build/passwords.rs` writes them.
static COMMON: &str = include_str!(concat!(env!("OUT_DIR"), "/common-passwords.txt"));

/// A new password that is not common.
pub(crate) struct NewPassword {
    password: Password,
    lowered: String,
}

impl NewPassword {
    /// Parses a password.
    ///
    /// # Errors
    ///
    /// Returns an error if its length is wrong, or if it is one of the most common passwords.
    pub(crate) fn parse(text: &str) -> Result<Self, Invalid> {
        let password = Password::parse(text)?;
        let lowered = password.to_lowercase();
        // A search through 17,000 lines takes less than a thousandth of the time to hash the password.
        if COMMON.lines().any(|common| common == lowered) {
            return Err(Invalid::Value("must not be one of the most common passwords"));
        }
        Ok(Self { password, lowered })
    }

    /// Returns the password.
    ///
    /// # Errors
    ///
    /// Returns an error if the password is the username.
    pub(crate) fn different_from(self, username: &Username) -> Result<Password, Invalid> {
        if self.lowered == username.as_str() {
            return Err(Invalid::Value("must not be the username"));
        }
        Ok(self.password)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_passwords_are_refused_in_any_case() {
        for common in ["password", "Password", "1234567890", "QWERTYUIOP", "football", "iloveyou"] {
            assert!(NewPassword::parse(common).is_err(), "{common}");
        }
        for fine in ["correct horse battery", "passwordpassword?", "ä".repeat(8).as_str(), "12345678 "] {
            assert!(NewPassword::parse(fine).is_ok(), "{fine}");
        }
    }

    #[test]
    fn the_username_is_refused_in_any_case() {
        let username = Username::parse("ada-lovelace").unwrap();
        for same in ["ada-lovelace", "Ada-Lovelace"] {
            assert!(NewPassword::parse(same).unwrap().different_from(&username).is_err(), "{same}");
        }
        assert!(NewPassword::parse("ada-lovelace!").unwrap().different_from(&username).is_ok());
    }

    #[test]
    fn a_password_has_8_to_128_characters() {
        assert!(NewPassword::parse("x7-9!kQ").is_err());
        assert!(NewPassword::parse("x7-9!kQz").is_ok());
        assert!(NewPassword::parse(&"x7".repeat(64)).is_ok());
        assert!(NewPassword::parse(&"x7".repeat(65)).is_err());
    }
}
