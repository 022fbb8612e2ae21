//! What a new password must be. (One that is signed in with need only be right.)

use notes::{Invalid, Password, Username};

/// The common passwords of 8 characters and more, in lower case, sorted, one a line (`build.rs`).
static COMMON: &str = include_str!(concat!(env!("OUT_DIR"), "/common-passwords.txt"));

/// A password that somebody wants to have.
pub(crate) struct NewPassword {
    password: Password,
    lowered: String,
}

impl NewPassword {
    /// Reads a password, unless it is one that is tried first.
    pub(crate) fn parse(text: &str) -> Result<Self, Invalid> {
        let password = Password::parse(text)?;
        let lowered = password.to_lowercase();
        // 17,000 lines: to look at each takes less than the thousandth part of hashing the password.
        if COMMON.lines().any(|common| common == lowered) {
            return Err(Invalid::Value("must not be one of the most common passwords"));
        }
        Ok(Self { password, lowered })
    }

    /// The password, unless it is the username.
    pub(crate) fn unlike(self, username: &Username) -> Result<Password, Invalid> {
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
    fn the_username_is_no_password_in_any_case() {
        let username = Username::parse("ada-lovelace").unwrap();
        for same in ["ada-lovelace", "Ada-Lovelace"] {
            assert!(NewPassword::parse(same).unwrap().unlike(&username).is_err(), "{same}");
        }
        assert!(NewPassword::parse("ada-lovelace!").unwrap().unlike(&username).is_ok());
    }

    #[test]
    fn the_length_is_a_passwords() {
        assert!(NewPassword::parse("x7-9!kQ").is_err());
        assert!(NewPassword::parse("x7-9!kQz").is_ok());
        assert!(NewPassword::parse(&"x7".repeat(64)).is_ok());
        assert!(NewPassword::parse(&"x7".repeat(65)).is_err());
    }
}
