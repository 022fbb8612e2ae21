//! Changes of notes, read from the table's stream.

use serde_dynamo::{Item, from_item};

use crate::tombstone::DELETED;
use crate::{Note, NoteKey, Thread, Timestamp};

/// A change of a note. The stream reports every change, whatever wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteEvent {
    /// A note was created.
    Created(Note),
    /// A note was updated to this.
    Updated(Note),
    /// A note was deleted. This was its thread.
    Destroyed(Thread),
}

impl NoteEvent {
    /// Reads the old and new images of a stream record. `None` if there is no change of a note.
    ///
    /// # Errors
    /// If an image is not a note.
    pub fn from_images(old: Option<Item>, new: Option<Item>) -> Result<Option<Self>, serde_dynamo::Error> {
        let of_a_note = |image: &Item| !image.contains_key(DELETED);
        Ok(match (old.filter(of_a_note), new.filter(of_a_note)) {
            (None, None) => None,
            (None, Some(new)) => Some(Self::Created(from_item(new)?)),
            (Some(_), Some(new)) => Some(Self::Updated(from_item(new)?)),
            (Some(old), None) => {
                let Origin { key, created } = from_item(old)?;
                Some(Self::Destroyed(Thread { key, created }))
            }
        })
    }
}

/// The parts of an old image that a deletion needs.
#[derive(serde::Deserialize)]
struct Origin {
    key: NoteKey,
    created: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, Title, Username, Version};

    fn image(note: &Note) -> Item {
        let mut image: Item = serde_dynamo::to_item(note).unwrap();
        image.inner_mut().insert("board".into(), serde_dynamo::AttributeValue::S("home".into()));
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
            importer: None,
        }
    }

    #[test]
    fn images_determine_the_event() {
        let note = note();
        let image = || Some(image(&note));
        assert_eq!(NoteEvent::from_images(None, None).unwrap(), None);
        assert!(matches!(NoteEvent::from_images(None, image()).unwrap(), Some(NoteEvent::Created(_))));
        assert!(matches!(NoteEvent::from_images(image(), image()).unwrap(), Some(NoteEvent::Updated(_))));
        assert_eq!(
            NoteEvent::from_images(image(), None).unwrap(),
            Some(NoteEvent::Destroyed(Thread::of(&note)))
        );
    }

    #[test]
    fn a_tombstone_is_not_a_note() {
        let note = note();
        let image = || Some(image(&note));
        let tombstone =
            || Some(serde_dynamo::to_item(serde_json::json!({ "key": "a", DELETED: note.updated })).unwrap());
        let event = |old, new| NoteEvent::from_images(old, new).unwrap();
        assert_eq!(event(image(), tombstone()), Some(NoteEvent::Destroyed(Thread::of(&note))));
        assert_eq!(event(tombstone(), image()), Some(NoteEvent::Created(note.clone())));
        assert_eq!(event(tombstone(), None), None);
    }

    #[test]
    fn an_image_that_is_not_a_note_is_an_error() {
        assert!(
            NoteEvent::from_images(None, Some(serde_dynamo::to_item(serde_json::json!({})).unwrap()))
                .is_err()
        );
    }
}
