//! The ids of those who edit documents.

use sha2::{Digest as _, Sha256};

/// The number of random bits of an id.
const RANDOM_BITS: u32 = 25;

/// The id of an editor of a document: a tab of a person's browser, or a request. Yjs gives ids 53 bits.
///
/// The upper 28 bits depend on the username, so that nobody can send edits as somebody else: two edits with the same id and
/// the same position would let documents diverge. The other bits are random.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(u64);

impl ClientId {
    /// The id that inserts the text with which a document begins. No username has it: its upper bits are zero.
    pub(crate) const SEED: Self = Self(1);

    /// Creates an id of a person. Of `random`, the lower 25 bits are used.
    #[must_use]
    pub fn new(username: &str, random: u32) -> Self {
        Self(owner(username) << RANDOM_BITS | u64::from(random) & ((1 << RANDOM_BITS) - 1))
    }

    /// Returns whether an id is one of this person.
    #[must_use]
    pub fn is_of(self, username: &str) -> bool {
        self.0 >> RANDOM_BITS == owner(username)
    }

    pub(crate) fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// Returns the id as Yjs has it: `doc.clientID`.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

/// Returns the first 28 bits of the name's SHA-256.
fn owner(username: &str) -> u64 {
    let digest = Sha256::digest(username);
    let first = digest.iter().take(4).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    first >> 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_belongs_to_the_person_it_was_made_for() {
        let id = ClientId::new("ada", u32::MAX);
        assert!(id.is_of("ada"));
        assert!(!id.is_of("bob"));
        assert!(id.number() < 1 << 53);
        assert_ne!(id, ClientId::new("ada", 0));
    }

    /// The page computes the same: `functions/web/src/documents/client-id.ts`.
    #[test]
    fn the_upper_bits_are_the_first_of_the_names_digest() {
        // SHA-256 of "ada" begins with 51 3f f7 e3... as `printf ada | sha256sum` prints it.
        let first = u64::from(u32::from_be_bytes(Sha256::digest("ada")[..4].try_into().unwrap()) >> 4);
        assert_eq!(ClientId::new("ada", 5).number(), first << 25 | 5);
    }

    #[test]
    fn the_seed_belongs_to_nobody() {
        for name in ["ada", "bob", "a"] {
            assert!(!ClientId::SEED.is_of(name));
        }
    }
}
