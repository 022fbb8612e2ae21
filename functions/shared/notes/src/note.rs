//! A note and its parts.

use std::fmt;
use std::num::NonZeroU64;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::to_item;

use crate::tables::{EDITS, LISTED, NOTES, Row, text as text_attribute};
use crate::text::{line, text};
use crate::{BoardId, DocumentId, Invalid, NoteKey, Timestamp, Username};

/// A note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The key, unique on the board.
    pub key: NoteKey,
    /// The title.
    pub title: Title,
    /// The body.
    pub body: Body,
    /// The author.
    pub author: Username,
    /// The user who changed it last.
    pub editor: Username,
    /// The version, which a writer has to know.
    pub version: Version,
    /// When it was created.
    pub created: Timestamp,
    /// When it was last written. It never decreases.
    pub updated: Timestamp,
    /// The time by which the list is sorted: at most [`Note::LISTED_PRECISION`] before `updated`. Only the table has it.
    #[serde(skip_serializing)]
    pub listed: Timestamp,
    /// The document that the text is. Only the table has it.
    #[serde(skip_serializing)]
    pub document: DocumentId,
    /// The user who imported it, if it was imported. Then nobody has verified its author and its time of creation,
    /// also after later changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub importer: Option<Username>,
}

impl Note {
    /// How far `listed` may stay behind `updated`.
    ///
    /// A page saves every few seconds while somebody writes. Most saves change nothing that the list shows except the time.
    /// They leave `listed` alone, so they change no row of the list's index and cause no push.
    pub const LISTED_PRECISION: Duration = Duration::from_mins(2);

    /// Returns this note after a change. Its times never decrease, even if another machine's clock is ahead.
    pub(crate) fn changed(&self, draft: &Draft, editor: &Username, now: Timestamp) -> Self {
        let updated = now.max(self.updated);
        let is_shown_alike = self.title == draft.title && self.editor == *editor;
        let is_recent = updated < self.listed.saturating_add(Self::LISTED_PRECISION);
        Self {
            title: draft.title.clone(),
            body: draft.body.clone(),
            editor: editor.clone(),
            version: self.version.next(),
            updated,
            listed: if is_shown_alike && is_recent { self.listed } else { updated },
            ..self.clone()
        }
    }

    /// Returns the row of this note on a board.
    pub(crate) fn row(&self, board: &BoardId) -> Result<Row, serde_dynamo::Error> {
        let mut row: Row = to_item(self)?;
        row.insert(NOTES.partition_key.to_owned(), text_attribute(board));
        row.insert(LISTED.to_owned(), text_attribute(&self.listed));
        row.insert(EDITS.partition_key.to_owned(), text_attribute(&self.document));
        Ok(row)
    }
}

/// The parts of a note that a writer sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The title.
    pub title: Title,
    /// The body.
    pub body: Body,
}

/// A title: 1 to 200 characters after trimming, without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Title(String);

text!(Title);

impl Title {
    /// Parses a title, without the white space around it.
    ///
    /// # Errors
    /// If the text breaks the rules.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        line(text, 200, "must be 1 to 200 characters").map(Self)
    }
}

/// A body: at most 256 KiB of UTF-8, with line feeds as line breaks. Its debug form shows only the length.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Body(String);

text!(Body);

impl Body {
    /// The most bytes of a body. A row may have 400 KiB, and its stream record twice that.
    pub const LONGEST: usize = 256 * 1024;

    /// Parses a body.
    ///
    /// # Errors
    /// If the text is too long.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() > Self::LONGEST {
            return Err(Invalid::TooLarge("must be at most 256 KiB"));
        }
        Ok(Self(line_feeds(text)))
    }

    /// Creates a body of the beginning of a text, as much as a body may have.
    #[must_use]
    pub(crate) fn cut(mut text: String) -> Self {
        text.truncate(text.floor_char_boundary(Self::LONGEST));
        Self(text)
    }
}

/// Returns a text with line feeds as its line breaks. Editors count a line break as one character.
fn line_feeds(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}

/// The version of a note: the number of its writes, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Version(NonZeroU64);

impl Version {
    /// The version of a new note.
    pub const FIRST: Self = Self(NonZeroU64::MIN);

    /// Creates a version. `None` for zero.
    #[must_use]
    pub fn new(number: u64) -> Option<Self> {
        NonZeroU64::new(number).map(Self)
    }

