//! A page that joins: it writes its row, then reads the revision, then the titles, then posts them to itself.

use crate::world::World;
use crate::{Mistake, Protocol};

/// The next step of a page that joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Joining {
    /// It writes its row into the room.
    Row {
        /// The revision and the titles, if they were read before, which is a mistake.
        read: Option<(u8, u8)>,
    },
    /// It reads the revision.
    Revision,
    /// It reads the titles.
    Titles { revision: u8 },
    /// It posts the titles to the page.
    Post { revision: u8, list: u8 },
}

impl Joining {
    pub(crate) fn revision(&mut self) -> Option<&mut u8> {
        match self {
            Self::Row { read } => read.as_mut().map(|(revision, _)| revision),
            Self::Revision => None,
            Self::Titles { revision } | Self::Post { revision, .. } => Some(revision),
        }
    }
}

/// Connects a page, or makes its next step.
pub(crate) fn step(protocol: &Protocol, world: &mut World, index: usize) {
    let (revision, list) = (world.revision, world.written);
    let reads_first = protocol.has(Mistake::JoinerReadsBeforeItsRow);
    let page = &mut world.pages[index];
    page.joining = match page.joining {
        None => {
            page.connected = true;
            page.connection += 1;
            Some(Joining::Row { read: reads_first.then_some((revision, list)) })
        }
        Some(Joining::Row { read }) => {
            page.row = Some(page.connection);
            Some(read.map_or(Joining::Revision, |(revision, list)| Joining::Post { revision, list }))
        }
        Some(Joining::Revision) => Some(Joining::Titles { revision }),
        Some(Joining::Titles { revision }) => Some(Joining::Post { revision, list }),
        Some(Joining::Post { revision, list }) => {
            page.joining = None;
            return world.show(index, (revision, list), !protocol.has(Mistake::PageIgnoresRevisions));
        }
    };
}
