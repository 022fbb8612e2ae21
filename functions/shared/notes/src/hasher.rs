//! Argon2id, in memory that is reused from one hash to the next.
//!
//! Argon2's blocks are aligned. glibc does not reuse aligned blocks after they are freed, so each hash took another 19
//! MiB, until the function ran out of memory after a dozen.

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::{Decimal, Error, Ident, Output, ParamsString, PasswordHash, Result, Salt};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHasher, Version};

/// The costs that OWASP recommends: 19 MiB, two passes, one lane.
const COSTS: (u32, u32, u32) = (19_456, 2, 1);

/// The memory of one hash at a time, because a function's instance handles one request at a time. It is empty before
/// the first.
static MEMORY: Mutex<Vec<Block>> = Mutex::new(Vec::new());

pub(crate) struct Hasher;

impl Hasher {
    /// Returns the costs of a new hash.
    pub(crate) fn params() -> Params {
        let (memory, passes, lanes) = COSTS;
        Params::new(memory, passes, lanes, None).expect("these are within argon2's limits")
    }
}

/// Verification hashes the password again, at the costs of the known hash.
impl PasswordHasher for Hasher {
    type Params = Params;

    fn hash_password<'a>(&self, password: &[u8], salt: impl Into<Salt<'a>>) -> Result<PasswordHash<'a>> {
        self.hash_password_customized(password, None, None, Self::params(), salt)
    }

    fn hash_password_customized<'a>(
        &self,
        password: &[u8],
        algorithm: Option<Ident<'a>>,
        version: Option<Decimal>,
        params: Params,
        salt: impl Into<Salt<'a>>,
    ) -> Result<PasswordHash<'a>> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let salt = salt.into();
        let mut bytes = [0; Salt::MAX_LENGTH];
        let bytes = salt.decode_b64(&mut bytes)?;
        let argon2 = Argon2::new(algorithm, version, params.clone());
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let output = Output::init_with(length, |output| {
            // A hash overwrites everything that a panic left there.
            let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
            let blocks = params.block_count();
            if memory.len() < blocks {
                memory.resize(blocks, Block::new());
            }
            argon2
                .hash_password_into_with_memory(password, bytes, output, &mut memory[..blocks])
                .map_err(Error::from)
        })?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: ParamsString::try_from(&params)?,
            salt: Some(salt),
            hash: Some(output),
        })
    }
}

#[cfg(test)]
mod tests {
    use argon2::PasswordVerifier as _;

    use super::*;

    const SALT: &str = "c2FsdCBvZiBhIHRlc3Q";

    fn hash(password: &[u8]) -> String {
        Hasher.hash_password(password, Salt::from_b64(SALT).unwrap()).unwrap().to_string()
    }

    #[test]
    fn a_hash_in_reused_memory_equals_one_in_new_memory() {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Hasher::params());
        for password in [b"correct horse".as_slice(), b"battery staple", b"correct horse"] {
            let its = argon2.hash_password(password, Salt::from_b64(SALT).unwrap()).unwrap().to_string();
            assert_eq!(hash(password), its);
        }
    }

    #[test]
    fn a_hash_is_verified_with_its_own_costs() {
        for params in [Params::new(8, 1, 1, None).unwrap(), Params::new(32_768, 1, 2, None).unwrap()] {
            let known = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let known = known.hash_password(b"correct horse", Salt::from_b64(SALT).unwrap()).unwrap();
            assert!(Hasher.verify_password(b"correct horse", &known).is_ok());
            assert!(Hasher.verify_password(b"battery staple", &known).is_err());
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn only_the_first_hash_allocates_memory() {
        fn anonymous_memory() -> usize {
            let status = std::fs::read_to_string("/proc/self/status").unwrap();
            let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
            line.trim_end_matches("kB").trim().parse::<usize>().unwrap() * 1024
        }

        hash(b"correct horse");
        let one = anonymous_memory();
        for _ in 0..6 {
            hash(b"correct horse");
        }
        // Tests beside this one take some, but less than three hashes of these six would.
        assert!(anonymous_memory() < one + 3 * 19 * 1024 * 1024);
    }
}
