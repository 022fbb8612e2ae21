//! The list of notes in a push.

use serde::Serialize;

use super::{fitting, json_length};
use crate::{BoardId, NotesStore, StoreError, TitleRow};

/// The most rows of the list. HTTP has the rest.
const MOST_ROWS: usize = 100;

/// The payload of [`NOTETITLES`](super::NOTETITLES): the newest titles.
///
/// Lists may be repeated, and the next one makes up for a lost one. Pages ignore a lower revision than the one that
/// they show. A sender takes the revision *before* it reads the list. So the highest revision that a page receives
/// includes the last write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteTitles {
    board: BoardId,
    revision: u64,
    notelist: Vec<TitleRow>,
    more: bool,
}

impl NoteTitles {
    /// Reads the list of a revision that was taken before, in one request. Its JSON has at most `max_bytes`.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn read(notes: &NotesStore, revision: u64, max_bytes: usize) -> Result<Self, StoreError> {
        let page = notes.titles(MOST_ROWS, None).await?;
        let titles = Self {
            board: notes.board().clone(),
            revision,
            more: page.next.is_some(),
            notelist: page.notelist,
        };
        Ok(titles.fitting(max_bytes))
    }

    /// Leaves out the oldest rows beyond `max_bytes`, and sets `more`.
    fn fitting(mut self, max_bytes: usize) -> Self {
        let frame = Self { board: self.board.clone(), notelist: Vec::new(), more: false, ..self };
        let fits = fitting(&self.notelist, max_bytes.saturating_sub(json_length(&frame)));
        if fits < self.notelist.len() {
            self.notelist.truncate(fits);
            self.more = true;
        }
        self
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.notelist.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NoteKey, Timestamp, Title, Username};

    fn list(rows: usize, title: &str) -> NoteTitles {
        let row = |n| TitleRow {
            key: NoteKey::parse(&format!("note-{n:03}")).unwrap(),
            title: Title::parse(title).unwrap(),
            updated: Timestamp::now(),
            editor: Username::parse("ada").unwrap(),
        };
        NoteTitles {
            board: BoardId::generate(),
            revision: 7,
            notelist: (0..rows).map(row).collect(),
            more: false,
        }
    }

    #[test]
    fn a_list_that_fits_stays_whole() {
        let whole = list(100, "A title");
        assert_eq!(whole.clone().fitting(32 * 1024), whole);
    }

    #[test]
    fn the_oldest_rows_go_first_and_the_list_says_that_there_are_more() {
        for title in ["🗒".repeat(200), "\"".repeat(200)] {
            let cut = list(100, &title).fitting(32 * 1024);
            assert!(cut.more);
            assert_eq!(cut.notelist[0].key.as_str(), "note-000");
            let length = json_length(&cut);
            assert!(length <= 32 * 1024, "{length}");
            let row = json_length(&cut.notelist[0]) + 1;
            assert!(length + row > 32 * 1024, "another row of {row} would have fitted after {length}");
        }
    }

    #[test]
    fn a_hundred_rows_fit_with_the_longest_usernames_and_generated_keys() {
        let mut whole = list(100, &"a".repeat(160));
        for (n, row) in whole.notelist.iter_mut().enumerate() {
            row.key = NoteKey::parse(&format!("019ab2b5-8e30-7c4b-9d52-{n:012}")).unwrap();
            row.editor = Username::parse(&"a".repeat(32)).unwrap();
        }
        assert_eq!(whole.clone().fitting(32 * 1024), whole);
    }

    #[test]
    fn as_many_long_rows_as_fit_are_sent() {
        let mut cut = list(100, &"\"".repeat(200));
        for row in &mut cut.notelist {
            row.key = NoteKey::parse(&"k".repeat(NoteKey::LONGEST)).unwrap();
            row.editor = Username::parse(&"a".repeat(32)).unwrap();
        }
        let cut = cut.fitting(32 * 1024);
        assert_eq!((cut.rows(), cut.more), (51, true));
    }

    #[test]
    fn the_limit_is_exact_to_a_row() {
        let whole = list(3, "A title");
        let length = json_length(&whole);
        assert_eq!(whole.clone().fitting(length + 2).rows(), 3);
        assert_eq!(whole.fitting(length - 2).rows(), 2);
    }

    #[test]
    fn the_list_is_empty_if_no_row_fits() {
        assert_eq!(list(3, "A title").fitting(10).rows(), 0);
    }
}
