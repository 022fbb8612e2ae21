//! The common parts of types over text.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::Invalid;

/// Removes the white space around a text, as defined by Rust or by JavaScript. They differ in U+0085 and U+FEFF. So
/// neither removes more when it trims the result again.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}')
}

/// Parses a line of 1 to `most` characters, without the white space around it and without control characters. `length` is the
/// error of another length.
pub(crate) fn line(text: &str, most: usize, length: &'static str) -> Result<String, Invalid> {
    let text = trim(text);
    if !(1..=most).contains(&text.chars().count()) {
        return Err(Invalid::Value(length));
    }
    if text.chars().any(char::is_control) {
        return Err(Invalid::Value("must not hold control characters"));
    }
    Ok(text.into())
}

/// Converts a text to Unicode's normalization form C, in which texts that must be equal are compared. Systems compose
/// an `ü` in different ways.
#[must_use]
pub fn nfc(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// Implements conversions for a newtype over `String` that has `parse(&str) -> Result<Self, Invalid>`. Deserialization
/// goes through the same `parse`.
macro_rules! text {
    ($name:ident) => {
        impl $name {
            /// Returns the text.
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
    fn white_space_of_rust_and_of_javascript_is_trimmed() {
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