    /// Parses the text that [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    /// If the text has another form.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let version = text.parse().ok().and_then(Self::new).filter(|version| version.to_string() == text);
        version.ok_or(Invalid::Value("must be a number from 1"))
    }

    /// Returns the next version.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Returns the number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_1_to_200_characters() {
        assert!(Title::parse("").is_err());
        assert!(Title::parse("a").is_ok());
        assert!(Title::parse(&"a".repeat(200)).is_ok());
        assert!(Title::parse(&"a".repeat(201)).is_err());
    }

    #[test]
    fn a_titles_length_is_in_characters_not_bytes() {
        assert!(Title::parse(&"🦀".repeat(200)).is_ok());
        assert!(Title::parse(&"🦀".repeat(201)).is_err());
    }

    #[test]
    fn a_title_is_trimmed_before_it_is_counted() {
        assert_eq!(Title::parse(" \t a b \n").unwrap().as_str(), "a b");
        assert!(Title::parse(&format!("  {}  ", "a".repeat(200))).is_ok());
        assert!(Title::parse(" \n ").is_err());
        assert_eq!(Title::parse("\u{feff}Plan\u{85}").unwrap().as_str(), "Plan");
    }

    #[test]
    fn a_title_has_no_control_characters() {
        for text in ["a\nb", "a\tb", "a\0b", "a\u{7f}b", "a\u{85}b"] {
            assert!(Title::parse(text).is_err(), "{text:?}");
        }
        assert!(Title::parse("<b>a</b> & \"b\"").is_ok());
    }

    #[test]
    fn a_body_is_at_most_256_kib_of_utf_8() {
        assert!(Body::parse("").is_ok());
        assert!(Body::parse(&"a".repeat(256 * 1024)).is_ok());
        assert!(Body::parse(&"a".repeat(256 * 1024 + 1)).is_err());
        assert!(Body::parse(&"ä".repeat(128 * 1024)).is_ok());
        assert!(Body::parse(&"ä".repeat(128 * 1024 + 1)).is_err());
    }

    #[test]
    fn a_body_keeps_its_white_space_and_stays_out_of_logs() {
        let body = Body::parse(" secret\n").unwrap();
        assert_eq!(body.as_str(), " secret\n");
        assert_eq!(format!("{body:?}"), "Body(8 bytes)");
    }

    #[test]
    fn every_line_break_of_a_body_becomes_a_line_feed() {
        assert_eq!(Body::parse("a\r\nb\rc\nd").unwrap().as_str(), "a\nb\nc\nd");
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_between_characters() {
        assert_eq!(Body::cut("a".repeat(256 * 1024)).as_str().len(), 256 * 1024);
        assert_eq!(Body::cut(format!("a{}", "ä".repeat(128 * 1024))).as_str().len(), 256 * 1024 - 1);
    }

    #[test]
    fn a_note_moves_up_in_the_list_if_its_row_changes_or_two_minutes_have_passed() {
        let at = |seconds: i64| Timestamp::from_second(1_764_000_000 + seconds).unwrap();
        let (ada, bob) = (Username::parse("ada").unwrap(), Username::parse("bob").unwrap());
        let draft =
            |title, body| Draft { title: Title::parse(title).unwrap(), body: Body::parse(body).unwrap() };
        let note = Note {
            key: NoteKey::parse("a").unwrap(),
            title: Title::parse("A").unwrap(),
            body: Body::parse("").unwrap(),
            author: ada.clone(),
            editor: ada.clone(),
            version: Version::FIRST,
            created: at(0),
            updated: at(0),
            listed: at(0),
            document: DocumentId::generate(),
            importer: None,
        };
        let changed = |title, editor, seconds| {
            let changed = note.changed(&draft(title, "B"), editor, at(seconds));
            (changed.updated, changed.listed)
        };
        assert_eq!(changed("A", &ada, 119), (at(119), at(0)));
        assert_eq!(changed("A", &ada, 120), (at(120), at(120)));
        assert_eq!(changed("B", &ada, 1), (at(1), at(1)));
        assert_eq!(changed("A", &bob, 1), (at(1), at(1)));
        assert_eq!(changed("B", &ada, -1), (at(0), at(0)), "no time goes back");

        // However long somebody writes, the list is never more than two minutes behind.
        let mut note = note;
        for save in 1..100 {
            note = note.changed(&draft("A", "B"), &ada, at(save * 7));
            assert!(note.listed <= note.updated);
            assert!(note.updated < note.listed.saturating_add(Note::LISTED_PRECISION));
        }
        assert_eq!((note.version.get(), note.listed), (100, at(630)));
    }

    #[test]
    fn versions_count_from_one() {
        assert_eq!(Version::new(0), None);
        assert_eq!(Version::new(1), Some(Version::FIRST));
        assert_eq!(Version::FIRST.next().get(), 2);
        assert_eq!(Version::new(u64::MAX).unwrap().next().get(), u64::MAX);
        assert_eq!(Version::parse("17"), Ok(Version::new(17).unwrap()));
        for text in ["", "0", "01", "+1", "1.0", "18446744073709551616"] {
            assert!(Version::parse(text).is_err(), "{text}");
        }
    }
}
