//! The rows of the table of edits.
//!
//! A document is one partition: its edits that are not merged yet, and its last merged state. The state is in parts, because a
//! row has at most 400 KiB. It is written in one transaction under a new generation, and only then are the edits deleted that
//! it contains, and the state before it.
//!
//! Edits sort before states, and a query reads in that order. So an edit that is gone when it would be read is part of a state
//! that is read after it, however many pages the query takes.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use documents::{Document, Update};

use super::id::{DocumentId, EditId, parse_state_id, state_id};
use crate::tables::{EDITS, Row, number, text};
use crate::{Note, StoreError, Thread, Username};

/// The most bytes of a part of a state.
const PART: usize = 350 * 1024;

/// The number of edits that are merged into a state. A reader reads them all.
pub(super) const MOST_EDITS: usize = 32;

/// The attribute with the bytes of an update, or of a part of a state.
const UPDATE: &str = "update";

/// The attribute with the socket that sent an edit, and so has it.
pub(super) const SOCKET: &str = "socket";

/// An edit that is not merged yet.
#[derive(Debug)]
pub(super) struct EditRow {
    pub(super) id: EditId,
    pub(super) update: Update,
    pub(super) author: Username,
}

/// The rows of a document.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// In the order in which they were stored.
    pub(super) edits: Vec<EditRow>,
    /// The newest complete state.
    pub(super) state: Option<State>,
    /// The keys of states that another one has replaced.
    pub(super) replaced: Vec<String>,
}

/// A merged state.
#[derive(Debug)]
pub(super) struct State {
    pub(super) generation: u64,
    pub(super) update: Update,
    /// The keys of its parts.
    pub(super) ids: Vec<String>,
}

impl Rows {
    /// Reads the rows of a partition, in its order.
    pub(super) fn read(rows: Vec<Row>) -> Result<Self, StoreError> {
        let mut read = Self::default();
        let mut parts: Vec<(u64, String, Vec<u8>, usize)> = Vec::new();
        for row in rows {
            let id = string(&row, "id").ok_or_else(|| unreadable("id"))?;
            let update = bytes(&row).ok_or_else(|| unreadable(UPDATE))?;
            if let Some(id) = EditId::of(&id) {
                let author = string(&row, "author").ok_or_else(|| unreadable("author"))?;
                let author = Username::parse(&author).map_err(|_| unreadable("author"))?;
                // It was parsed before it was stored.
                let update = Update::parse(update).map_err(|_| unreadable(UPDATE))?;
                read.edits.push(EditRow { id, update, author });
            } else {
                let (generation, _) = parse_state_id(&id).ok_or_else(|| unreadable("id"))?;
                let count = string(&row, "parts").and_then(|count| count.parse().ok());
                parts.push((generation, id, update.to_vec(), count.ok_or_else(|| unreadable("parts"))?));
            }
        }
        for generation in parts.chunk_by(|one, next| one.0 == next.0) {
            let ids = generation.iter().map(|(_, id, ..)| id.clone()).collect::<Vec<_>>();
            // A state that was replaced while it was read has lost parts, and a later one follows.
            if generation.len() == generation[0].3 {
                let update = generation.iter().flat_map(|(_, _, part, _)| part).copied().collect::<Vec<_>>();
                let update = Update::parse(&update).map_err(|_| unreadable(UPDATE))?;
                let state = State { generation: generation[0].0, update, ids };
                read.replaced.extend(read.state.replace(state).into_iter().flat_map(|before| before.ids));
            } else {
                read.replaced.extend(ids);
            }
        }
        Ok(read)
    }

    /// Returns the document: that of the note's text until there is a state, and all edits.
    pub(super) fn document(&self, note: &Note) -> Result<Document, StoreError> {
        let mut document = match &self.state {
            Some(_) => Document::seed(""),
            None => Document::seed(note.body.as_str()),
        };
        let updates = self.state.iter().map(|state| &state.update);
        for update in updates.chain(self.edits.iter().map(|edit| &edit.update)) {
            document.apply(update).map_err(|_| unreadable(UPDATE))?;
        }
        Ok(document)
    }

    /// Returns whether the edits should be merged into a state: there is none yet, or they are many. Each state is written whole,
    /// which costs more than the edits that it replaces.
    pub(super) fn are_many(&self) -> bool {
        let bytes: usize = self.edits.iter().map(|edit| edit.update.as_bytes().len()).sum();
        self.state.is_none() || self.edits.len() >= MOST_EDITS || bytes >= PART / 4
    }

    /// Returns the number of the next state.
    pub(super) fn next_generation(&self) -> u64 {
        self.state.as_ref().map_or(1, |state| state.generation + 1)
    }
}

/// Builds the row of an edit. It names its note, so that the function that merges it finds that.
pub(super) fn edit_row(
    document: &DocumentId,
    Thread { board, key, created }: &Thread,
    update: &[u8],
    author: &Username,
    socket: Option<&str>,
) -> Row {
    let mut row = EDITS.key(&[document, &EditId::generate().as_str()]);
    row.insert("board".to_owned(), text(board));
    row.insert("key".to_owned(), text(key));
    row.insert("created".to_owned(), text(created));
    row.insert("author".to_owned(), text(author));
    row.insert(UPDATE.to_owned(), AttributeValue::B(Blob::new(update)));
    row.extend(socket.map(|socket| (SOCKET.to_owned(), text(socket))));
    row
}

