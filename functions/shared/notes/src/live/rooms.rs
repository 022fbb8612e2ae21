//! The names of rooms.

use crate::{BoardId, NoteKey, Username};

/// Returns the room of a person in the home namespace. No board has this name.
#[must_use]
pub fn person_room(username: &Username) -> String {
    format!("@{username}")
}

/// Returns the room of a note.
#[must_use]
pub fn note_room(board: &BoardId, key: &NoteKey) -> String {
    format!("{board}/{key}")
}

/// Returns the note of a room. `None` if it is the room of something else.
#[must_use]
pub fn room_note(room: &str) -> Option<(BoardId, NoteKey)> {
    let (board, key) = room.split_once('/')?;
    Some((BoardId::parse(board).ok()?, NoteKey::parse(key).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_names_its_note() {
        let (board, key) = (BoardId::generate(), NoteKey::parse("a.b~c").unwrap());
        assert_eq!(room_note(&note_room(&board, &key)), Some((board.clone(), key)));
        for room in [board.as_str(), "team", "@ada", "team/", "/a", "team/a/b", "other/a"] {
            assert_eq!(room_note(room), None, "{room}");
        }
    }
}
