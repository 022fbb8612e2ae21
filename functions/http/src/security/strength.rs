//! Estimates how soon somebody would guess a password.
//!
//! A new password needs a minimum, and the page shows the same estimate while somebody types. The estimator (zxcvbn) knows
//! common passwords, words and names, and patterns such as keyboard rows, dates, repeats and digits for letters.

use notes::nfc;
use serde::Serialize;
use utoipa::ToSchema;
use zxcvbn::feedback::Warning;
use zxcvbn::{Entropy, zxcvbn};

use super::known_words::KnownWords;

/// The number of characters that count, in Unicode's normalization form C.
const MAX_LENGTH: usize = 100;

/// Symbols that the estimator also reads as letters, each with one that it does not.
const SYMBOLS: [(char, char); 10] = [
    ('@', '&'),
    ('$', '#'),
    ('!', '?'),
    ('+', '='),
    ('%', '~'),
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('<', '>'),
    ('|', '\\'),
];

/// The number of different symbols that are read as letters.
///
/// The estimator tries all readings together, and each symbol multiplies their number. With all ten, 100 characters take half a
/// second on a laptop, and with three as long as hashing a password.
const MAX_SYMBOLS: usize = 3;

/// How soon a password would be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Strength {
    /// From 0 (guessed within 1,000 attempts) to 4 (not within 10,000,000,000). A new password needs at least 2 (not within
    /// 1,000,000).
    #[schema(minimum = 0, maximum = 4)]
    score: u8,
    /// The weakness that makes it easy to guess. Absent if the score is 3 or 4, or if there is no pattern.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    weakness: Option<Weakness>,
}

/// A weakness of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Weakness {
    /// It is one of the 100 most common passwords.
    VeryCommon,
    /// It is a common password.
    Common,
    /// It is similar to a common password.
    SimilarToCommon,
    /// It is or contains a name of the user, of the product or of the site.
    KnownWord,
    /// It is a single word.
    Word,
    /// It is a single name.
    Name,
    /// It contains a common name.
    ContainsName,
    /// It is a row of keys.
    KeyboardRow,
    /// It is a pattern of keys.
    KeyboardPattern,
    /// It repeats a character.
    RepeatedCharacter,
    /// It repeats a text.
    RepeatedText,
    /// It is a sequence, such as `abc` or `6543`.
    Sequence,
    /// It contains a year.
    Year,
    /// It contains a date.
    Date,
}

impl Strength {
    /// The lowest score of a new password.
    const ENOUGH: u8 = 2;

    /// Estimates the strength of a password. Only its first 100 characters count, and known words count as guessed.
    pub(crate) fn of(password: &str, known: &KnownWords) -> Self {
        let password = bounded(password);
        let whole = zxcvbn(&password, &known.words());
        let unknown_parts = whole.sequence().iter().filter(|part| !known.contain(part));
        let unknown: String = unknown_parts.map(|part| part.token.as_str()).collect();
        if unknown == password {
            return Self { score: score(&whole), weakness: weakness(&whole) };
        }
        let score = score(&whole).min(score(&zxcvbn(&unknown, &[])));
        Self { score, weakness: (score < 3).then_some(Weakness::KnownWord) }
    }

    /// Returns whether a new password is strong enough.
    pub(super) fn is_enough(self) -> bool {
        self.score >= Self::ENOUGH
    }

    /// Returns what makes the password weak.
    pub(super) fn weakness(self) -> Option<Weakness> {
        self.weakness
    }
}

/// Returns the characters that count. Symbols after the first three different ones become others, which are not read as letters.
fn bounded(password: &str) -> String {
    let mut read_as_letters = Vec::with_capacity(MAX_SYMBOLS);
    let characters = nfc(password);
    let bounded = characters.chars().take(MAX_LENGTH).map(|character| {
        let Some((_, other)) = SYMBOLS.iter().find(|(symbol, _)| *symbol == character) else {
            return character;
        };
        if read_as_letters.len() < MAX_SYMBOLS && !read_as_letters.contains(&character) {
            read_as_letters.push(character);
        }
        if read_as_letters.contains(&character) { character } else { *other }
    });
    bounded.collect()
}

fn score(estimate: &Entropy) -> u8 {
    estimate.score().into()
}

