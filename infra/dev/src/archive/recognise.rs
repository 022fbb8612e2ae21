//! Whether a file may be an export, told by how it begins: nobody types a password for a file that cannot be one.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::Error;

/// How much of a file is looked at, in bytes. Some of its first lines may be damaged or too long.
const LOOKED_AT: u64 = 16 * 1024 * 1024;

/// The byte order mark in UTF-8, which means nothing.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Refuses a file that cannot be an export.
pub(super) fn check(path: &Path) -> Result<(), Error> {
    let unreadable = |source| Error::read(path, source);
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(Error::no_export(path, "is a directory"));
    }
    let mut beginning = Vec::new();
    file.take(LOOKED_AT).read_to_end(&mut beginning).map_err(unreadable)?;
    why_no_export(&beginning).map_or(Ok(()), |reason| Err(Error::no_export(path, reason)))
}

/// Whether a line holds nothing.
pub(super) fn is_blank(line: &[u8]) -> bool {
    line.strip_prefix(MARK).unwrap_or(line).trim_ascii().is_empty()
}

fn why_no_export(beginning: &[u8]) -> Option<&'static str> {
    let mut lines = beginning.split(|byte| *byte == b'\n');
    if lines.any(begins_an_object) {
        return None;
    }
    let is_text = !beginning.contains(&0)
        && std::str::from_utf8(beginning).map_or_else(|error| error.error_len().is_none(), |_| true);
    Some(match beginning {
        _ if is_blank(beginning) => "is empty",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "is in UTF-16, and an export is in UTF-8",
        _ if !is_text => "is no text; if it is compressed, unpack it first",
        _ if beginning.strip_prefix(MARK).unwrap_or(beginning).trim_ascii_start().starts_with(b"[") => {
            "is one JSON array, and an export has one note or comment on each line"
        }
        _ => Error::NO_LINES,
    })
}

/// Whether a line begins as each line of an export does.
fn begins_an_object(line: &[u8]) -> bool {
    let line = line.strip_prefix(MARK).unwrap_or(line).trim_ascii_start();
    let inside = line.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    inside.is_some_and(|inside| inside.starts_with(b"\"") || inside.starts_with(b"}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = r#"{"note":{"key":"a"}}"#;

    #[test]
    fn lines_of_objects_may_be_an_export_whatever_is_before_them() {
        for text in [
            format!("{NOTE}\n"),
            format!(" \t{}", NOTE.replace('{', "{ ")),
            format!("\u{feff}{NOTE}\r\n"),
            format!("\n\n{NOTE}"),
            format!("damaged\n{NOTE}"),
            format!("\0\0\0\n{NOTE}"),
            "{}".to_owned(),
        ] {
            assert_eq!(why_no_export(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_export_is_told_with_why() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let text = "is no text; if it is compressed, unpack it first";
        for (beginning, reason) in [
            (Vec::new(), "is empty"),
            (MARK.to_vec(), "is empty"),
            (b" \r\n\n".to_vec(), "is empty"),
            (b"# A note\n\nMilk, and {bread}.\n".to_vec(), Error::NO_LINES),
            (b"{\n  \"notes\": 1\n}".to_vec(), Error::NO_LINES),
            // Cut in the middle of a character, as at the end of what is looked at.
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
            assert_eq!(why_no_export(&beginning), Some(reason), "{beginning:?}");
        }
    }

    #[test]
    fn a_blank_line_is_of_white_space_alone() {
        for line in ["", "\n", " \t\r\n", "\u{feff}\r\n"] {
            assert!(is_blank(line.as_bytes()), "{line:?}");
        }
        assert!(!is_blank(b"{}\n") && !is_blank(&MARK[..2]));
    }
}
