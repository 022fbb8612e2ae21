//! The position in the archive at which a page ended.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::{CommentId, Invalid, NoteKey, Timestamp};

/// A position between two lines of the archive of a board. Its text is opaque, and safe in a URL. A forged one is harmless:
/// it names no board, and a reader of the archive may read all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveCursor {
    /// After a note and all its comments.
    AfterNote(NoteKey),
    /// After the line of a note with this time of creation, before its comments.
    BeforeComments(NoteKey, Timestamp),
    /// After a comment of a note, before the next.
    AfterComment(NoteKey, Timestamp, CommentId),
}

impl ArchiveCursor {
    /// Parses the text that [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    /// If the text is not a cursor.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::read(text).ok_or(Invalid::Value("must be a cursor of an earlier response"))
    }

    fn read(text: &str) -> Option<Self> {
        let place = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mut parts = place.split('#');
        let key = NoteKey::parse(parts.next()?).ok()?;
        let Some(created) = parts.next() else { return Some(Self::AfterNote(key)) };
        let created = Timestamp::parse(created).ok()?;
        let Some(id) = parts.next() else { return Some(Self::BeforeComments(key, created)) };
        let id = CommentId::parse(id).ok()?;
        parts.next().is_none().then_some(Self::AfterComment(key, created, id))
    }

    /// Returns the key of the note that it is after, or in.
    #[must_use]
    pub fn key(&self) -> &NoteKey {
        match self {
            Self::AfterNote(key) | Self::BeforeComments(key, _) | Self::AfterComment(key, ..) => key,
        }
    }
}

impl fmt::Display for ArchiveCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No key holds a `#`.
        let place = match self {
            Self::AfterNote(key) => key.to_string(),
            Self::BeforeComments(key, created) => format!("{key}#{created}"),
            Self::AfterComment(key, created, id) => format!("{key}#{created}#{id}"),
        };
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_cursor_round_trips() {
        let key = NoteKey::parse("a.b~c").unwrap();
        let created = Timestamp::now();
        for place in [
            ArchiveCursor::AfterNote(key.clone()),
            ArchiveCursor::BeforeComments(key.clone(), created),
            ArchiveCursor::AfterComment(key, created, CommentId::generate()),
        ] {
            assert_eq!(ArchiveCursor::parse(&place.to_string()), Ok(place));
        }
    }

    #[test]
    fn invalid_archive_cursors_are_refused() {
        let id = CommentId::generate();
        for place in [
            "",
            "a b",
            "#2026-11-23T20:15:00.000Z",
            "a#",
            "a#today",
            "a#2026-11-23T20:15:00.000Z#",
            "a#2026-11-23T20:15:00.000Z#1",
            &format!("a#2026-11-23T20:15:00.000Z#{id}#"),
        ] {
            assert!(ArchiveCursor::parse(&BASE64_URL_SAFE_NO_PAD.encode(place)).is_err(), "{place}");
        }
        for text in ["?", "YQ==", "A", "_w"] {
            assert!(ArchiveCursor::parse(text).is_err(), "{text}");
        }
    }
}
