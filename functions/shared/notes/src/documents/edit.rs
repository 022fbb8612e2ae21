//! What pages send: edits, and state vectors.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};
use documents::Update;

use crate::Invalid;

/// An edit of a text, as a page sends it: an update of Yjs in format 1, in base64. Its debug form shows only the length.
#[derive(Clone, PartialEq, Eq)]
pub struct Edit(pub(super) Update);

impl Edit {
    /// The most bytes of an edit in a frame, which may have 32 KiB: in base64, with the other fields.
    pub const LONGEST_IN_A_FRAME: usize = 16 * 1024;

    /// The most bytes of an edit. A row may have 400 KiB.
    pub const LONGEST: usize = 300 * 1024;

    /// Parses an edit.
    ///
    /// # Errors
    /// If it is too long, or something else than an update of a text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::parse_within(text, Self::LONGEST, "must be at most 300 KiB")
    }

    /// Parses an edit of a frame.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_in_a_frame(text: &str) -> Result<Self, Invalid> {
        let too_long = "must be at most 16 KiB. Send it over HTTP";
        Self::parse_within(text, Self::LONGEST_IN_A_FRAME, too_long)
    }

    fn parse_within(text: &str, most: usize, too_long: &'static str) -> Result<Self, Invalid> {
        if text.len() > most.div_ceil(3) * 4 {
            return Err(Invalid::TooLarge(too_long));
        }
        let bytes = BASE64_STANDARD.decode(text).map_err(|_| Invalid::Value("must be base64"))?;
        let update = Update::parse(&bytes).map_err(|_| Invalid::Value("must be an update of a text"))?;
        if bytes.len() > most { Err(Invalid::TooLarge(too_long)) } else { Ok(Self(update)) }
    }

    /// Returns its bytes in base64, as it is pushed to other pages.
    #[must_use]
    pub fn to_base64(&self) -> String {
        BASE64_STANDARD.encode(self.0.as_bytes())
    }

    /// Returns the number of its bytes.
    #[must_use]
    pub fn length(&self) -> usize {
        self.0.as_bytes().len()
    }
}

impl std::fmt::Debug for Edit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Edit({} bytes)", self.length())
    }
}

/// What a page has of a document, as it sends it: a state vector of Yjs, in base64 for addresses. The default is that of a page
/// that has nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vector(pub(super) documents::Vector);

impl Vector {
    /// Parses a state vector. Both alphabets of base64 are read.
    ///
    /// # Errors
    /// If it is something else.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let bytes = BASE64_URL_SAFE.decode(text).or_else(|_| BASE64_STANDARD.decode(text));
        let vector = bytes.ok().and_then(|bytes| documents::Vector::parse(&bytes).ok());
        vector.map(Self).ok_or(Invalid::Value("must be a state vector of Yjs in base64"))
    }
}

#[cfg(test)]
mod tests {
    use documents::{ClientId, Document};

    use super::*;

    fn insertion(characters: usize) -> Vec<u8> {
        Document::seed("").rewrite(&"a".repeat(characters), ClientId::new("ada", 1)).unwrap()
    }

    type Parse = fn(&str) -> Result<Edit, Invalid>;

    #[test]
    fn an_edit_in_a_frame_has_at_most_16_kib_and_others_300_kib() {
        let overhead = insertion(10_000).len() - 10_000;
        for (most, parse) in
            [(16 * 1024, Edit::parse_in_a_frame as Parse), (300 * 1024, Edit::parse as Parse)]
        {
            // The length of the text takes three bytes from 16 KiB on.
            let overhead = overhead + usize::from(most > 1 << 14);
            let edit = |bytes: usize| BASE64_STANDARD.encode(insertion(bytes - overhead));
            assert_eq!(parse(&edit(most)).unwrap().length(), most);
            for length in [most + 1, most + 100] {
                assert!(matches!(parse(&edit(length)), Err(Invalid::TooLarge(_))), "{length}");
            }
        }
    }

    #[test]
    fn an_edit_is_an_update_in_base64() {
        let bytes = insertion(3);
        let edit = Edit::parse(&BASE64_STANDARD.encode(&bytes)).unwrap();
        assert_eq!(edit.to_base64(), BASE64_STANDARD.encode(&bytes));
        assert_eq!(format!("{edit:?}"), format!("Edit({} bytes)", bytes.len()));
        for text in ["", "?", "AQ", "AAAA"] {
            assert!(matches!(Edit::parse(text), Err(Invalid::Value(_))), "{text}");
        }
    }

    #[test]
    fn a_vector_is_read_in_both_alphabets() {
        assert_eq!(Vector::parse("AA=="), Ok(Vector::default()));
        // Client 0x3fffff at position 63.
        let bytes = [1, 0xff, 0xff, 0xff, 0x01, 63];
        assert_eq!(
            Vector::parse(&BASE64_URL_SAFE.encode(bytes)).unwrap(),
            Vector::parse(&BASE64_STANDARD.encode(bytes)).unwrap()
        );
        for text in ["", "?", "AQ=="] {
            assert!(Vector::parse(text).is_err(), "{text}");
        }
    }
}
