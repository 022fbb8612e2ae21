//! Updates: edits of a text, as Yjs encodes them.

use std::collections::{BTreeMap, BTreeSet};

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

const COLLECTED: u8 = 0;
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
/// line break, could break a page that applies them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    bytes: Vec<u8>,
    /// The authors of what it inserts.
    authors: BTreeSet<ClientId>,
    /// For each client, the position after the last struct that it inserts or deletes.
    ends: BTreeMap<ClientId, u64>,
    inserted: usize,
}

impl Update {
    /// Parses an update in format 1.
    ///
    /// # Errors
    /// If the bytes are no update, or if it does something else than to insert and to delete text.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut update =
            Self { bytes: bytes.to_vec(), authors: BTreeSet::new(), ends: BTreeMap::new(), inserted: 0 };
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
        self.authors.iter().all(|author| author.is_of(username))
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

    /// Reads the structs of a client.
    fn read_structs(&mut self, reader: &mut Cursor) -> Result<(), Malformed> {
        let structs = reader.read_var::<u64>()?;
        let client = read_client(reader)?;
        let mut clock = reader.read_var::<u64>()?;
        for _ in 0..structs {
            let info = reader.read_u8()?;
            let length = match info & KIND {
                SKIP | COLLECTED => reader.read_var::<u64>()?,
                kind => {
                    read_place(reader, info)?;
                    self.read_content(reader, kind)?
                }
            };
            if length == 0 {
                return Err(Malformed("it has an empty part"));
            }
            if info & KIND == SKIP {
                clock = end(clock, length)?;
            } else {
                self.authors.insert(client);
                clock = self.reach(client, clock, length)?;
            }
        }
        Ok(())
    }

    /// Reads the content of a struct, and returns its length in UTF-16 units.
    fn read_content(&mut self, reader: &mut Cursor, kind: u8) -> Result<u64, Malformed> {
        match kind {
            DELETED => Ok(reader.read_var::<u64>()?),
            STRING => {
                let text = reader.read_string()?;
                if text.contains('\r') {
                    return Err(Malformed("it inserts a carriage return"));
                }
                self.inserted += text.len();
                Ok(text.encode_utf16().count() as u64)
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

/// Reads where a struct belongs: next to others, or in the root type.
fn read_place(reader: &mut Cursor, info: u8) -> Result<(), Malformed> {
    for origin in [HAS_LEFT_ORIGIN, HAS_RIGHT_ORIGIN] {
        if info & origin != 0 {
            read_client(reader)?;
            end(reader.read_var::<u64>()?, 0)?;
        }
    }
    if info & (HAS_LEFT_ORIGIN | HAS_RIGHT_ORIGIN) != 0 {
        return Ok(());
    }
    let is_root = reader.read_var::<u64>()? == 1;
    if !is_root || reader.read_string()? != TEXT || info & HAS_PARENT_KEY != 0 {
        return Err(Malformed("it writes outside of the text"));
    }
    Ok(())
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
