//! The credentials of functions. As on AWS, they are temporary: each function gets its own, and every run new ones.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Prefix of the access key ids of functions. Temporary keys of AWS begin with ASIA, too. The rest of the prefix is random,
/// so that an operator's own key has it once in thirty million.
const PREFIX: &str = "ASIALOCAL";
/// Length of an access key id.
const LENGTH: usize = 20;
/// Characters of access key ids.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Credentials with which a function signs its calls.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Identifies the function.
    pub access_key_id: String,
    /// The secret for signatures.
    pub secret_access_key: String,
    /// The session token, which temporary credentials have.
    pub session_token: String,
}

/// The credentials of all functions of a cloud.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// Credentials by function.
    credentials: BTreeMap<String, Credentials>,
}

impl Registry {
    /// Creates credentials for each function.
    pub fn of<'a>(functions: impl Iterator<Item = &'a str>) -> Self {
        Self { credentials: functions.map(|function| (function.to_owned(), Credentials::new())).collect() }
    }

    /// Returns the credentials of a function by its logical id.
    #[must_use]
    pub fn get(&self, function: &str) -> Option<&Credentials> {
        self.credentials.get(function)
    }

    /// Returns the function with this access key id, and its credentials.
    #[must_use]
    pub fn owner(&self, access_key_id: &str) -> Option<(&str, &Credentials)> {
        let owns = |(_, credentials): &(&String, &Credentials)| credentials.access_key_id == access_key_id;
        self.credentials.iter().find(owns).map(|(function, credentials)| (function.as_str(), credentials))
    }
}

impl Credentials {
    fn new() -> Self {
        let id = random(LENGTH - PREFIX.len());
        let id = id.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
        Self {
            access_key_id: PREFIX.chars().chain(id).collect(),
            secret_access_key: STANDARD.encode(random(30)),
            session_token: STANDARD.encode(random(90)),
        }
    }

    /// Returns the environment variables from which every AWS SDK reads its credentials.
    #[must_use]
    pub fn variables(&self) -> [(&'static str, String); 3] {
        [
            ("AWS_ACCESS_KEY_ID", self.access_key_id.clone()),
            ("AWS_SECRET_ACCESS_KEY", self.secret_access_key.clone()),
            ("AWS_SESSION_TOKEN", self.session_token.clone()),
        ]
    }
}

// The secrets must not be printed.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

/// Returns whether an access key id has the form of a function's, of this run or another.
#[must_use]
pub fn is_of_a_function(access_key_id: &str) -> bool {
    access_key_id.starts_with(PREFIX) && access_key_id.len() == LENGTH
}

fn random(length: usize) -> Vec<u8> {
    // Two of a UUID's 16 bytes are not entirely random.
    let bytes = std::iter::repeat_with(|| uuid::Uuid::new_v4().into_bytes());
    bytes
        .flat_map(|[a, b, c, d, e, f, _, g, _, rest @ ..]| [a, b, c, d, e, f, g].into_iter().chain(rest))
        .take(length)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_function_and_each_run_has_different_credentials() {
        let registry = || Registry::of(["Http", "Stream"].into_iter());
        let (one, other) = (registry(), registry());
        let all = [one.get("Http"), one.get("Stream"), other.get("Http")].map(Option::unwrap);
        for (index, credentials) in all.iter().enumerate() {
            assert_eq!(credentials.access_key_id.len(), 20);
            assert_eq!(credentials.secret_access_key.len(), 40);
            for later in &all[index + 1..] {
                assert_ne!(credentials.access_key_id, later.access_key_id);
                assert_ne!(credentials.secret_access_key, later.secret_access_key);
                assert_ne!(credentials.session_token, later.session_token);
            }
        }
    }

    #[test]
    fn an_access_key_id_identifies_its_function() {
        let registry = Registry::of(["Http", "Stream"].into_iter());
        let key = &registry.get("Stream").unwrap().access_key_id;
        assert_eq!(registry.owner(key).unwrap().0, "Stream");
        assert!(is_of_a_function(key));
        assert!(registry.owner("AKIDEXAMPLE").is_none() && !is_of_a_function("AKIDEXAMPLE"));
    }

    #[test]
    fn secrets_are_not_printed() {
        let credentials = Credentials::new();
        let printed = format!("{credentials:?}");
        assert!(printed.contains(&credentials.access_key_id));
        assert!(!printed.contains(&credentials.secret_access_key));
        assert!(!printed.contains(&credentials.session_token));
    }
}
