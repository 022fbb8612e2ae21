//! Links to set a new password.

use std::fmt;
use std::time::Duration;

use crate::secret::Secret;
use crate::session_token::exactly;
use crate::{Invalid, Username};

/// The token of a link to set a new password: the username, which locates the account, and 256 random bits in base64url:
/// `ada.SECRET`. The table holds only their digest. The debug form hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordLink {
    username: Username,
    secret: Secret,
}

impl PasswordLink {
    /// How long a link is valid.
    pub const LIFETIME: Duration = Duration::from_hours(24);

    /// Generates a token.
    pub(crate) fn generate(username: &Username) -> Self {
        Self { username: username.clone(), secret: Secret::generate() }
    }

    /// Parses the token of a link.
    ///
    /// # Errors
    /// If the text is not a token.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let read = || {
            let (username, secret) = text.split_once('.')?;
            Some(Self { username: exactly(username)?, secret: Secret::parse(secret)? })
        };
        read().ok_or(Invalid::Value("must be the token of a password link"))
    }

    /// Returns the user whose password it sets.
    #[must_use]
    pub fn username(&self) -> &Username {
        &self.username
    }

    /// Returns the text, which lets its reader set the password.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{}.{}", self.username, self.secret.reveal())
    }

    /// Returns the digest of the secret.
    pub(crate) fn digest(&self) -> String {
        self.secret.digest()
    }
}

impl fmt::Debug for PasswordLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordLink(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_reads_back_and_stays_out_of_logs() {
        let link = PasswordLink::generate(&Username::parse("ada").unwrap());
        assert_eq!(PasswordLink::parse(&link.reveal()), Ok(link.clone()));
        assert!(!link.reveal().contains(&link.digest()));
        assert_eq!(format!("{link:?}"), "PasswordLink(hidden)");
        let secret = &link.reveal()["ada.".len()..];
        for wrong in [
            "",
            ".",
            "ada.",
            secret,
            &format!("Ada.{secret}"),
            &format!("ada.{secret}="),
            &format!("ada#.{secret}"),
        ] {
            assert!(PasswordLink::parse(wrong).is_err(), "{wrong}");
        }
    }
}
