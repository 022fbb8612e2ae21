//! Passwords and their hashes: argon2id, off the async threads.

use std::fmt;

use argon2::password_hash::{PasswordHash, SaltString};
use argon2::{Params, PasswordHasher, PasswordVerifier};

use crate::hasher::Hasher;
use crate::{Invalid, StoreError, nfc};

/// A password: 8 to 128 characters in Unicode's normalization form C, because systems compose an `ü` in different
/// ways. Its debug form hides it.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Parses a password.
    ///
    /// # Errors
    /// If the text is too short or too long.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = nfc(text);
        if !(8..=128).contains(&text.chars().count()) {
            return Err(Invalid::Value("must be 8 to 128 characters"));
        }
        Ok(Self(text.into_owned()))
    }

    /// Returns the text, for an estimate of how soon it would be guessed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Hashes the password with a new salt. Returns a PHC string.
    pub(crate) async fn hash(&self) -> Result<String, StoreError> {
        let password = self.clone();
        off_the_async_threads(move || password.hash_now()).await
    }

    /// Returns whether `hash` is this password's. Without a hash it is not, but takes as long: the response time must
    /// not reveal which users exist.
    pub(crate) async fn verify(&self, hash: Option<String>) -> Result<bool, StoreError> {
        let password = self.clone();
        off_the_async_threads(move || {
            let known = hash.is_some();
            let hash = hash.as_deref().unwrap_or(NOBODYS_HASH);
            let hash = PasswordHash::new(hash).map_err(failed)?;
            match Hasher.verify_password(password.0.as_bytes(), &hash) {
                Ok(()) => Ok(known),
                Err(argon2::password_hash::Error::Password) => Ok(false),
                Err(error) => Err(failed(error)),
            }
        })
        .await
    }

    /// Returns whether a hash has lower costs than new ones, and should be replaced.
    pub(crate) fn is_outdated(hash: &str) -> bool {
        let parameters = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
        let costs = |params: &Params| [params.m_cost(), params.t_cost(), params.p_cost()];
        let ours = costs(&Hasher::params());
        parameters.is_none_or(|stored| costs(&stored).iter().zip(ours).any(|(stored, ours)| *stored < ours))
    }

    fn hash_now(&self) -> Result<String, StoreError> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(failed)?;
        let salt = SaltString::encode_b64(&salt).map_err(failed)?;
        Ok(Hasher.hash_password(self.0.as_bytes(), &salt).map_err(failed)?.to_string())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(secret)")
    }
}

/// The hash that the password of an unknown user is compared with. It is a constant, because generating it would make
/// the first unknown user slower. It has the costs of every hash, and no password matches it.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdCwgMQ$bm9ib2R5J3MgaGFzaCwgdGhlIHNhbWUgYXMgbm9uZSE";

async fn off_the_async_threads<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(failed)?
}

fn failed(error: impl fmt::Display) -> StoreError {
    StoreError::PasswordHash(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_password_is_8_to_128_characters() {
        assert!(Password::parse(&"ä".repeat(7)).is_err());
        assert!(Password::parse(&"ä".repeat(8)).is_ok());
        assert!(Password::parse(&"ä".repeat(128)).is_ok());
        assert!(Password::parse(&"ä".repeat(129)).is_err());
    }

    #[tokio::test]
    async fn composed_and_decomposed_characters_make_the_same_password() {
        for (composed, decomposed) in [
            ("pässwörter", "pa\u{308}sswo\u{308}rter"),
            ("\u{c5}ngström", "\u{212b}ngstro\u{308}m"),
            ("한글비밀번호입니다", "\u{1112}\u{1161}\u{11ab}글비밀번호입니다"),
            ("\u{1e69}trange one", "s\u{307}\u{323}trange one"),
        ] {
            let hash = Password::parse(composed).unwrap().hash().await.unwrap();
            assert!(Password::parse(decomposed).unwrap().verify(Some(hash)).await.unwrap(), "{composed}");
        }
        let hash = Password::parse("ﬁnancial one").unwrap().hash().await.unwrap();
        assert!(!Password::parse("financial one").unwrap().verify(Some(hash)).await.unwrap());
        assert!(Password::parse(&"u\u{308}".repeat(7)).is_err(), "seven characters");
        assert!(Password::parse(&"u\u{308}".repeat(128)).is_ok());
    }

    #[test]
    fn a_password_stays_out_of_logs() {
        assert_eq!(format!("{:?}", Password::parse("correct horse").unwrap()), "Password(secret)");
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_with_its_costs_and_a_random_salt() {
        let password = Password::parse("correct horse").unwrap();
        let (one, other) = (password.hash().await.unwrap(), password.hash().await.unwrap());
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, other);
    }

    #[tokio::test]
    async fn a_hash_of_lower_costs_is_outdated() {
        let hash = Password::parse("correct horse").unwrap().hash().await.unwrap();
        assert!(!Password::is_outdated(&hash));
        assert!(Password::is_outdated(&hash.replace("m=19456", "m=19455")));
        assert!(Password::is_outdated(&hash.replace("t=2", "t=1")));
        assert!(!Password::is_outdated(&hash.replace("t=2", "t=3")));
        assert!(!Password::is_outdated(NOBODYS_HASH), "or it would take another time than everybody's");
    }

    #[tokio::test]
    async fn only_the_right_password_matches() {
        let password = Password::parse("correct horse").unwrap();
        let hash = password.hash().await.unwrap();
        assert!(password.verify(Some(hash.clone())).await.unwrap());
        assert!(!Password::parse("Correct horse").unwrap().verify(Some(hash)).await.unwrap());
        assert!(!password.verify(None).await.unwrap());
    }

    #[tokio::test]
    async fn a_malformed_hash_is_an_error_and_not_a_mismatch() {
        assert!(Password::parse("correct horse").unwrap().verify(Some("plain".into())).await.is_err());
    }

    #[tokio::test]
    async fn an_unknown_user_takes_as_long_as_a_wrong_password() {
        let password = Password::parse("correct horse").unwrap();
        let hash = Password::parse("battery staple").unwrap().hash().await.unwrap();
        // The quickest of as many as it takes, as a busy machine only adds.
        let mut quickest = [Duration::MAX; 2];
        let alike = |[unknown, wrong]: [Duration; 2]| unknown < wrong * 2 && wrong < unknown * 2;
        for _ in 0..200 {
            if quickest[1] < Duration::MAX && alike(quickest) {
                break;
            }
            for (quickest, hash) in quickest.iter_mut().zip([None, Some(hash.clone())]) {
                let begun = Instant::now();
                assert!(!password.verify(hash).await.unwrap());
                *quickest = (*quickest).min(begun.elapsed());
            }
        }
        assert!(alike(quickest), "{quickest:?}");
    }
}
