//! The order in which lines are imported.

use std::collections::HashMap;

use super::{ArchivedComment, Line};
use crate::{BoardId, Comment, Note, NoteKey, Thread};

/// The most comments in one transaction, beside the check of their note.
const TRANSACTION: usize = 99;

/// Lines of one note that are imported in one request: the note, or comments of one thread.
pub(super) enum Step {
    /// The note, with the number of its line.
    Note(usize, Note),
    /// Comments of this thread, each with the number of its line.
    Comments(Thread, Vec<(usize, Comment)>),
}

impl Step {
    /// Returns the number of its first line.
    pub(super) fn first_line(&self) -> usize {
        match self {
            Self::Note(line, _) => *line,
            Self::Comments(_, comments) => comments.first().map_or(0, |(line, _)| *line),
        }
    }

    /// Adds a comment to the same transaction, or returns it: it is in another thread, the transaction is full, or it
    /// has the same id as another.
    fn join(&mut self, board: &BoardId, line: usize, archived: ArchivedComment) -> Option<ArchivedComment> {
        match self {
            Self::Comments(thread, comments)
                if *thread == archived.thread(board)
                    && comments.len() < TRANSACTION
                    && comments.iter().all(|(_, other)| other.id != archived.comment.id) =>
            {
                comments.push((line, archived.comment));
                None
            }
            _ => Some(archived),
        }
    }
}

/// Groups numbered lines by note, in the order in which the notes come first.
pub(super) fn by_note(board: &BoardId, lines: Vec<Line>) -> Vec<Vec<Step>> {
    let mut notes: Vec<Vec<Step>> = Vec::new();
    let mut places: HashMap<NoteKey, usize> = HashMap::new();
    for (number, line) in lines.into_iter().enumerate() {
        let place = *places.entry(line.key().clone()).or_insert_with(|| {
            notes.push(Vec::new());
            notes.len() - 1
        });
        let steps = &mut notes[place];
        match line {
            Line::Note(note) => steps.push(Step::Note(number, note)),
            Line::Comment(archived) => {
                let rest = match steps.last_mut() {
                    Some(step) => step.join(board, number, archived),
                    None => Some(archived),
                };
                steps.extend(rest.map(|archived| {
                    Step::Comments(archived.thread(board), vec![(number, archived.comment)])
                }));
            }
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, CommentId, DocumentId, Message, Timestamp, Title, Username, Version};

    fn note(created: Timestamp) -> Note {
        Note {
            key: NoteKey::parse("a").unwrap(),
            title: Title::parse("A").unwrap(),
            body: Body::parse("").unwrap(),
            author: Username::parse("ada").unwrap(),
            editor: Username::parse("bob").unwrap(),
            version: Version::FIRST,
            created,
            updated: created,
            listed: created,
            document: DocumentId::generate(),
            importer: None,
        }
    }

    fn comment(key: &str, note_created: Timestamp) -> Line {
        let comment = Comment {
            id: CommentId::generate(),
            key: NoteKey::parse(key).unwrap(),
            author: Username::parse("ada").unwrap(),
            message: Message::parse("Milk?").unwrap(),
            created: note_created,
            importer: None,
        };
        Line::Comment(ArchivedComment { comment, note_created })
    }

    /// Returns the numbers of the lines of each step of each note.
    fn numbers(lines: Vec<Line>) -> Vec<Vec<Vec<usize>>> {
        let numbers = |step: &Step| match step {
            Step::Note(line, _) => vec![*line],
            Step::Comments(_, comments) => comments.iter().map(|(line, _)| *line).collect(),
        };
        by_note(&BoardId::team(), lines).iter().map(|steps| steps.iter().map(numbers).collect()).collect()
    }

    #[test]
    fn consecutive_comments_of_one_thread_share_a_transaction() {
        let (now, before) = (Timestamp::now(), Timestamp::from_second(0).unwrap());
        let lines = vec![
            Line::Note(note(now)),
            comment("a", now),
            comment("b", now),
            comment("a", now),
            comment("a", before),
            Line::Note(note(now)),
            comment("a", now),
        ];
        assert_eq!(numbers(lines), [vec![vec![0], vec![1, 3], vec![4], vec![5], vec![6]], vec![vec![2]]]);
    }

    #[test]
    fn a_transaction_has_at_most_99_comments_and_none_twice() {
        let now = Timestamp::now();
        let lines: Vec<_> = (0..100).map(|_| comment("a", now)).collect();
        let steps = numbers(lines).remove(0);
        assert_eq!(steps.iter().map(Vec::len).collect::<Vec<_>>(), [99, 1]);
        let twice = comment("a", now);
        assert_eq!(numbers(vec![twice.clone(), twice]), [[[0], [1]]]);
    }
}
