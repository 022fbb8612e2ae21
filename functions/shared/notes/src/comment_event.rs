//! Changes of comments, read from the table's stream.

use serde_dynamo::{Item, from_item};

use crate::comments::CommentRow;
use crate::{Comment, CommentId, Thread};

/// A change of a comment. The stream reports the changes of all writers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommentEvent {
    /// A comment was created in a thread.
    Created(Thread, Comment),
    /// A comment was deleted.
    Destroyed(Thread, CommentId),
}

impl CommentEvent {
    /// Reads the old and new images of a stream record. `None` if there is no change: comments are never updated.
    ///
    /// # Errors
    /// If an image is not a comment.
    pub fn from_images(old: Option<Item>, new: Option<Item>) -> Result<Option<Self>, serde_dynamo::Error> {
        Ok(match (old, new) {
            (None, None) | (Some(_), Some(_)) => None,
            (None, Some(new)) => {
                let row: CommentRow = from_item(new)?;
                Some(Self::Created(row.thread().clone(), row.into()))
            }
            (Some(old), None) => {
                let Keyed { board: thread, key: id } = from_item(old)?;
                Some(Self::Destroyed(thread, id))
            }
        })
    }
}

/// The parts of an old image that a deletion needs.
#[derive(serde::Deserialize)]
struct Keyed {
    board: Thread,
    key: CommentId,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn image() -> Item {
        let row = json!({
            "board": "comments#team#shopping#2026-11-23T20:15:00.000Z",
            "key": "019ab2b5-8e30-7c4b-9d52-3f1c0e6a7b88",
            "author": "ada",
            "message": "Milk?",
            "created": "2026-11-23T20:16:00.000Z",
        });
        serde_dynamo::to_item(row).unwrap()
    }

    #[test]
    fn images_determine_the_event() {
        let event = |old, new| CommentEvent::from_images(old, new).unwrap();
        assert_eq!(event(None, None), None);
        assert_eq!(event(Some(image()), Some(image())), None);
        let Some(CommentEvent::Created(thread, comment)) = event(None, Some(image())) else {
            panic!("created")
        };
        assert_eq!(thread.to_string(), "comments#team#shopping#2026-11-23T20:15:00.000Z");
        assert_eq!(
            serde_json::to_value(&comment).unwrap(),
            json!({
                "id": "019ab2b5-8e30-7c4b-9d52-3f1c0e6a7b88",
                "key": "shopping",
                "author": "ada",
                "message": "Milk?",
                "created": "2026-11-23T20:16:00.000Z",
            })
        );
        let Some(CommentEvent::Destroyed(thread, id)) = event(Some(image()), None) else {
            panic!("destroyed")
        };
        assert_eq!((thread.key, id), (comment.key, comment.id));
    }

    #[test]
    fn an_image_that_is_not_a_comment_is_an_error() {
        let empty = || serde_dynamo::to_item(json!({})).unwrap();
        assert!(CommentEvent::from_images(None, Some(empty())).is_err());
        assert!(CommentEvent::from_images(Some(empty()), None).is_err());
    }
}