/// Builds the parts of a transaction that write a state. They fail if the generation exists.
pub(super) fn put_state(
    table: &str,
    document: &DocumentId,
    generation: u64,
    state: &[u8],
) -> Result<Vec<TransactWriteItem>, StoreError> {
    let parts: Vec<&[u8]> = state.chunks(PART).collect();
    let put = |(index, part): (usize, &&[u8])| {
        let mut row = EDITS.key(&[document, &state_id(generation, index)]);
        row.insert("parts".to_owned(), number(&parts.len()));
        row.insert(UPDATE.to_owned(), AttributeValue::B(Blob::new(*part)));
        let put = Put::builder().table_name(table).set_item(Some(row));
        let put = put.condition_expression("attribute_not_exists(id)").build()?;
        Ok(TransactWriteItem::builder().put(put).build())
    };
    parts.iter().enumerate().map(put).collect()
}

fn string(row: &Row, name: &str) -> Option<String> {
    match row.get(name)? {
        AttributeValue::S(value) | AttributeValue::N(value) => Some(value.clone()),
        _ => None,
    }
}

fn bytes(row: &Row) -> Option<&[u8]> {
    match row.get(UPDATE)? {
        AttributeValue::B(bytes) => Some(bytes.as_ref()),
        _ => None,
    }
}

fn unreadable(attribute: &'static str) -> StoreError {
    StoreError::Document(attribute)
}

#[cfg(test)]
mod tests {
    use documents::ClientId;

    use super::*;
    use crate::{BoardId, NoteKey, Timestamp};

    fn edit(text: &str) -> Update {
        let bytes = Document::seed("").rewrite(text, ClientId::new("ada", 1)).unwrap();
        Update::parse(&bytes).unwrap()
    }

    /// Returns the rows of a state.
    fn state_rows(generation: u64, state: &Update) -> Vec<Row> {
        let document = DocumentId::generate();
        let puts = put_state("Edits", &document, generation, state.as_bytes()).unwrap();
        puts.into_iter().map(|part| part.put.unwrap().item).collect()
    }

    fn ids(rows: &[Row]) -> Vec<String> {
        rows.iter().map(|row| string(row, "id").unwrap()).collect()
    }

    #[test]
    fn a_state_has_as_many_parts_as_it_needs() {
        let overhead = edit(&"a".repeat(PART - 100)).as_bytes().len() - (PART - 100);
        for (bytes, parts) in [(10, 1), (PART, 1), (PART + 1, 2), (3 * PART, 3)] {
            let state = edit(&"a".repeat(bytes - bytes.min(overhead)));
            let rows = state_rows(7, &state);
            assert_eq!(rows.len(), parts, "{bytes}");
            let read = Rows::read(rows.clone()).unwrap().state.unwrap();
            assert_eq!((read.generation, read.update, read.ids), (7, state, ids(&rows)));
        }
    }

    #[test]
    fn the_newest_complete_state_counts_and_the_others_are_replaced() {
        let (old, new) = (edit(&"a".repeat(PART)), edit(&"b".repeat(PART)));
        let (old_rows, new_rows) = (state_rows(1, &old), state_rows(2, &new));
        let read = Rows::read([old_rows.clone(), new_rows.clone()].concat()).unwrap();
        assert_eq!((&read.replaced, read.next_generation()), (&ids(&old_rows), 3));
        assert_eq!(read.state.unwrap().update, new);

        // Read while it was written, or while another one replaced it.
        let half = [old_rows.clone(), new_rows[1..].to_vec()].concat();
        let read = Rows::read(half).unwrap();
        assert_eq!(read.replaced, ids(&new_rows[1..]));
        assert_eq!(read.state.unwrap().update, old);
    }

    #[test]
    fn edits_are_many_from_32_or_if_they_are_long_or_without_a_state() {
        let (board, key, created) = (BoardId::team(), NoteKey::parse("a").unwrap(), Timestamp::now());
        let (thread, ada) = (Thread { board, key, created }, Username::parse("ada").unwrap());
        let rows = |edits: usize, text: &str| {
            let row = || edit_row(&DocumentId::generate(), &thread, edit(text).as_bytes(), &ada, None);
            let edits = (0..edits).map(|_| row());
            Rows::read(edits.chain(state_rows(1, &edit("a"))).collect()).unwrap()
        };
        assert!(!rows(31, "a").are_many());
        assert!(rows(32, "a").are_many());
        assert!(rows(1, &"a".repeat(PART / 4)).are_many());
        assert!(Rows::default().are_many());
    }

    #[test]
    fn damaged_rows_are_errors() {
        let mut row = state_rows(1, &edit("a")).remove(0);
        row.remove("parts");
        assert!(matches!(Rows::read(vec![row.clone()]), Err(StoreError::Document("parts"))));
        row.insert("id".to_owned(), text("nothing"));
        assert!(matches!(Rows::read(vec![row]), Err(StoreError::Document("id"))));
    }
}
