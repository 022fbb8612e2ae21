//! Changes of notes, read from the table's stream.

use serde_dynamo::{Item, from_item};

use crate::tables::BY_LISTED;
use crate::tombstone::DELETED;
use crate::{BoardId, DocumentId, Note, Thread};

/// A change of a note. The stream reports the changes of all writers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteEvent {
    /// A note was created on a board.
    Created(BoardId, Note),
    /// A note of a board was updated.
    Updated {
        /// The board.
        board: BoardId,
        /// The note before.
        old: Box<Note>,
        /// The note now.
        new: Note,
    },
    /// A note was deleted, or moved to another board. With its last state.
    Destroyed(LeftNote, Box<Note>),
}

/// A note that has left its place: on a board, or in the trash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftNote {
    /// Its thread, whose comments follow it to another board.
    pub thread: Thread,
    /// The document of its text, which needs not follow.
    pub document: DocumentId,
    /// The board to which it was moved. `None` if it was deleted or restored.
    pub moved_to: Option<BoardId>,
}

impl NoteEvent {
    /// Reads the old and new images of a stream record. `None` if there is no change of a note.
    ///
    /// # Errors
    /// If an image is not a note.
    pub fn from_images(old: Option<Item>, new: Option<Item>) -> Result<Option<Self>, serde_dynamo::Error> {
        let of_a_note = |image: &Item| !image.contains_key(DELETED);
        let moved_to = new.as_ref().map(|new| from_item(new.clone())).transpose()?;
        let moved_to = moved_to.and_then(|Destination { moved_to }| moved_to);
        Ok(match (old.filter(of_a_note), new.filter(of_a_note)) {
            (None, None) => None,
            (None, Some(new)) => Some(Self::Created(board(&new)?, from_item(new)?)),
            (Some(old), Some(new)) => Some(Self::updated(&board(&new)?, from_item(old)?, from_item(new)?)),
            (Some(old), None) => {
                let board = board(&old)?;
                Some(Self::destroyed(&board, from_item(old)?, moved_to))
            }
        })
    }
}

impl NoteEvent {
    /// Returns the event of a note of a board that was updated.
    #[must_use]
    pub fn updated(board: &BoardId, old: Note, new: Note) -> Self {
        Self::Updated { board: board.clone(), old: Box::new(old), new }
    }

    /// Returns the event of a note that was deleted from a board, or moved to another.
    #[must_use]
    pub fn destroyed(board: &BoardId, last: Note, moved_to: Option<BoardId>) -> Self {
        let thread = Thread::of(board, &last);
        Self::Destroyed(LeftNote { thread, document: last.document.clone(), moved_to }, Box::new(last))
    }

    /// Returns whether the event changes the list of its board, as [`changes_list`] does for rows.
    #[must_use]
    pub fn changes_list(&self) -> bool {
        match self {
            Self::Created(..) | Self::Destroyed(..) => true,
            Self::Updated { old, new, .. } => {
                (old.listed, &old.title, &old.editor) != (new.listed, &new.title, &new.editor)
            }
        }
    }
}

/// Returns whether a change of a note's row changes the list of its board: a row of the list's index comes, goes, moves, or
/// shows something else. The list is a function of that index, so other changes need no push of the list.
#[must_use]
pub fn changes_list(old: Option<&Item>, new: Option<&Item>) -> bool {
    let of_a_note = |image: &&Item| !image.contains_key(DELETED);
    match (old.filter(of_a_note), new.filter(of_a_note)) {
        (None, None) => false,
        (Some(old), Some(new)) => {
            BY_LISTED.sort_key.iter().chain(BY_LISTED.projected).any(|name| old.get(*name) != new.get(*name))
        }
        (None, Some(_)) | (Some(_), None) => true,
    }
}

fn board(image: &Item) -> Result<BoardId, serde_dynamo::Error> {
    #[derive(serde::Deserialize)]
    struct Of {
        board: BoardId,
    }
    Ok(from_item::<_, Of>(image.clone())?.board)
}

