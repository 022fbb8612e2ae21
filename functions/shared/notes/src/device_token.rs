//! The token in a device's cookie.

use std::time::Duration;

use crate::cookies;
use crate::secret::Secret;

/// The token of a device: 256 random bits in base64url. The debug form hides them.
///
/// It proves only that a browser has signed in to an account before. The account's row has the digest. A browser has one
/// token for all accounts that sign in on it, so that users who share a browser do not replace each other's tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceToken(Secret);

impl DeviceToken {
    /// The life of the cookie since the last sign-in: the most that browsers allow.
    pub const LIFETIME: Duration = Duration::from_hours(400 * 24);

    /// The most known devices of an account. A new one replaces the one that signed in longest ago.
    pub const MOST: usize = 10;

    /// Generates a token.
    ///
    /// # Panics
    /// If the system has no random bytes.
    #[must_use]
    pub fn generate() -> Self {
        Self(Secret::generate())
    }

    /// Finds the token in the values of a request's `Cookie` headers.
    pub fn from_cookies<'a>(cookies: impl IntoIterator<Item = &'a str>, cookie_name: &str) -> Option<Self> {
        cookies::find(cookies, cookie_name, |value| Secret::parse(value).map(Self))
    }

    /// Returns the cookie's value, which is the secret.
    #[must_use]
    pub fn to_cookie_value(&self) -> String {
        self.0.reveal()
    }

    /// Returns the SHA-256 in base64url, which the table holds.
    pub(crate) fn digest(&self) -> String {
        self.0.digest()
    }

    /// Returns the digests of an account's devices after this one has signed in. The newest is last.
    pub(crate) fn remember(&self, mut devices: Vec<String>) -> Vec<String> {
        let digest = self.digest();
        devices.retain(|device| *device != digest);
        devices.push(digest);
        devices.drain(..devices.len().saturating_sub(Self::MOST));
        devices
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_reads_back_and_the_debug_form_hides_it() {
        let token = DeviceToken::generate();
        let value = token.to_cookie_value();
        assert_eq!(value.len(), 43);
        let cookies = format!("other=1; device=short; device={value}");
        assert_eq!(DeviceToken::from_cookies([cookies.as_str()], "device"), Some(token.clone()));
        assert_eq!(DeviceToken::from_cookies([cookies.as_str()], "other"), None);
        assert!(!format!("{token:?}").contains(&value));
    }

    #[test]
    fn the_device_that_signed_in_longest_ago_is_replaced() {
        let tokens: Vec<_> = (0..=DeviceToken::MOST).map(|_| DeviceToken::generate()).collect();
        let (newest, first) = tokens.split_last().unwrap();
        let full = first.iter().fold(Vec::new(), |devices, token| token.remember(devices));
        assert_eq!(full, first.iter().map(DeviceToken::digest).collect::<Vec<_>>());
        // The first signs in again, so the second is the oldest.
        let devices = newest.remember(tokens[0].remember(full));
        assert_eq!(devices.len(), DeviceToken::MOST);
        let is_known = |token: &DeviceToken| devices.contains(&token.digest());
        assert!(is_known(&tokens[0]) && !is_known(&tokens[1]) && is_known(&tokens[2]) && is_known(newest));
    }
}
