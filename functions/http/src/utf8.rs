//! The encoding of JSON from outside: UTF-8, with or without a byte order mark (RFC 8259, 8.1).

/// The byte order mark in UTF-8. Some editors put it at the beginning of a file; it means nothing.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Returns the JSON text without a byte order mark at its beginning.
///
/// # Errors
///
/// Says so if the text is in UTF-16 or UTF-32: it begins with their mark, or with an ASCII character in two or four
/// bytes.
pub(crate) fn without_mark(json: &[u8]) -> Result<&[u8], &'static str> {
    match json {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..] => {
            Err("it is in UTF-16 or UTF-32: send it in UTF-8")
        }
        _ => Ok(json.strip_prefix(MARK).unwrap_or(json)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mark_at_the_beginning_is_ignored() {
        for (json, text) in
            [("", ""), ("{}", "{}"), ("\u{feff}", ""), ("\u{feff}{}", "{}"), ("{}\u{feff}", "{}\u{feff}")]
        {
            assert_eq!(without_mark(json.as_bytes()), Ok(text.as_bytes()));
        }
        assert_eq!(without_mark("\u{feff}\u{feff}{}".as_bytes()), Ok("\u{feff}{}".as_bytes()));
        // What begins like a mark, and is none.
        assert_eq!(without_mark(&MARK[..2]), Ok(&MARK[..2]));
    }

    #[test]
    fn other_encodings_are_told_apart_with_their_mark_and_without() {
        let little: Vec<u8> = "{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "{}".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = |mark: &[u8], text: &[u8]| [mark, text].concat();
        for json in [
            marked(&[0xff, 0xfe], &little),
            marked(&[0xfe, 0xff], &big),
            little,
            big,
            vec![b'{', 0, 0, 0, b'}', 0, 0, 0],
            vec![0, 0, 0, b'{', 0, 0, 0, b'}'],
        ] {
            assert!(without_mark(&json).is_err(), "{json:?}");
        }
    }
}
