//! The names of changes, by which they are marked as delivered.
//!
//! The function that wrote and the one behind the stream give a change the same name. A change has its name forever: a mark that
//! comes late must not hide another change. A note's document is its own even if another note gets its key, and its version rises with
//! each change, also when it is moved or restored.

use notes::{CommentEvent, NoteEvent};

/// Returns the name of a change of a note.
#[must_use]
pub fn of_note(event: &NoteEvent) -> String {
    match event {
        NoteEvent::Created(_, note) | NoteEvent::Updated { new: note, .. } => {
            format!("{}@{}", note.document, note.version)
        }
        NoteEvent::Destroyed(_, last) => format!("{}@{}-", last.document, last.version),
    }
}

/// Returns the name of a change of a comment.
#[must_use]
pub fn of_comment(event: &CommentEvent) -> String {
    match event {
        CommentEvent::Created(_, comment) => comment.id.to_string(),
        CommentEvent::Destroyed(_, id) => format!("{id}-"),
    }
}

/// Returns the name of a socket's joining of a note's room. A socket joins one note, once.
#[must_use]
pub fn of_joined(socket: &str) -> String {
    format!("{socket}+")
}

/// Returns the name of a socket's leaving of a note's room.
#[must_use]
pub fn of_left(socket: &str) -> String {
    format!("{socket}-")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use notes::{BoardId, Body, DocumentId, Note, NoteKey, Timestamp, Title, Username, Version};

    use super::*;

    fn note() -> Note {
        let now = Timestamp::now();
        Note {
            key: NoteKey::generate(),
            title: Title::parse("A").unwrap(),
            body: Body::parse("").unwrap(),
            author: Username::parse("ada").unwrap(),
            editor: Username::parse("ada").unwrap(),
            version: Version::FIRST,
            created: now,
            updated: now,
            listed: now,
            document: DocumentId::generate(),
            importer: None,
        }
    }

    #[test]
    fn each_change_has_a_name_of_its_own() {
        let (team, first) = (BoardId::team(), note());
        // A note that was deleted for good, and another one under its key.
        let another = Note { document: DocumentId::generate(), ..first.clone() };
        let events = [
            NoteEvent::Created(team.clone(), first.clone()),
            NoteEvent::destroyed(&team, first, None),
            NoteEvent::Created(team.clone(), another.clone()),
            NoteEvent::destroyed(&team, another, None),
        ];
        let names: BTreeSet<_> = events.iter().map(of_note).collect();
        assert_eq!(names.len(), events.len(), "{names:?}");
        assert_ne!(of_joined("s"), of_left("s"));
    }
}
