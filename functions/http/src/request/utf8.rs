//! The encoding of a client's JSON: UTF-8, with or without a byte order mark (RFC 8259, section 8.1).

/// The byte order mark in UTF-8. Some editors write it at the start of a file.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Removes one byte order mark from the start of a JSON text.
///
/// # Errors
///
/// Returns an explanation if the text is in UTF-16 or UTF-32. Such a text begins with another byte order mark, or with
/// an ASCII character of two or four bytes.
pub(super) fn strip_byte_order_mark(json: &[u8]) -> Result<&[u8], &'static str> {
    match json {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..] => {
            Err("it is in UTF-16 or UTF-32: send it in UTF-8")
        }
        _ => Ok(json.strip_prefix(BYTE_ORDER_MARK).unwrap_or(json)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_order_mark_at_the_start_is_removed() {
        for (json, text) in
            [("", ""), ("{}", "{}"), ("\u{feff}", ""), ("\u{feff}{}", "{}"), ("{}\u{feff}", "{}\u{feff}")]
        {
            assert_eq!(strip_byte_order_mark(json.as_bytes()), Ok(text.as_bytes()));
        }
        assert_eq!(strip_byte_order_mark("\u{feff}\u{feff}{}".as_bytes()), Ok("\u{feff}{}".as_bytes()));
        // The beginning of a byte order mark is not a mark.
        assert_eq!(strip_byte_order_mark(&BYTE_ORDER_MARK[..2]), Ok(&BYTE_ORDER_MARK[..2]));
    }

    #[test]
    fn other_encodings_are_recognized_with_and_without_a_byte_order_mark() {
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
            assert!(strip_byte_order_mark(&json).is_err(), "{json:?}");
        }
    }
}
