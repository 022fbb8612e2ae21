//! What all newtypes over text have in common.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

/// Removes white space around a text: what Rust takes for white space, and what JavaScript does. They differ in U+0085
/// and U+FEFF. Whichever of them trims our text again removes nothing more.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}')
}

/// Writes a text in Unicode's normalization form C. Keyboards and systems differ in how they compose an `ü`; what must
/// be the same text again is compared in this form.
#[must_use]
pub fn nfc(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// Gives a newtype over `String`, which has `parse(&str) -> Result<Self, Invalid>`, its ways in and out: it is read
/// back (from JSON, from a table) through that same `parse`.
macro_rules! text {
    ($name:ident) => {
        impl $name {
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::Invalid;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

pub(crate) use text;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rust_or_javascript_takes_for_white_space_is_trimmed() {
        // JavaScript's, and U+0085.
        let white_space = "\t\n\u{b}\u{c}\r \u{85}\u{a0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\
                           \u{2007}\u{2008}\u{2009}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}";
        assert_eq!(trim(white_space), "");
        for character in white_space.chars() {
            let text = format!("{character}a{character}b{character}{character}");
            assert_eq!(trim(&text), format!("a{character}b"), "{character:?}");
        }
        for character in ['\u{0}', '\u{1f}', '\u{180e}', '\u{200b}', '\u{2060}', 'a'] {
            let text = format!("{character}{character}");
            assert_eq!(trim(&text), text, "{character:?}");
        }
    }
}
