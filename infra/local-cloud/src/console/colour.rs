//! The colours of the console.

use anstyle::{Ansi256Color, AnsiColor, Style};

/// A colour of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    Dim,
    Green,
    Yellow,
    Red,
    Cyan,
    /// One of the 256, for functions.
    Own(u8),
}

/// Colours of functions. They are distinct, readable on light and dark backgrounds, and have no other meaning here.
const OWN: [u8; 10] = [33, 170, 136, 99, 37, 166, 71, 205, 62, 130];

impl Colour {
    /// Returns the colour of a function. It is the same in every run.
    pub(super) fn of(function: &str) -> Self {
        // FNV-1a: https://datatracker.ietf.org/doc/html/draft-eastlake-fnv
        let hash = function
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        Self::Own(OWN[hash as usize % OWN.len()])
    }

    /// Returns text in this colour.
    pub(super) fn paint(self, text: &str) -> String {
        let style = match self {
            Self::Dim => Style::new().dimmed(),
            Self::Green => AnsiColor::Green.on_default(),
            Self::Yellow => AnsiColor::Yellow.on_default(),
            Self::Red => AnsiColor::Red.on_default(),
            Self::Cyan => AnsiColor::Cyan.on_default(),
            Self::Own(number) => Ansi256Color(number).on_default(),
        };
        format!("{style}{text}{style:#}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn four_functions_have_four_colours() {
        let functions = ["Http", "WebSocket", "Stream", "KeepAlive"];
        let colours: BTreeSet<String> =
            functions.iter().map(|function| Colour::of(function).paint("x")).collect();
        assert_eq!(colours.len(), functions.len(), "{colours:?}");
    }
}
