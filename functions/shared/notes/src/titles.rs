//! The list of titles: its rows, its pages, and the cursor from one page to the next. The list of the trash has such a cursor too.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::{Invalid, NoteKey, Timestamp, Title, Username};

/// A note's row in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleRow {
    /// The note's key.
    pub key: NoteKey,
    /// Its title.
    pub title: Title,
    /// When it was last written, as far as the list knows: the time by which it is sorted. The note itself may have been
    /// written up to [`Note::LISTED_PRECISION`](crate::Note::LISTED_PRECISION) later, by the same editor.
    #[serde(rename(deserialize = "listed"))]
    pub updated: Timestamp,
    /// The user who changed it last.
    pub editor: Username,
}

/// A page of the list, newest change first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitlePage {
    /// The rows.
    pub notelist: Vec<TitleRow>,
    /// The cursor of the next page, if there is one.
    pub next: Option<Cursor>,
}

/// A cursor: the position after a row of the index. Its text is opaque, and safe in a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor<Key = NoteKey> {
    pub(crate) key: Key,
    pub(crate) listed: Timestamp,
}

/// The length of a timestamp's text.
const TIMESTAMP: usize = "2026-11-23T20:15:00.000Z".len();

impl<Key: TryFrom<String, Error = Invalid>> Cursor<Key> {
    /// Parses the text that [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    /// If the text is not a cursor.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::read(text).ok_or(Invalid::Value("must be a cursor of an earlier response"))
    }

    fn read(text: &str) -> Option<Self> {
        let place = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (listed, key) = place.split_at_checked(TIMESTAMP)?;
        Some(Self { key: key.to_owned().try_into().ok()?, listed: Timestamp::parse(listed).ok()? })
    }
}

impl From<&TitleRow> for Cursor {
    fn from(row: &TitleRow) -> Self {
        Self { key: row.key.clone(), listed: row.updated }
    }
}

impl<Key: fmt::Display> fmt::Display for Cursor<Key> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(format!("{}{}", self.listed, self.key)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cursor() -> Cursor {
        Cursor { key: NoteKey::parse("a.b~c").unwrap(), listed: Timestamp::now() }
    }

    #[test]
    fn a_cursor_round_trips() {
        let cursor = cursor();
        assert_eq!(Cursor::parse(&cursor.to_string()), Ok(cursor));
    }

    proptest! {
        #[test]
        fn a_row_of_any_time_makes_a_cursor_that_reads_back(
            listed in r"[0-9]{4}-(0[1-9]|1[0-2])-[0-2][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z",
            key in "[A-Za-z0-9_~-]{1,128}",
        ) {
            let (Ok(listed), Ok(key)) = (Timestamp::parse(&listed), NoteKey::parse(&key)) else {
                return Ok(());
            };
            let cursor = Cursor { key, listed };
            prop_assert_eq!(Cursor::parse(&cursor.to_string()), Ok(cursor));
        }
    }

    #[test]
    fn invalid_cursors_are_refused() {
        let whole = cursor().to_string();
        let keyless = BASE64_URL_SAFE_NO_PAD.encode(Timestamp::now().to_string());
        let timeless = BASE64_URL_SAFE_NO_PAD.encode("2026-13-45T20:15:00.000Zkey");
        let binary = BASE64_URL_SAFE_NO_PAD.encode([0xff; 30]);
        for text in ["", "?", "abc", &format!("{whole}="), &whole[..8], &keyless, &timeless, &binary] {
            assert!(<Cursor>::parse(text).is_err(), "{text}");
        }
    }
}
