//! Tables, stream, connections and pages.

use crate::Protocol;
use crate::join::Joining;
use crate::push::Push;

/// Everything that the protocol changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct World {
    /// The number of writes, which is the true list.
    pub written: u8,
    /// The revision in the counter of the board's room.
    pub revision: u8,
    /// The writes that are marked as delivered, in the same row, one bit each.
    pub marks: u8,
    /// Writes whose records the stream's function has not received, in order.
    pub records: Vec<u8>,
    /// The push of the stream's function for its batch.
    pub stream: Option<Push>,
    /// Early pushes, sorted, because their order has no meaning.
    pub early: Vec<Push>,
    /// The pages.
    pub pages: Vec<Page>,
    /// How many functions may still die.
    pub crashes: u8,
    /// How many connections may still end.
    pub ends: u8,
    /// How many posts may still miss their connection.
    pub misses: u8,
}

/// A page, and its connection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Page {
    /// The number of the connection. A page that joins again has another.
    pub connection: u8,
    /// Whether the connection exists.
    pub connected: bool,
    /// The connection whose row is in the room. It may have ended.
    pub row: Option<u8>,
    /// The next step to join. `None` before it connects, and when it has joined.
    pub(crate) joining: Option<Joining>,
    /// The list that it shows, with its revision.
    pub shown: Option<(u8, u8)>,
}

impl Page {
    /// Returns whether the page has joined.
    #[must_use]
    pub fn joined(&self) -> bool {
        self.connected && self.joining.is_none()
    }

    /// Returns whether the page is between connecting and having joined.
    #[must_use]
    pub fn is_joining(&self) -> bool {
        self.joining.is_some()
    }
}

impl World {
    pub(crate) fn new(protocol: &Protocol) -> Self {
        Self {
            written: 0,
            revision: 0,
            marks: 0,
            records: Vec::new(),
            stream: None,
            early: Vec::new(),
            pages: vec![Page::default(); protocol.pages],
            crashes: protocol.crashes,
            ends: protocol.ends,
            misses: protocol.misses,
        }
    }

    /// Changes the list. The table writes the record with the row.
    pub(crate) fn write(&mut self, early: bool) {
        self.written += 1;
        self.records.push(self.written);
        if early {
            self.early.push(Push::early(self.written));
        }
    }

    /// Returns the pages and connections whose rows are in the room.
    pub(crate) fn room(&self) -> Vec<(usize, u8)> {
        self.pages.iter().enumerate().filter_map(|(index, page)| Some((index, page.row?))).collect()
    }

    /// Ends the connection of a page. Its row remains.
    pub(crate) fn disconnect(&mut self, page: usize) {
        let Page { connected, joining, .. } = &mut self.pages[page];
        (*connected, *joining) = (false, None);
    }

    /// Shows a list with its revision on a page, unless that shows one with a higher revision.
    ///
    /// Lists arrive at once. One that is on its way for long is like a push that waits before it posts.
    pub(crate) fn show(&mut self, page: usize, (revision, list): (u8, u8), compares: bool) {
        let shown = &mut self.pages[page].shown;
        let is_older = shown.is_some_and(|(shown, _)| shown > revision);
        if !is_older || !compares {
            *shown = Some((revision, list));
        }
    }

    /// Replaces revisions by their ranks, because only their order matters. Otherwise there would be many more states.
    pub(crate) fn rank_revisions(&mut self) {
        let mut all: Vec<u8> = self.revisions().map(|revision| *revision).collect();
        all.sort_unstable();
        all.dedup();
        for revision in self.revisions() {
            let rank = (0..).zip(&all).find_map(|(rank, one)| (one == revision).then_some(rank));
            *revision = rank.unwrap_or(*revision);
        }
        self.early.sort_unstable();
    }

    fn revisions(&mut self) -> impl Iterator<Item = &mut u8> {
        let pushes = self.early.iter_mut().chain(&mut self.stream);
        let pages = self.pages.iter_mut().flat_map(|Page { joining, shown, .. }| {
            let shown = shown.as_mut().map(|(revision, _)| revision);
            joining.as_mut().and_then(Joining::revision).into_iter().chain(shown)
        });
        pushes.filter_map(Push::revision).chain(pages).chain([&mut self.revision])
    }

    /// Returns whether nothing is under way: no push, no record, and no page that joins.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.records.is_empty()
            && self.stream.is_none()
            && self.early.is_empty()
            && !self.pages.iter().any(Page::is_joining)
    }

    /// Returns whether every page that has joined shows the true list.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.pages
            .iter()
            .filter(|page| page.joined())
            .all(|page| page.shown.is_some_and(|(_, list)| list == self.written))
    }
}