/// The part of a tombstone that says where its note is now.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Destination {
    moved_to: Option<BoardId>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, NoteKey, Timestamp, Title, Username, Version};

    fn image(note: &Note) -> Item {
        let mut image: Item = serde_dynamo::to_item(note).unwrap();
        for (name, value) in
            [("board", "team"), ("listed", &note.listed.to_string()), ("document", note.document.as_str())]
        {
            image.inner_mut().insert(name.into(), serde_dynamo::AttributeValue::S(value.into()));
        }
        image
    }

    fn note() -> Note {
        Note {
            key: NoteKey::parse("a").unwrap(),
            title: Title::parse("A").unwrap(),
            body: Body::parse("").unwrap(),
            author: Username::parse("ada").unwrap(),
            editor: Username::parse("bob").unwrap(),
            version: Version::FIRST,
            created: Timestamp::now(),
            updated: Timestamp::now(),
            listed: Timestamp::now(),
            document: DocumentId::generate(),
            importer: None,
        }
    }

    fn destroyed(note: &Note, moved_to: Option<BoardId>) -> NoteEvent {
        NoteEvent::destroyed(&BoardId::team(), note.clone(), moved_to)
    }

    #[test]
    fn images_determine_the_event() {
        let note = note();
        let image = || Some(image(&note));
        assert_eq!(NoteEvent::from_images(None, None).unwrap(), None);
        assert!(matches!(NoteEvent::from_images(None, image()).unwrap(), Some(NoteEvent::Created(..))));
        assert!(matches!(NoteEvent::from_images(image(), image()).unwrap(), Some(NoteEvent::Updated { .. })));
        assert_eq!(NoteEvent::from_images(image(), None).unwrap(), Some(destroyed(&note, None)));
    }

    #[test]
    fn a_tombstone_is_not_a_note() {
        let note = note();
        let image = || Some(image(&note));
        let tombstone = |moved_to: Option<&str>| {
            let row = serde_json::json!({ "key": "a", DELETED: note.updated, "movedTo": moved_to });
            Some(serde_dynamo::to_item(row).unwrap())
        };
        let event = |old, new| NoteEvent::from_images(old, new).unwrap();
        let (team, other) = (BoardId::team(), BoardId::generate());
        let destroyed = |to| Some(destroyed(&note, to));
        assert_eq!(event(image(), tombstone(None)), destroyed(None));
        assert_eq!(event(image(), tombstone(Some(other.as_str()))), destroyed(Some(other.clone())));
        assert_eq!(event(tombstone(None), image()), Some(NoteEvent::Created(team.clone(), note.clone())));
        assert_eq!(event(tombstone(None), None), None);
    }

    #[test]
    fn the_list_changes_if_a_note_comes_goes_moves_or_shows_something_else() {
        let note = note();
        let with = |name: &str, value: &str| {
            let mut image = image(&note);
            image.inner_mut().insert(name.into(), serde_dynamo::AttributeValue::S(value.into()));
            image
        };
        let (image, tombstone) = (image(&note), with(DELETED, "2026-11-23T20:15:00.000Z"));
        let changes = |old: &Item, new: &Item| changes_list(Some(old), Some(new));
        for attribute in ["listed", "title", "editor", "tags", "snippet"] {
            assert!(changes(&image, &with(attribute, "another")), "{attribute}");
            assert!(changes(&with(attribute, "another"), &image), "{attribute}");
        }
        for attribute in ["body", "updated", "version"] {
            assert!(!changes(&image, &with(attribute, "another")), "{attribute}");
        }
        for (old, new, expected) in [
            (None, Some(&image), true),
            (Some(&image), None, true),
            (Some(&image), Some(&tombstone), true),
            (Some(&tombstone), Some(&image), true),
            (Some(&tombstone), None, false),
            (None, Some(&tombstone), false),
            (Some(&image), Some(&image), false),
        ] {
            assert_eq!(changes_list(old, new), expected, "{old:?} {new:?}");
        }
    }

    #[test]
    fn an_image_that_is_not_a_note_is_an_error() {
        assert!(
            NoteEvent::from_images(None, Some(serde_dynamo::to_item(serde_json::json!({})).unwrap()))
                .is_err()
        );
    }
}
