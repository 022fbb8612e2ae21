//! The live note: what everyone who reads it is sent, when it or its comments change and on arrival.

use serde::Serialize;

use super::{fitting, json_length};
use crate::{
    Body, Comment, CommentId, CommentPage, Comments, Note, NoteKey, StoreError, Thread, Timestamp, Title,
    Username, Version,
};

/// How many comments a reader is sent on arrival. The rest is read over HTTP.
const ON_ARRIVAL: usize = 20;

/// The payload of [`NOTEUPDATED`](super::NOTEUPDATED): the note, whole every time. A page ignores one whose version is
/// below that which it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteUpdated {
    note: LiveNote,
}

/// A note as it is pushed: without its body, if that is too long for a frame. Then the page reads it over HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct LiveNote {
    key: NoteKey,
    title: Title,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Body>,
    author: Username,
    editor: Username,
    version: Version,
    created: Timestamp,
    updated: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    importer: Option<Username>,
}

impl NoteUpdated {
    /// The payload for a note. Its JSON is at most `max_bytes` long: it has no body where that would be longer.
    #[must_use]
    pub fn fitting(note: Note, max_bytes: usize) -> Self {
        let Note { key, title, body, author, editor, version, created, updated, importer } = note;
        let body = Some(body);
        let mut update =
            Self { note: LiveNote { key, title, body, author, editor, version, created, updated, importer } };
        if json_length(&update) > max_bytes {
            update.note.body = None;
        }
        update
    }
}

/// The payload of [`NOTEDESTROYED`](super::NOTEDESTROYED).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteDestroyed {
    /// The note's key.
    pub key: NoteKey,
}

/// The payload of [`MESSAGES`](super::MESSAGES): the newest comments, newest first, and after which one the rest goes
/// on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Messages {
    messages: Vec<Comment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<CommentId>,
}

impl Messages {
    /// Reads a note's newest comments, in one request. Their JSON is at most `max_bytes` long.
    pub async fn read(comments: &Comments, thread: &Thread, max_bytes: usize) -> Result<Self, StoreError> {
        Ok(Self::fitting(comments.page(thread, ON_ARRIVAL, None).await?, max_bytes))
    }

    /// Leaves the oldest comments over `max_bytes` to the next page.
    fn fitting(page: CommentPage, max_bytes: usize) -> Self {
        let CommentPage { comments: mut messages, next: mut cursor } = page;
        // However it ends, there is room for a cursor: all are of one length.
        let frame = Self { messages: Vec::new(), cursor: messages.last().map(|last| last.id.clone()) };
        let fits = fitting(&messages, max_bytes.saturating_sub(json_length(&frame)));
        if fits < messages.len() {
            messages.truncate(fits);
            cursor = messages.last().map(|last| last.id.clone());
        }
        Self { messages, cursor }
    }
}

/// The payload of [`NEWMESSAGE`](super::NEWMESSAGE).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewMessage {
    /// The comment.
    pub message: Comment,
}

/// The payload of [`DESTROYMESSAGE`](super::DESTROYMESSAGE).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DestroyMessage {
    /// The comment's id.
    pub id: CommentId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Message;

    const FRAME: usize = 32 * 1024;

    fn note(body: &str) -> Note {
        let now = Timestamp::now();
        Note {
            key: NoteKey::parse("a").unwrap(),
            title: Title::parse("A").unwrap(),
            body: Body::parse(body).unwrap(),
            author: Username::parse("ada").unwrap(),
            editor: Username::parse("bob").unwrap(),
            version: Version::FIRST,
            created: now,
            updated: now,
            importer: Username::parse("eve").ok(),
        }
    }

    fn page(comments: usize, message: &str, next: Option<CommentId>) -> CommentPage {
        let comment = |_| Comment {
            id: CommentId::generate(),
            key: NoteKey::parse("a").unwrap(),
            author: Username::parse("ada").unwrap(),
            message: Message::parse(message).unwrap(),
            created: Timestamp::now(),
            importer: None,
        };
        CommentPage { comments: (0..comments).map(comment).collect(), next }
    }

    #[test]
    fn a_note_is_pushed_as_it_is_shown_and_without_its_body_where_that_is_too_long() {
        let whole = note("Milk");
        let json = serde_json::json!({ "note": whole });
        let length = json.to_string().len();
        assert_eq!(serde_json::to_value(NoteUpdated::fitting(whole.clone(), length)).unwrap(), json);

        let mut cut = serde_json::to_value(NoteUpdated::fitting(whole, length - 1)).unwrap();
        assert_eq!(cut["note"].get("body"), None);
        cut["note"]["body"] = "Milk".into();
        assert_eq!(cut, json);
    }

    #[test]
    fn the_largest_note_fits_into_a_frame_without_its_body() {
        let mut largest = note(&"\0".repeat(Body::LONGEST));
        largest.key = NoteKey::parse(&"k".repeat(NoteKey::LONGEST)).unwrap();
        largest.title = Title::parse(&"🗒".repeat(200)).unwrap();
        assert!(json_length(&NoteUpdated::fitting(largest, FRAME)) < FRAME);
    }

    #[test]
    fn twenty_short_comments_are_whole_and_the_cursor_is_the_pages_own() {
        let whole = page(20, "Milk?", None);
        assert_eq!(
            Messages::fitting(whole.clone(), FRAME),
            Messages { messages: whole.comments, cursor: None }
        );
        let next = Some(CommentId::generate());
        assert_eq!(Messages::fitting(page(20, "Milk?", next.clone()), FRAME).cursor, next);
    }

    #[test]
    fn long_comments_are_cut_at_the_oldest_and_the_cursor_goes_on_after_the_last() {
        for message in ["🦀".repeat(1024), format!("a{}a", "\0".repeat(1022))] {
            let whole = page(20, &message, None);
            let cut = Messages::fitting(whole.clone(), FRAME);
            let count = cut.messages.len();
            assert!((1..20).contains(&count), "{count}");
            assert_eq!(cut.messages, whole.comments[..count]);
            assert_eq!(cut.cursor.as_ref(), Some(&whole.comments[count - 1].id));
            let length = json_length(&cut);
            let row = json_length(&cut.messages[0]) + 1;
            assert!(length <= FRAME && length + row > FRAME, "{length}, {row}");
        }
    }
}
