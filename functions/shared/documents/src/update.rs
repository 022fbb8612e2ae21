//! Updates: edits of a text, as Yjs encodes them.

use std::collections::BTreeMap;
use std::ops::Range;

use thiserror::Error;
use yrs::encoding::read::{Cursor, Error as ReadError, Read as _};

use crate::{ClientId, TEXT};

/// No id or position may be larger. Documents count positions with 32 bits, and must be able to add to them.
const LARGEST_CLOCK: u64 = 1 << 30;

/// The first 5 bits of a struct's first byte say what it contains. The others say which fields it has.
const KIND: u8 = 0b0001_1111;
const HAS_PARENT_KEY: u8 = 0b0010_0000;
const HAS_RIGHT_ORIGIN: u8 = 0b0100_0000;
const HAS_LEFT_ORIGIN: u8 = 0b1000_0000;

const DELETED: u8 = 1;
const STRING: u8 = 4;
const SKIP: u8 = 10;

/// Bytes that are no update of a text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not an update of a text: {0}")]
pub struct Malformed(pub(crate) &'static str);

impl From<ReadError> for Malformed {
    fn from(_: ReadError) -> Self {
        Self("it ends too early")
    }
}

/// An update that was checked: it inserts and deletes characters of the text, and does nothing else.
///
/// Yjs knows many other types and contents. Their depth, their size, or a carriage return, which editors count as part of a
/// line break, could break a page that applies them. So could structs that no page makes, such as one that follows itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    bytes: Vec<u8>,
    /// The inserted parts, by author and in the order of the positions.
    structs: BTreeMap<ClientId, Vec<Struct>>,
    /// For each client, the position after the last struct that it inserts or deletes.
    ends: BTreeMap<ClientId, u64>,
    inserted: usize,
}

/// A part of a text that one author has inserted at once.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Struct {
    /// Its first position, and the one after its last.
    range: Range<u64>,
    /// Its neighbours when it was inserted: positions that a document must have before.
    neighbours: [Option<(ClientId, u64)>; 2],
}

