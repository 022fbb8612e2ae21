//! Documents.

use yrs::updates::decoder::Decode as _;
use yrs::{
    Doc, GetString as _, OffsetKind, Options, ReadTxn as _, StateVector, Text as _, TextRef, Transact as _,
};

use crate::difference::{self, Replacement};
use crate::{ClientId, Malformed, Update};

/// The name of the root type.
pub const TEXT: &str = "text";

/// A state vector: what a document has of each client. The default is that of an empty document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vector(StateVector);

impl Vector {
    /// Parses a state vector of Yjs.
    ///
    /// # Errors
    /// If the bytes are none.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        StateVector::decode_v1(bytes).map(Self).map_err(|_| Malformed("the state vector cannot be read"))
    }
}

/// A document: the text that a set of updates makes.
pub struct Document {
    doc: Doc,
    text: TextRef,
    /// Updates that depend on missing ones. `yrs` can keep them, too, but some that no page makes let it panic, or take all
    /// memory.
    waiting: Vec<Update>,
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document").field("bytes", &self.text().len()).finish_non_exhaustive()
    }
}

impl Document {
    fn new(client: ClientId) -> Self {
        // A position in a text is one of a JavaScript string.
        let options = Options {
            offset_kind: OffsetKind::Utf16,
            ..Options::with_client_id(yrs::ClientID::new(client.number()))
        };
        let doc = Doc::with_options(options);
        let text = doc.get_or_insert_text(TEXT);
        Self { doc, text, waiting: Vec::new() }
    }

    /// Creates the document of a text that nobody has edited yet. The same text makes the same document, so it need not be
    /// stored: whoever makes it again changes nothing.
    #[must_use]
    pub fn seed(text: &str) -> Self {
        let seed = Self::new(ClientId::SEED);
        if !text.is_empty() {
            seed.text.insert(&mut seed.doc.transact_mut(), 0, text);
        }
        seed
    }

    /// Adds an update. It waits inside if it depends on one that is missing.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn apply(&mut self, update: &Update) -> Result<(), Malformed> {
        if !self.is_ready(update) {
            self.waiting.push(update.clone());
            return Ok(());
        }
        self.add(update.as_bytes())?;
        while let Some(next) = self.waiting.iter().position(|waiting| self.is_ready(waiting)) {
            let next = self.waiting.remove(next);
            self.add(next.as_bytes())?;
        }
        Ok(())
    }

    fn is_ready(&self, update: &Update) -> bool {
        let vector = self.doc.transact().state_vector();
        update.is_ready(|client| u64::from(vector.get(&yrs::ClientID::new(client.number()))))
    }

    fn add(&mut self, update: &[u8]) -> Result<(), Malformed> {
        let update = yrs::Update::decode_v1(update)?;
        self.doc.transact_mut().apply_update(update).map_err(|_| Malformed("it contradicts the document"))
    }

    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> String {
        self.text.get_string(&self.doc.transact())
    }

    /// Returns the whole document as one update, without the updates that wait.
    #[must_use]
    pub fn state(&self) -> Vec<u8> {
        self.doc.transact().encode_diff_v1(&StateVector::default())
    }

    /// Returns what a page lacks whose document has this state vector, as one update. Updates that wait are part of it.
    ///
    /// # Errors
    /// Never for updates that were parsed.
    pub fn missing(&self, vector: &Vector) -> Result<Vec<u8>, Malformed> {
        let missing = self.doc.transact().encode_diff_v1(&vector.0);
        if self.waiting.is_empty() {
            return Ok(missing);
        }
        let waiting = self.waiting.iter().map(Update::as_bytes);
        Ok(yrs::merge_updates_v1(waiting.chain([&missing[..]]).collect::<Vec<_>>())?)
    }

    /// Returns whether an update is part of the document. Otherwise it is missing, or waits.
    #[must_use]
    pub fn contains(&self, update: &Update) -> bool {
        let vector = self.doc.transact().state_vector();
        update.ends().all(|(client, end)| u64::from(vector.get(&yrs::ClientID::new(client.number()))) >= end)
    }

    /// Changes the text to another one, and returns the update that does it. Only what differs is replaced, so edits of
    /// others in the same moment stay.
    ///
    /// # Errors
    /// Never for a document of updates that were parsed.
    pub fn rewrite(&mut self, text: &str, client: ClientId) -> Result<Vec<u8>, Malformed> {
        let mut ours = Self::new(client);
        ours.add(&self.state())?;
        ours.waiting.append(&mut self.waiting);
        let old = ours.text();
        let mut change = ours.doc.transact_mut();
        // From the end, so that the positions before stay right.
        for Replacement { range, text } in difference::between(&old, text).into_iter().rev() {
            let start = utf16(&old[..range.start]);
            let length = utf16(&old[range]);
            if length > 0 {
                ours.text.remove_range(&mut change, start, length);
            }
            if !text.is_empty() {
                ours.text.insert(&mut change, start, text);
            }
        }
        let update = change.encode_update_v1();
        drop(change);
        *self = ours;
        Ok(update)
    }
}

/// Returns one update that does what all of these do.
///
/// # Errors
/// If one of them cannot be read.
pub fn merge<'a>(updates: impl IntoIterator<Item = &'a Update>) -> Result<Vec<u8>, Malformed> {
    Ok(yrs::merge_updates_v1(updates.into_iter().map(Update::as_bytes).collect::<Vec<_>>())?)
}

/// Returns the number of UTF-16 units of a text. A text has less than 2^32.
fn utf16(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
