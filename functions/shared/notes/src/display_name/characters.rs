//! The characters that a display name may contain, which depends on their neighbours.

use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;
use icu_properties::props::{
    BidiControl, DefaultIgnorableCodePoint, EmojiModifier, ExtendedPictographic, GeneralCategory, JoiningType,
};
use icu_properties::{CodePointMapData, CodePointSetData};

use crate::Invalid;

/// The most accents on one character. Unicode Technical Standard 39, section 5.4, has the same limit. Marks with a
/// width of their own, as in Burmese, do not count.
const MAX_ACCENTS: usize = 4;

/// Symbols that are as blank as a space, without being white space: the empty Braille pattern and the null notehead.
const BLANK: [char; 2] = ['\u{2800}', '\u{1d159}'];

/// The combining class of a virama, which joins consonants in Indic scripts.
const VIRAMA: u8 = 9;

/// The base of the flags of England, Scotland and Wales, whose other characters are invisible tags.
const BLACK_FLAG: char = '\u{1f3f4}';

/// The tag that ends such a flag.
const CANCEL_TAG: char = '\u{e007f}';

/// The characters of a name.
#[derive(Clone, Copy)]
pub(super) struct Characters<'a>(&'a [char]);

impl<'a> Characters<'a> {
    pub(super) fn new(characters: &'a [char]) -> Self {
        Self(characters)
    }

    /// Checks each character, with its neighbours.
    pub(super) fn check(self) -> Result<(), Invalid> {
        if self.0.first().is_some_and(|first| is_mark(*first)) {
            return Err(Invalid::Value("must not begin with an accent"));
        }
        let mut accents = 0;
        for (index, &character) in self.0.iter().enumerate() {
            if character.is_control() {
                return Err(Invalid::Control(character));
            }
            if CodePointSetData::new::<BidiControl>().contains(character) {
                return Err(Invalid::Direction(character));
            }
            if is_invisible(character) {
                if self.needs(index) {
                    continue;
                }
                return Err(Invalid::Invisible(character));
            }
            accents = count_accents(accents, character);
            if accents > MAX_ACCENTS {
                return Err(Invalid::Value("must not have more than 4 accents on one character"));
            }
        }
        Ok(())
    }

    /// Returns whether an emoji or a script needs the invisible character at an index.
    fn needs(self, index: usize) -> bool {
        let (before, after) = (&self.0[..index], &self.0[index + 1..]);
        match self.0[index] {
            // The zero width non-joiner.
            '\u{200c}' => ends_with_virama(before) || is_between_joining_letters(before, after),
            // The zero width joiner.
            '\u{200d}' => ends_with_virama(before) || is_between_emoji(before, after),
            // The variation selectors that choose between text and emoji.
            '\u{fe0e}' | '\u{fe0f}' => {
                before.last().is_some_and(|base| is_pictographic(*base)) || is_in_keycap(before, after)
            }
            '\u{e0020}'..=CANCEL_TAG => self.is_in_flag(index),
            _ => false,
        }
    }

    /// Returns whether the tag at an index belongs to a flag: a black flag, then tags, then the tag that ends it.
    fn is_in_flag(self, index: usize) -> bool {
        let is_tag = |character: &char| ('\u{e0020}'..CANCEL_TAG).contains(character);
        let tags_before = self.0[..index].iter().rev().take_while(|character| is_tag(character)).count();
        let tags_from = self.0[index..].iter().take_while(|character| is_tag(character)).count();
        let base = index.checked_sub(tags_before + 1).map(|base| self.0[base]);
        base == Some(BLACK_FLAG)
            && tags_before + tags_from > 0
            && self.0.get(index + tags_from) == Some(&CANCEL_TAG)
    }
}

/// Removes forbidden characters, characters in forbidden places, and surplus accents. Returns at most
/// `max_length` characters.
pub(super) fn without_hazards(text: &str, max_length: usize) -> String {
    let mut accents = 0;
    text.chars()
        .filter(|&character| !character.is_control() && !is_invisible(character))
        .skip_while(|&character| is_mark(character) || character.is_whitespace())
        .filter(|&character| {
            accents = count_accents(accents, character);
            accents <= MAX_ACCENTS
        })
        .take(max_length)
        .collect()
}

/// Returns the number of accents so far on one character.
fn count_accents(so_far: usize, character: char) -> usize {
    match category(character) {
        GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark => so_far + 1,
        GeneralCategory::SpacingMark => so_far,
        _ => 0,
    }
}

/// RFC 5892, appendix A.1: the letters on both sides would join without the character.
fn is_between_joining_letters(before: &[char], after: &[char]) -> bool {
    use JoiningType as Joining;
    let joining = |character: &char| CodePointMapData::<Joining>::new().get(*character);
    let is_solid = |joining: &Joining| *joining != Joining::Transparent;
    let left = before.iter().rev().map(joining).find(is_solid);
    let right = after.iter().map(joining).find(is_solid);
    matches!(left, Some(Joining::LeftJoining | Joining::DualJoining))
        && matches!(right, Some(Joining::RightJoining | Joining::DualJoining))
}

/// RFC 5892, appendices A.1 and A.2.
fn ends_with_virama(before: &[char]) -> bool {
    let class = |character: &char| CanonicalCombiningClassMapBorrowed::new().get_u8(*character);
    before.last().is_some_and(|last| class(last) == VIRAMA)
}

fn is_between_emoji(before: &[char], after: &[char]) -> bool {
    let base = match before {
        [rest @ .., '\u{fe0f}'] => rest,
        [rest @ .., last] if CodePointSetData::new::<EmojiModifier>().contains(*last) => rest,
        _ => before,
    };
    let is_emoji = |character: Option<&char>| character.is_some_and(|character| is_pictographic(*character));
    is_emoji(base.last()) && is_emoji(after.first())
}

/// Returns whether a variation selector is in a keycap, such as `1` in a box.
fn is_in_keycap(before: &[char], after: &[char]) -> bool {
    matches!(before, [.., '0'..='9' | '#' | '*']) && after.first() == Some(&'\u{20e3}')
}

fn is_pictographic(character: char) -> bool {
    CodePointSetData::new::<ExtendedPictographic>().contains(character)
}

fn is_invisible(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
        || category(character) == GeneralCategory::Format
        || BLANK.contains(&character)
}

fn is_mark(character: char) -> bool {
    use GeneralCategory::{EnclosingMark, NonspacingMark, SpacingMark};
    matches!(category(character), EnclosingMark | NonspacingMark | SpacingMark)
}

fn category(character: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(character)
}
