//! The readers of a note.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{BoardId, NoteKey, User};

/// The most users in the list. The others are counted.
const MOST_PEOPLE: usize = 50;

/// The payload of [`PRESENCE`](super::PRESENCE): all readers of a note.
///
/// As with the list of notes, pages ignore a lower revision than the one that they show. A sender takes the revision
/// *before* it reads the room. So the highest revision that a page receives includes the last change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Presence {
    board: BoardId,
    key: NoteKey,
    revision: u64,
    people: Vec<User>,
    more: usize,
}

impl Presence {
    /// Creates the payload from the readers of a note: the first fifty by username, each once, and the number of the
    /// others. `revision` was taken before they were read.
    pub fn of(board: BoardId, key: NoteKey, revision: u64, readers: impl IntoIterator<Item = User>) -> Self {
        let readers: BTreeMap<_, _> =
            readers.into_iter().map(|reader| (reader.username.clone(), reader)).collect();
        let more = readers.len().saturating_sub(MOST_PEOPLE);
        Self { board, key, revision, people: readers.into_values().take(MOST_PEOPLE).collect(), more }
    }

    /// Returns the number of readers.
    #[must_use]
    pub fn readers(&self) -> usize {
        self.people.len() + self.more
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::json_length;
    use super::*;
    use crate::{DisplayName, Username};

    fn reader(username: &str, display_name: &str) -> User {
        User {
            username: Username::parse(username).unwrap(),
            display_name: DisplayName::parse(display_name).unwrap(),
        }
    }

    fn presence(readers: Vec<User>) -> Presence {
        Presence::of(BoardId::team(), NoteKey::parse("shopping").unwrap(), 7, readers)
    }

    fn crowd(readers: usize) -> Vec<User> {
        (0..readers).rev().map(|n| reader(&format!("reader-{n:03}"), "Reader")).collect()
    }

    #[test]
    fn each_reader_is_listed_once_sorted_by_username() {
        let readers = vec![reader("eve", "Eve"), reader("ada", "Ada Lovelace"), reader("eve", "Eve")];
        assert_eq!(
            serde_json::to_value(presence(readers)).unwrap(),
            json!({
                "board": "team",
                "key": "shopping",
                "revision": 7,
                "people": [
                    { "username": "ada", "displayName": "Ada Lovelace" },
                    { "username": "eve", "displayName": "Eve" },
                ],
                "more": 0,
            })
        );
    }

    #[test]
    fn a_note_without_readers_has_an_empty_list() {
        let nobody = presence(Vec::new());
        assert_eq!((nobody.readers(), nobody.people.len(), nobody.more), (0, 0, 0));
    }

    #[test]
    fn fifty_readers_are_listed_and_the_fifty_first_is_counted() {
        let fifty = presence(crowd(50));
        assert_eq!((fifty.readers(), fifty.people.len(), fifty.more), (50, 50, 0));
        let more = presence(crowd(51));
        assert_eq!((more.readers(), more.people.len(), more.more), (51, 50, 1));
        assert_eq!(more.people, fifty.people, "the first of them by username");
    }

    #[test]
    fn fifty_readers_with_the_longest_names_fit_into_a_frame() {
        for name in ["🦀".repeat(64), "\"".repeat(64)] {
            let longest = (0..51).map(|n| reader(&format!("{n:032}"), &name)).collect();
            let mut longest = presence(longest);
            longest.key = NoteKey::parse(&"k".repeat(NoteKey::LONGEST)).unwrap();
            assert!(json_length(&longest) < 20 * 1024, "{}", json_length(&longest));
        }
    }
}
