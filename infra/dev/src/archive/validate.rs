//! Checks the beginning of a file before an import, so that a wrong file is refused before the user types a password.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::Error;

/// Number of bytes to check. The first lines may be damaged or too long.
const CHECKED_BYTES: u64 = 16 * 1024 * 1024;

/// The byte order mark in UTF-8, which has no meaning there.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// Checks that a file may be an export.
///
/// # Errors
/// If the file cannot be read, is a directory, or does not begin like an export.
pub(super) fn check(path: &Path) -> Result<(), Error> {
    let unreadable = |source| Error::read(path, source);
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(Error::not_an_export(path, "is a directory"));
    }
    let mut beginning = Vec::new();
    file.take(CHECKED_BYTES).read_to_end(&mut beginning).map_err(unreadable)?;
    rejection_reason(&beginning).map_or(Ok(()), |reason| Err(Error::not_an_export(path, reason)))
}

/// Returns whether a line is empty or holds only white space.
pub(super) fn is_blank(line: &[u8]) -> bool {
    line.strip_prefix(BOM).unwrap_or(line).trim_ascii().is_empty()
}

/// Returns why a file with this beginning is not an export, or `None` if it may be one.
fn rejection_reason(beginning: &[u8]) -> Option<&'static str> {
    let mut lines = beginning.split(|byte| *byte == b'\n');
    if lines.any(begins_an_object) {
        return None;
    }
    let is_text = !beginning.contains(&0)
        && std::str::from_utf8(beginning).map_or_else(|error| error.error_len().is_none(), |_| true);
    Some(match beginning {
        _ if is_blank(beginning) => "is empty",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "is in UTF-16, and an export is in UTF-8",
        _ if !is_text => "is not text; if it is compressed, decompress it first",
        _ if beginning.strip_prefix(BOM).unwrap_or(beginning).trim_ascii_start().starts_with(b"[") => {
            "is one JSON array, and an export has one note or comment on each line"
        }
        _ => Error::NO_LINES,
    })
}

/// Returns whether a line begins with a JSON object, as each line of an export does.
fn begins_an_object(line: &[u8]) -> bool {
    let line = line.strip_prefix(BOM).unwrap_or(line).trim_ascii_start();
    let inside = line.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    inside.is_some_and(|inside| inside.starts_with(b"\"") || inside.starts_with(b"}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = r#"{"note":{"key":"a"}}"#;

    #[test]
    fn a_file_with_a_line_that_begins_an_object_may_be_an_export() {
        for text in [
            format!("{NOTE}\n"),
            format!(" \t{}", NOTE.replace('{', "{ ")),
            format!("\u{feff}{NOTE}\r\n"),
            format!("\n\n{NOTE}"),
            format!("damaged\n{NOTE}"),
            format!("\0\0\0\n{NOTE}"),
            "{}".to_owned(),
        ] {
            assert_eq!(rejection_reason(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn a_file_that_is_no_export_is_refused_with_the_reason() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let text = "is not text; if it is compressed, decompress it first";
        for (beginning, reason) in [
            (Vec::new(), "is empty"),
            (BOM.to_vec(), "is empty"),
            (b" \r\n\n".to_vec(), "is empty"),
            (b"# A note\n\nMilk, and {bread}.\n".to_vec(), Error::NO_LINES),
            (b"{\n  \"notes\": 1\n}".to_vec(), Error::NO_LINES),
            // Cut in the middle of a character, as the last checked byte may do.
            ("Gr\u{fc}n".as_bytes()[..3].to_vec(), Error::NO_LINES),
            (
                format!("[{NOTE}]").into_bytes(),
                "is one JSON array, and an export has one note or comment on each line",
            ),
            (b"\x1f\x8b\x08\0\0\0\0\0".to_vec(), text),
            (b"%PDF-\n%\xe2\xe3\xcf\xd3".to_vec(), text),
            (utf16(NOTE), text),
            (utf16(&format!("\u{feff}{NOTE}\n{NOTE}\n")), "is in UTF-16, and an export is in UTF-8"),
        ] {
            assert_eq!(rejection_reason(&beginning), Some(reason), "{beginning:?}");
        }
    }

    #[test]
    fn a_blank_line_has_only_white_space() {
        for line in ["", "\n", " \t\r\n", "\u{feff}\r\n"] {
            assert!(is_blank(line.as_bytes()), "{line:?}");
        }
        assert!(!is_blank(b"{}\n") && !is_blank(&BOM[..2]));
    }
}
