//! Display names: text of a user that is shown beside the text of others.

mod characters;

use serde::Serialize;

use self::characters::Characters;
use crate::text::{nfc, text, trim};
use crate::{Invalid, Username};

/// The most characters of a display name.
const MAX_LENGTH: usize = 64;

/// A display name: 1 to 64 characters in Unicode's normalization form C. White space around it is removed, and white
/// space inside it becomes single spaces.
///
/// It cannot mirror or hide the text beside it. So it contains no control characters, no bidirectional controls, no
/// invisible characters except those that emoji and scripts need, and at most four accents on one character.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(into = "String")]
pub struct DisplayName(String);

text!(DisplayName);

impl DisplayName {
    /// Parses a display name, and normalizes it.
    ///
    /// # Errors
    /// If the text breaks the rules. The error names the character to remove.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let name = single_spaced(&nfc(trim(text)));
        let characters: Vec<char> = name.chars().take(MAX_LENGTH + 1).collect();
        if !(1..=MAX_LENGTH).contains(&characters.len()) {
            return Err(Invalid::Value("must be 1 to 64 characters"));
        }
        Characters::new(&characters).check()?;
        Ok(Self(name))
    }

    /// Reads a stored display name. Older versions stored names that break today's rules. Those names lose what breaks
    /// the rules. If nothing is left, the display name is the username.
    pub(crate) fn stored(text: &str, username: &Username) -> Self {
        let cleaned = |_| Self::parse(&characters::without_hazards(&nfc(text), MAX_LENGTH));
        Self::parse(text).or_else(cleaned).unwrap_or_else(|_| Self::from(username))
    }
}

impl From<&Username> for DisplayName {
    /// The default display name is the username.
    fn from(username: &Username) -> Self {
        Self(username.as_str().to_owned())
    }
}