fn weakness(estimate: &Entropy) -> Option<Weakness> {
    Some(match estimate.feedback()?.warning()? {
        Warning::ThisIsATop10Password | Warning::ThisIsATop100Password => Weakness::VeryCommon,
        Warning::ThisIsACommonPassword => Weakness::Common,
        Warning::ThisIsSimilarToACommonlyUsedPassword => Weakness::SimilarToCommon,
        Warning::AWordByItselfIsEasyToGuess => Weakness::Word,
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess => Weakness::Name,
        Warning::CommonNamesAndSurnamesAreEasyToGuess => Weakness::ContainsName,
        Warning::StraightRowsOfKeysAreEasyToGuess => Weakness::KeyboardRow,
        Warning::ShortKeyboardPatternsAreEasyToGuess => Weakness::KeyboardPattern,
        Warning::RepeatsLikeAaaAreEasyToGuess => Weakness::RepeatedCharacter,
        Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => Weakness::RepeatedText,
        Warning::SequencesLikeAbcAreEasyToGuess => Weakness::Sequence,
        Warning::RecentYearsAreEasyToGuess => Weakness::Year,
        Warning::DatesAreOftenEasyToGuess => Weakness::Date,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strength(password: &str) -> (u8, Option<Weakness>) {
        let known = KnownWords::new("https://team.example.org", &["ada-lovelace", "Countess"]);
        let Strength { score, weakness } = Strength::of(password, &known);
        (score, weakness)
    }

    #[test]
    fn each_weakness_is_found() {
        for (password, weakness) in [
            ("password", Weakness::VeryCommon),
            ("thunderbird", Weakness::Common),
            ("p4ssw0rd", Weakness::SimilarToCommon),
            ("ada-lovelace1", Weakness::KnownWord),
            ("parliamentary", Weakness::Word),
            ("wilkinson", Weakness::Name),
            ("wilkinson7", Weakness::ContainsName),
            ("zxcvbnm,.", Weakness::KeyboardRow),
            ("zxcft6yhn", Weakness::KeyboardPattern),
            ("aaaaaaaaaaaa", Weakness::RepeatedCharacter),
            ("xkxkxkxkxk", Weakness::RepeatedText),
            ("lmnopqrst", Weakness::Sequence),
            ("2019", Weakness::Year),
            ("24.12.1990", Weakness::Date),
        ] {
            assert_eq!(strength(password).1, Some(weakness), "{password}");
        }
        assert_eq!(strength("x7qk2"), (1, None), "there is no pattern");
        assert_eq!(strength(""), (0, None));
        assert_eq!(strength("two gulls, one harbour"), (4, None));
    }

    #[test]
    fn known_words_count_as_guessed_wherever_they_are() {
        let rest = strength("x7qk2wz").0;
        assert_eq!(rest, 2);
        for password in [
            "x7qk2wzlovelace",
            "lovelacex7qk2wz",
            "x7qLOVELACEk2wz",
            "ecalevolx7qk2wzcountess",
            "notesx7qk2wzteam",
        ] {
            assert_eq!(strength(password), (rest, Some(Weakness::KnownWord)), "{password}");
        }
        assert_eq!(strength("my notes about the countess and her harbour"), (4, None));
    }

    #[test]
    fn composed_and_decomposed_characters_are_the_same() {
        for (composed, decomposed) in
            [("größer", "gro\u{308}ßer"), ("\u{c5}ngström", "\u{212b}ngstro\u{308}m")]
        {
            assert_eq!(strength(composed), strength(decomposed), "{composed}");
        }
    }

    #[test]
    fn only_the_first_100_characters_count() {
        let easy = "a".repeat(MAX_LENGTH);
        assert!(strength(&easy).0 < 2);
        assert_eq!(strength(&format!("{easy} two gulls, one harbour")), strength(&easy));
        assert!(strength(&format!("{} two gulls, one harbour", &easy[30..])).0 > 2);
    }

    #[test]
    fn three_symbols_are_read_as_letters_and_the_others_are_not() {
        assert_eq!(bounded("p@$$w0rd!"), "p@$$w0rd!");
        assert_eq!(bounded("@$!@+%([{<|!$@"), "@$!@=~)]}>\\!$@");
        let all: String = SYMBOLS.iter().map(|(symbol, _)| symbol).collect();
        let different = |text: &str| SYMBOLS.iter().filter(|(symbol, _)| text.contains(*symbol)).count();
        assert_eq!(different(&bounded(&all.repeat(20))), MAX_SYMBOLS);
    }
}