impl Update {
    /// Parses an update in format 1.
    ///
    /// # Errors
    /// If the bytes are no update, or if it does something else than to insert and to delete text.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut update =
            Self { bytes: bytes.to_vec(), structs: BTreeMap::new(), ends: BTreeMap::new(), inserted: 0 };
        let mut reader = Cursor::new(bytes);
        for _ in 0..reader.read_var::<u64>()? {
            update.read_structs(&mut reader)?;
        }
        for _ in 0..reader.read_var::<u64>()? {
            let client = read_client(&mut reader)?;
            for _ in 0..reader.read_var::<u64>()? {
                let clock = reader.read_var::<u64>()?;
                let length = reader.read_var::<u64>()?;
                update.reach(client, clock, length)?;
            }
        }
        if reader.has_content() { Err(Malformed("it goes on after its end")) } else { Ok(update) }
    }

    /// Returns the bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns whether the update changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Returns whether all that the update inserts is by this person. It may delete what others have inserted.
    #[must_use]
    pub fn is_by(&self, username: &str) -> bool {
        self.structs.keys().all(|author| author.is_of(username))
    }

    /// Returns the bytes of text that it inserts, in UTF-8.
    #[must_use]
    pub fn inserted(&self) -> usize {
        self.inserted
    }

    /// Returns, for each client, the position up to which a document must be to contain the update.
    pub(crate) fn ends(&self) -> impl Iterator<Item = (ClientId, u64)> {
        self.ends.iter().map(|(client, end)| (*client, *end))
    }

    /// Returns whether a document that has these positions of each client has all that the update depends on. Otherwise the
    /// update must wait.
    pub(crate) fn is_ready(&self, had: impl Fn(ClientId) -> u64) -> bool {
        let mut has: BTreeMap<ClientId, u64> = BTreeMap::new();
        let mut rest: BTreeMap<ClientId, &[Struct]> =
            self.structs.iter().map(|(client, structs)| (*client, &structs[..])).collect();
        let mut open: Vec<ClientId> = rest.keys().copied().collect();
        // Those who wait for another author of this update.
        let mut waiting: BTreeMap<ClientId, Vec<ClientId>> = BTreeMap::new();
        while let Some(client) = open.pop() {
            let mut structs = rest.get(&client).copied().unwrap_or_default();
            while let [next, others @ ..] = structs {
                let has_of = |client: ClientId| has.get(&client).copied().unwrap_or_else(|| had(client));
                if next.range.start > has_of(client) {
                    return false;
                }
                let mut neighbours = next.neighbours.iter().flatten();
                if let Some((missing, _)) = neighbours.find(|(client, clock)| *clock >= has_of(*client)) {
                    waiting.entry(*missing).or_default().push(client);
                    break;
                }
                has.insert(client, next.range.end.max(has_of(client)));
                structs = others;
            }
            let Some(before) = rest.insert(client, structs) else { continue };
            if structs.len() < before.len() {
                open.extend(waiting.remove(&client).unwrap_or_default());
            }
        }
        let has_of = |client: ClientId| has.get(&client).copied().unwrap_or_else(|| had(client));
        rest.values().all(|structs| structs.is_empty())
            && self.ends().all(|(client, end)| end <= has_of(client))
    }

    /// Reads the structs of a client.
    fn read_structs(&mut self, reader: &mut Cursor) -> Result<(), Malformed> {
        let count = reader.read_var::<u64>()?;
        let client = read_client(reader)?;
        let mut clock = reader.read_var::<u64>()?;
        let mut structs = Vec::new();
        for _ in 0..count {
            let info = reader.read_u8()?;
            if info & KIND == SKIP {
                clock = end(clock, read_length(reader)?)?;
                continue;
            }
            let neighbours = read_place(reader, info)?;
            if neighbours.iter().flatten().any(|(author, at)| *author == client && *at >= clock) {
                return Err(Malformed("it follows itself"));
            }
            let start = clock;
            let length = self.read_content(reader, info & KIND)?;
            clock = self.reach(client, clock, length)?;
            structs.push(Struct { range: start..clock, neighbours });
        }
        match self.structs.insert(client, structs) {
            None => Ok(()),
            Some(_) => Err(Malformed("it has an author twice")),
        }
    }

    /// Reads the content of a struct, and returns its length in UTF-16 units.
    fn read_content(&mut self, reader: &mut Cursor, kind: u8) -> Result<u64, Malformed> {
        match kind {
            DELETED => read_length(reader),
            STRING => {
                let text = reader.read_string()?;
                if text.contains('\r') {
                    return Err(Malformed("it inserts a carriage return"));
                }
                self.inserted += text.len();
                match text.encode_utf16().count() {
                    0 => Err(EMPTY),
                    length => Ok(length as u64),
                }
            }
            _ => Err(Malformed("it contains something else than text")),
        }
    }

    /// Records that the update needs a position, and returns the next one.
    fn reach(&mut self, client: ClientId, clock: u64, length: u64) -> Result<u64, Malformed> {
        let end = end(clock, length)?;
        let known = self.ends.entry(client).or_default();
        *known = end.max(*known);
        Ok(end)
    }
}

/// Reads where a struct belongs: next to others, which it returns, or in the root type.
fn read_place(reader: &mut Cursor, info: u8) -> Result<[Option<(ClientId, u64)>; 2], Malformed> {
    let mut neighbours = [None; 2];
    for (origin, neighbour) in [HAS_LEFT_ORIGIN, HAS_RIGHT_ORIGIN].into_iter().zip(&mut neighbours) {
        if info & origin != 0 {
            *neighbour = Some((read_client(reader)?, end(reader.read_var::<u64>()?, 0)?));
        }
    }
    if neighbours != [None; 2] {
        return Ok(neighbours);
    }
    let is_root = reader.read_var::<u64>()? == 1;
    if !is_root || reader.read_string()? != TEXT || info & HAS_PARENT_KEY != 0 {
        return Err(Malformed("it writes outside of the text"));
    }
    Ok(neighbours)
}

const EMPTY: Malformed = Malformed("it has an empty part");

fn read_length(reader: &mut Cursor) -> Result<u64, Malformed> {
    match reader.read_var::<u64>()? {
        0 => Err(EMPTY),
        length => Ok(length),
    }
}

fn read_client(reader: &mut Cursor) -> Result<ClientId, Malformed> {
    match reader.read_var::<u64>()? {
        number if number < 1 << 53 => Ok(ClientId::from_number(number)),
        _ => Err(Malformed("it has an invalid client id")),
    }
}

fn end(clock: u64, length: u64) -> Result<u64, Malformed> {
    clock
        .checked_add(length)
        .filter(|end| *end <= LARGEST_CLOCK)
        .ok_or(Malformed("it has an invalid position"))
}

#[cfg(test)]
mod tests;