/// Replaces each run of white space by one space. Control characters remain, and are refused later.
fn single_spaced(text: &str) -> String {
    let is_space = |character: char| character.is_whitespace() && !character.is_control();
    text.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<String, String> {
        DisplayName::parse(text).map(String::from).map_err(|invalid| invalid.to_string())
    }

    fn refused(text: &str) -> String {
        parse(text).expect_err(&format!("{text:?}"))
    }

    fn accepted(text: &str) {
        assert_eq!(parse(text).as_deref(), Ok(text));
    }

    #[test]
    fn a_display_name_is_1_to_64_characters_once_normalized() {
        for text in ["", "  ", "\u{feff}\u{2003}"] {
            assert_eq!(refused(text), "must be 1 to 64 characters");
        }
        assert_eq!(parse(" Ä ").as_deref(), Ok("Ä"));
        accepted(&"Ä".repeat(64));
        assert_eq!(refused(&"Ä".repeat(65)), "must be 1 to 64 characters");
        // Two code points each, before normalization.
        assert_eq!(parse(&"A\u{308}".repeat(64)), Ok("Ä".repeat(64)));
        assert!(parse(&"A\u{308}".repeat(65)).is_err());
        assert_eq!(
            parse(&format!("{}{}a", "a ".repeat(31), " ".repeat(1000))),
            Ok(format!("{}a", "a ".repeat(31)))
        );
    }

    #[test]
    fn white_space_inside_becomes_single_spaces() {
        assert_eq!(parse(" Ada \u{a0}\u{3000} King\u{2028}Lovelace ").as_deref(), Ok("Ada King Lovelace"));
    }

    #[test]
    fn every_username_is_a_display_name() {
        let username = Username::parse(&"a".repeat(32)).unwrap();
        assert_eq!(DisplayName::parse(username.as_str()), Ok(DisplayName::from(&username)));
    }

    #[test]
    fn a_control_character_is_refused_by_its_number() {
        for (text, number) in [("a\u{1b}b", "U+001B"), ("a\nb", "U+000A"), ("a\u{85}b", "U+0085")] {
            assert_eq!(refused(text), format!("must not contain the control character {number}. Remove it"));
        }
    }

    #[test]
    fn a_character_that_changes_the_direction_of_text_is_refused() {
        let controls = ['\u{61c}', '\u{200e}', '\u{200f}'];
        for control in controls.into_iter().chain('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}') {
            let reason =
                format!("the character U+{:04X}, which changes the direction of text", u32::from(control));
            for text in [format!("{control}ada"), format!("a{control}da"), format!("ada{control}")] {
                assert_eq!(refused(&text), format!("must not contain {reason}. Remove it"));
            }
        }
        // Letters of right-to-left scripts are not control characters.
        accepted("דוד");
        accepted("محمد");
    }

    #[test]
    fn an_invisible_character_is_refused() {
        for invisible in [
            '\u{ad}',
            '\u{34f}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{180b}',
            '\u{180e}',
            '\u{200b}',
            '\u{2060}',
            '\u{2064}',
            '\u{206f}',
            '\u{2800}',
            '\u{3164}',
            '\u{fe00}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fff9}',
            '\u{1d159}',
            '\u{1d173}',
            '\u{e0001}',
            '\u{e0100}',
        ] {
            let reason = format!("the invisible character U+{:04X}", u32::from(invisible));
            assert_eq!(refused(&format!("a{invisible}b")), format!("must not contain {reason}. Remove it"));
        }
        assert_eq!(refused("\u{200b}"), "must not contain the invisible character U+200B. Remove it");
    }

    #[test]
    fn a_joiner_is_accepted_only_where_a_script_needs_it() {
        // Persian, Sinhala, Malayalam and Hindi.
        for text in ["علی\u{200c}رضا", "ශ්\u{200d}රී", "അവന്\u{200d}", "रक्\u{200c}षा"]
        {
            accepted(text);
        }
        for text in
            ["a\u{200d}da", "a\u{200c}da", "ada\u{200d}", "\u{200d}ada", "رضا\u{200c}", "دا\u{200c}دا"]
        {
            assert!(refused(text).starts_with("must not contain the invisible character U+200"), "{text:?}");
        }
    }

    #[test]
    fn the_invisible_parts_of_an_emoji_are_accepted_only_in_an_emoji() {
        for text in [
            "👩\u{200d}🚀",
            "👩🏽\u{200d}🚀",
            "❤\u{fe0f}\u{200d}🔥",
            "🏳\u{fe0f}\u{200d}🌈",
            "☺\u{fe0e}",
            "1\u{fe0f}\u{20e3}",
            "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
            "🇨🇭 Ada 👍🏽",
        ] {
            accepted(text);
        }
        for text in [
            "👩\u{200d}",
            "👩\u{200d}a",
            "a\u{200d}🚀",
            "👩\u{200d}\u{200d}🚀",
            "a\u{fe0f}",
            "1\u{fe0f}",
            "👩\u{fe0f}\u{fe0f}",
            "a\u{fe0f}\u{20e3}",
            "a\u{e0067}\u{e007f}",
            "🏴\u{e0067}\u{e0062}",
            "🏴\u{e007f}",
            "🏴\u{e0067}\u{e007f}\u{e007f}",
        ] {
            assert!(refused(text).starts_with("must not contain the invisible character U+"), "{text:?}");
        }
    }

    #[test]
    fn a_character_has_at_most_four_accents_and_a_name_does_not_begin_with_one() {
        // No two of these compose.
        accepted("q\u{323}\u{331}\u{307}\u{304}y");
        let many = "q\u{323}\u{331}\u{307}\u{304}\u{30b}";
        assert_eq!(refused(many), "must not have more than 4 accents on one character");
        assert_eq!(refused("\u{301}a"), "must not begin with an accent");
        // Scripts that write vowels as marks.
        for text in ["ကျော်", "လျှော့", "ที่รัก", "Nguyễn", "שָׁלוֹם"]
        {
            accepted(&nfc(text));
        }
    }

    #[test]
    fn a_stored_name_that_breaks_the_rules_is_cleaned() {
        let ada = Username::parse("ada").unwrap();
        for (stored, shown) in [
            ("Ada Lovelace", "Ada Lovelace"),
            ("Ada\u{202e}ecalevoL", "AdaecalevoL"),
            ("\u{200b}Ada  King", "Ada King"),
            ("\u{301}\u{301}Ada", "Ada"),
            ("\u{200b}", "ada"),
            ("\u{202e}\u{301} ", "ada"),
            ("", "ada"),
        ] {
            assert_eq!(DisplayName::stored(stored, &ada).as_str(), shown, "{stored:?}");
        }
        let zalgo = format!("A{}da", "\u{331}".repeat(60));
        assert_eq!(DisplayName::stored(&zalgo, &ada).as_str(), format!("A{}da", "\u{331}".repeat(4)));
        assert_eq!(DisplayName::stored(&"Ä".repeat(100), &ada).as_str(), "Ä".repeat(64));
    }

    /// Characters of every rule.
    const ALPHABET: &str = "[a1Ä \u{a0}\u{300}-\u{305}\u{200b}-\u{200f}\u{202e}\u{2800}👩🏽🚀🏴\u{fe0f}\u{20e3}\
                            \u{e0067}\u{e007f}یر्क\u{1160}\u{115f}ᄀ\t]{0,70}";

    proptest! {
        #[test]
        fn a_parsed_name_parses_to_itself(text in prop_oneof![any::<String>(), ALPHABET]) {
            if let Ok(name) = DisplayName::parse(&text) {
                prop_assert_eq!(DisplayName::parse(name.as_str()), Ok(name));
            }
        }

        #[test]
        fn every_stored_text_is_read_as_a_valid_name(text in prop_oneof![any::<String>(), ALPHABET]) {
            let name = DisplayName::stored(&text, &Username::parse("ada").unwrap());
            prop_assert_eq!(DisplayName::parse(name.as_str()), Ok(name));
        }
    }
}
