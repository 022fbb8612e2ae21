//! The words that an attacker tries first.

use notes::nfc;
use zxcvbn::Match;
use zxcvbn::matching::patterns::MatchPattern;

/// The name of the product.
const PRODUCT: &str = "notes";

/// The number of characters of a name that are read: those of the longest display name.
const MAX_LENGTH: usize = 64;

/// Shorter parts of names are in too many other words.
const MIN_LENGTH: usize = 3;

/// The words that an attacker tries first: the names of the product, of the deployment's host and of the user, and the parts of
/// these names. They count as guessed.
pub(crate) struct KnownWords(Vec<String>);

impl KnownWords {
    /// Collects the words of the product, of the host in an origin, and of the user's names.
    pub(crate) fn new(origin: &str, names: &[&str]) -> Self {
        let (_, host) = origin.split_once("://").unwrap_or_default();
        let host = host.split(':').next().unwrap_or_default();
        let names = [PRODUCT, host].into_iter().chain(names.iter().copied());
        Self(names.flat_map(words).collect())
    }

    /// Returns the words.
    pub(super) fn words(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }

    /// Returns whether a part of a password is such a word, also backwards, with digits for letters, or repeated.
    pub(super) fn contain(&self, part: &Match) -> bool {
        match &part.pattern {
            MatchPattern::Dictionary(found) => self.0.contains(&found.matched_word),
            MatchPattern::Repeat(repeat) => repeat.base_matches.iter().all(|part| self.contain(part)),
            _ => false,
        }
    }
}

/// Returns a name in lower case, and its parts.
fn words(name: &str) -> Vec<String> {
    let name: String = name.chars().take(MAX_LENGTH).collect();
    let name = nfc(name.trim()).to_lowercase();
    let parts = name.split(|character: char| !character.is_alphanumeric());
    let words = [&*name].into_iter().chain(parts).filter(|word| word.chars().count() >= MIN_LENGTH);
    words.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_product_the_host_and_the_users_names() {
        let known =
            KnownWords::new("https://team.example.org:3000", &["ada-lovelace", " A\u{308}da  Q. Lovelace "]);
        let expected = [
            "notes",
            "notes",
            "team.example.org",
            "team",
            "example",
            "org",
            "ada-lovelace",
            "ada",
            "lovelace",
            "äda  q. lovelace",
            "äda",
            "lovelace",
        ];
        assert_eq!(known.words(), expected);
    }

    #[test]
    fn of_a_long_name_only_the_beginning_is_read() {
        let known = KnownWords::new("", &[&"name ".repeat(100_000)]);
        assert!(known.words().len() < 20);
    }
}
