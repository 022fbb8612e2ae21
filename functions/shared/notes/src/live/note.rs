//! The payloads about one note: its text, its comments, and their deletion.

use serde::Serialize;

use super::{fitting, json_length};
use crate::{
    BoardId, Body, Comment, CommentId, CommentPage, Comments, Note, NoteKey, StoreError, Thread, Timestamp,
    Title, Username, Version,
};

/// The number of comments that a new reader receives. HTTP has the rest.
const ON_ARRIVAL: usize = 20;

/// The payload of [`NOTEUPDATED`](super::NOTEUPDATED): the whole note. Pages ignore a version that is lower than the
/// one that they show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteUpdated {
    board: BoardId,
    note: LiveNote,
}

/// A note in a push. It has no body if that is too long for a frame, and the page reads it over HTTP.
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
    /// Creates the payload of a note. It leaves out the body if the JSON would be longer than `max_bytes`.
    #[must_use]
    pub fn fitting(board: &BoardId, note: Note, max_bytes: usize) -> Self {
        let Note {
            key,
            title,
            body,
            author,
            editor,
            version,
            created,
            updated,
            importer,
            listed: _,
            document: _,
        } = note;
        let body = Some(body);
        let note = LiveNote { key, title, body, author, editor, version, created, updated, importer };
        let mut update = Self { board: board.clone(), note };
        if json_length(&update) > max_bytes {
            update.note.body = None;
        }
        update
    }
}

/// The payload of [`NOTEDESTROYED`](super::NOTEDESTROYED).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteDestroyed {
    /// The board.
    pub board: BoardId,
    /// The note's key.
    pub key: NoteKey,
}

/// The payload of [`MESSAGES`](super::MESSAGES): the newest comments, newest first, and the cursor of the rest.
#[expect(clippy::struct_field_names, reason = "the payload has this name")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Messages {
    board: BoardId,
    key: NoteKey,
    messages: Vec<Comment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<CommentId>,
}

impl Messages {
    /// Reads a note's newest comments in one request. Their JSON has at most `max_bytes`.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn read(comments: &Comments, thread: &Thread, max_bytes: usize) -> Result<Self, StoreError> {
        Ok(Self::fitting(thread, comments.page(thread, ON_ARRIVAL, None).await?, max_bytes))
    }

    /// Leaves out the oldest comments beyond `max_bytes`. They are on the next page.
    fn fitting(thread: &Thread, page: CommentPage, max_bytes: usize) -> Self {
        let Thread { board, key, .. } = thread.clone();
        let CommentPage { comments: mut messages, next: mut cursor } = page;
        // There is always room for a cursor, because all have one length.
        let mut frame =
            Self { board, key, messages: Vec::new(), cursor: messages.last().map(|last| last.id.clone()) };
        let fits = fitting(&messages, max_bytes.saturating_sub(json_length(&frame)));
        if fits < messages.len() {
            messages.truncate(fits);
            cursor = messages.last().map(|last| last.id.clone());
        }
        frame.messages = messages;
        frame.cursor = cursor;
        frame
    }
}

/// The payload of [`NEWMESSAGE`](super::NEWMESSAGE).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewMessage {
    /// The board of the note.
    pub board: BoardId,
    /// The comment.
    pub message: Comment,
}

/// The payload of [`DESTROYMESSAGE`](super::DESTROYMESSAGE).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DestroyMessage {
    /// The board of the note.
    pub board: BoardId,
    /// The note's key.
    pub key: NoteKey,
    /// The comment's id.
    pub id: CommentId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DocumentId, Message};

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
            listed: now,
            document: DocumentId::generate(),
            importer: Username::parse("eve").ok(),
        }
    }

    fn thread() -> Thread {
        Thread { board: BoardId::team(), key: NoteKey::parse("a").unwrap(), created: Timestamp::now() }
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
    fn a_note_is_pushed_whole_or_without_a_body_that_is_too_long() {
        let whole = note("Milk");
        let json = serde_json::json!({ "board": "team", "note": whole });
        let length = json.to_string().len();
        assert_eq!(
            serde_json::to_value(NoteUpdated::fitting(&BoardId::team(), whole.clone(), length)).unwrap(),
            json
        );

        let mut cut =
            serde_json::to_value(NoteUpdated::fitting(&BoardId::team(), whole, length - 1)).unwrap();
        assert_eq!(cut["note"].get("body"), None);
        cut["note"]["body"] = "Milk".into();
        assert_eq!(cut, json);
    }

    #[test]
    fn the_largest_note_fits_into_a_frame_without_its_body() {
        let mut largest = note(&"\0".repeat(Body::LONGEST));
        largest.key = NoteKey::parse(&"k".repeat(NoteKey::LONGEST)).unwrap();
        largest.title = Title::parse(&"🗒".repeat(200)).unwrap();
        assert!(json_length(&NoteUpdated::fitting(&BoardId::generate(), largest, FRAME)) < FRAME);
    }

    #[test]
    fn twenty_short_comments_are_sent_with_the_cursor_of_their_page() {
        let whole = page(20, "Milk?", None);
        assert_eq!(
            Messages::fitting(&thread(), whole.clone(), FRAME),
            Messages { board: BoardId::team(), key: thread().key, messages: whole.comments, cursor: None }
        );
        let next = Some(CommentId::generate());
        assert_eq!(Messages::fitting(&thread(), page(20, "Milk?", next.clone()), FRAME).cursor, next);
    }

    #[test]
    fn the_oldest_long_comments_are_cut_and_the_cursor_follows_the_last_one_sent() {
        for message in ["🦀".repeat(1024), format!("a{}a", "\0".repeat(1022))] {
            let whole = page(20, &message, None);
            let cut = Messages::fitting(&thread(), whole.clone(), FRAME);
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
