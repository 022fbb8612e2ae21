//! The rules for a new password. They do not apply when a user signs in.

use notes::{Invalid, Password};

use super::known_words::KnownWords;
use super::strength::{Strength, Weakness};
use crate::problem::Problem;
use crate::request::fields::FieldErrors;

/// A new password of a valid length, which may be easy to guess.
pub(crate) struct NewPassword(Password);

impl NewPassword {
    /// Parses a password.
    ///
    /// # Errors
    ///
    /// Returns an error if its length is wrong.
    pub(crate) fn parse(text: &str) -> Result<Self, Invalid> {
        Password::parse(text).map(Self)
    }

    /// Returns the password, which a member of a request contains.
    ///
    /// # Errors
    ///
    /// Returns 422 with an error of the member if the password is easy to guess.
    pub(crate) fn hard_to_guess(self, member: &str, known: &KnownWords) -> Result<Password, Problem> {
        let mut errors = FieldErrors::default();
        let password = errors.check(member, self.check(known));
        errors.finish(password)
    }

    fn check(self, known: &KnownWords) -> Result<Password, Invalid> {
        let strength = Strength::of(self.0.as_str(), known);
        if strength.is_enough() {
            return Ok(self.0);
        }
        Err(Invalid::Value(match strength.weakness() {
            Some(Weakness::KnownWord) => {
                "is easy to guess from your name or the name of this site. Use three or four unrelated words"
            }
            _ => "is easy to guess. Use three or four unrelated words",
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(password: &str) -> Result<Password, Invalid> {
        NewPassword::parse(password)?
            .check(&KnownWords::new("https://team.example.org", &["ada-lovelace", "Ada King"]))
    }

    #[test]
    fn common_passwords_are_refused_in_any_case() {
        for common in [
            "password",
            "Password",
            "1234567890",
            "QWERTYUIOP",
            "football",
            "iloveyou",
            "passw0rd",
            "baseball",
            "trustno1",
            "1q2w3e4r",
            "qazwsxedc",
            "lovelove",
            "21122112",
            "30041987",
            "babe1987",
            "Batman22",
            "passwordassword",
            "applejuice",
            "gateway7",
            "1success",
            "5unshine",
            "789456123q",
            "ronaldo123",
        ] {
            assert!(check(common).is_err(), "{common}");
        }
    }

    #[test]
    fn patterns_are_refused() {
        for pattern in [
            "        ",
            "aaaaaaaaaaaaaaaaaaaa",
            "abcabcabcabcabc",
            "abcdefghijklmnop",
            "9876543210",
            "asdfghjkl;'",
            "1qaz2wsx3edc",
            "24.12.1990",
            "19901224",
            "🦀🦀🦀🦀🦀🦀🦀🦀",
        ] {
            assert!(check(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn the_users_names_the_product_and_the_host_count_as_guessed() {
        for known in [
            "ada-lovelace",
            "Ada-Lovelace",
            "ada-lovelace2026",
            "ADA-LOVELACE-1815!",
            "ecalevol-ada",
            "4d4-10v31ac3",
            "lovelacelovelace",
            "AdaKing1!",
            "notes2026!",
            "Notes-Notes-Notes",
            "team.example.org",
            "TeamNotes1",
        ] {
            assert!(check(known).is_err(), "{known}");
        }
        assert!(NewPassword::parse("ada-lovelace-x7q9wkz").unwrap().check(&KnownWords::new("", &[])).is_ok());
    }

    #[test]
    fn an_error_says_what_to_do() {
        let error = |password| check(password).unwrap_err().to_string();
        assert_eq!(error("password"), "is easy to guess. Use three or four unrelated words");
        assert_eq!(
            error("ada-lovelace1"),
            "is easy to guess from your name or the name of this site. Use three or four unrelated words"
        );
    }

    #[test]
    fn other_passwords_are_accepted() {
        for fine in [
            "correct horse",
            "two gulls, one harbour",
            "my notes about ada and her harbour",
            "x7-9!kQz",
            "<script>alert",
            "größer als neun",
            "冬の夜は長くて静か",
        ] {
            assert!(check(fine).is_ok(), "{fine}");
        }
    }

    #[test]
    fn a_password_has_8_to_128_characters() {
        assert!(check("x7-9!kQ").is_err());
        assert!(check("x7-9!kQz").is_ok());
        assert!(check(&"x7-9!kQz".repeat(16)).is_ok() && check(&"x7-9!kQz".repeat(17)).is_err());
    }
}
