//! The ids of documents and of edits.

use serde::{Deserialize, Serialize};

use crate::text::text;
use crate::{Invalid, Timestamp};

/// The id of the document that a note's text is. It stays the same when the note is moved. A note that is created again under
/// the same key has another document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentId(String);

text!(DocumentId);

impl DocumentId {
    /// Generates the id of a new document.
    #[must_use]
    pub fn generate() -> Self {
        Self(uuid::Uuid::now_v7().to_string())
    }

    /// Parses an id in its canonical form.
    ///
    /// # Errors
    /// If the text is not a `UUIDv7` in lower case with hyphens.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let id = uuid::Uuid::try_parse(text).ok().filter(|id| id.get_version_num() == 7);
        let id = id.map(|id| id.to_string()).filter(|id| id == text);
        id.map(Self).ok_or(Invalid::Value("must be the id of a document"))
    }
}

/// The sort key of an edit: `e#` and a `UUIDv7`, so that edits sort by time, and before states.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct EditId(String);

impl EditId {
    /// The prefix of edits.
    pub(super) const PREFIX: &str = "e#";

    pub(super) fn generate() -> Self {
        Self(format!("{}{}", Self::PREFIX, uuid::Uuid::now_v7()))
    }

    pub(super) fn of(text: &str) -> Option<Self> {
        text.starts_with(Self::PREFIX).then(|| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns when the edit was stored.
    pub(super) fn time(&self) -> Option<Timestamp> {
        let id = uuid::Uuid::try_parse(self.0.strip_prefix(Self::PREFIX)?).ok()?;
        Timestamp::from_second(i64::try_from(id.get_timestamp()?.to_unix().0).ok()?).ok()
    }
}

/// The sort key of a part of a state: `s#`, its generation, and its number in it. Later generations sort last.
pub(super) fn state_id(generation: u64, part: usize) -> String {
    format!("s#{generation:012}#{part:02}")
}

/// Returns generation and number of a part of a state.
pub(super) fn parse_state_id(id: &str) -> Option<(u64, usize)> {
    let (generation, part) = id.strip_prefix("s#")?.split_once('#')?;
    Some((generation.parse().ok()?, part.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_have_ids_of_their_own() {
        let id = DocumentId::generate();
        assert_eq!(DocumentId::parse(id.as_str()), Ok(id.clone()));
        assert_ne!(id, DocumentId::generate());
        for text in ["", "team", &id.as_str().to_uppercase()] {
            assert!(DocumentId::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn edits_sort_by_time_and_before_states_by_generation() {
        let (one, other) = (EditId::generate(), EditId::generate());
        assert!(one < other);
        let states = [state_id(9, 0), state_id(9, 1), state_id(10, 0)];
        assert!(other.as_str() < states[0].as_str());
        assert!(states.is_sorted());
        assert_eq!(parse_state_id(&states[2]), Some((10, 0)));
        assert!(one.time().unwrap() <= Timestamp::now());
    }
}
