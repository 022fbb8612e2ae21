//! The document of a note, as it was read.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use documents::Document;
use sha2::{Digest as _, Sha256};

use super::Vector;
use super::rows::Rows;
use crate::{Body, Note, StoreError};

/// The document of a note, with all edits that were stored when it was read.
#[derive(Debug)]
pub struct NoteDocument {
    pub(super) document: Document,
    pub(super) rows: Rows,
}

impl NoteDocument {
    pub(super) fn new(note: &Note, rows: Rows) -> Result<Self, StoreError> {
        Ok(Self { document: rows.document(note)?, rows })
    }

    /// Returns the text. A text that has become longer than a body may be is cut: when two people fill a note at the same time.
    #[must_use]
    pub fn body(&self) -> Body {
        Body::cut(self.document.text())
    }

    /// Returns what a page lacks that has this of the document: an update of Yjs in base64.
    ///
    /// # Errors
    /// If a row cannot be read.
    pub fn missing(&self, Vector(vector): &Vector) -> Result<String, StoreError> {
        let missing = self.document.missing(vector).map_err(|_| StoreError::Document("update"))?;
        Ok(BASE64_STANDARD.encode(missing))
    }
}

/// A note with its current text, which has all edits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentNote {
    /// The note. Its text may be newer than its version.
    pub note: Note,
    /// The name of this state: the version, and a digest of the text if edits have changed it since. Other texts have other
    /// names.
    pub tag: String,
}

impl CurrentNote {
    /// Creates the current state of a note, from its row and its document.
    #[must_use]
    pub fn new(row: &Note, document: &NoteDocument) -> Self {
        let body = document.body();
        if body == row.body {
            return row.clone().into();
        }
        let digest = Sha256::digest(body.as_str());
        let digest = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        Self { note: Note { body, ..row.clone() }, tag: format!("{}-{digest:016x}", row.version) }
    }
}

impl From<Note> for CurrentNote {
    /// Creates the state of a note whose edits are merged.
    fn from(note: Note) -> Self {
        Self { tag: note.version.to_string(), note }
    }
}
