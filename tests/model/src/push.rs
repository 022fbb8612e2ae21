//! A push: it takes a revision, then reads the room, then the titles, then posts to each connection. An early push reads the room
//! first, to leave a large one to the stream's function.

use crate::world::World;
use crate::{Mistake, Protocol};

/// A push under way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Push {
    /// The writes for which it is made: one for an early push, and a batch for the stream's function.
    writes: Vec<u8>,
    early: bool,
    /// The pages and connections in the room that are left, once the room has been read.
    room: Option<Vec<(usize, u8)>>,
    step: Step,
}

/// The next step of a push.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Step {
    /// It takes a revision. The stream's function takes the marks of its batch with the same request.
    Revision {
        /// The titles, if they were read before, which is a mistake.
        read: Option<u8>,
    },
    Room {
        revision: u8,
        read: Option<u8>,
    },
    Titles {
        revision: u8,
    },
    Posts {
        revision: u8,
        list: u8,
        /// Whether a connection was neither reached nor closed.
        missed: bool,
    },
    /// An early push marks its write.
    Mark,
}

/// The outcome of a step that may fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Luck {
    /// It does what it should. A post to a connection that has ended deletes its row.
    Good,
    /// The post neither reaches nor closes its connection.
    Miss,
}

impl Push {
    pub(crate) fn early(write: u8) -> Self {
        Self { writes: vec![write], early: true, room: None, step: Step::Revision { read: None } }
    }

    pub(crate) fn of_stream(batch: Vec<u8>) -> Self {
        Self { writes: batch, early: false, room: None, step: Step::Revision { read: None } }
    }

    /// Returns the push after it has failed or its function has died: Lambda delivers the batch again.
    pub(crate) fn again(self) -> Self {
        Self::of_stream(self.writes)
    }

    /// Returns the possible outcomes of the next step.
    pub(crate) fn outcomes(&self, world: &World) -> impl Iterator<Item = Luck> + use<> {
        let posts = matches!(self.step, Step::Posts { .. })
            && self.room.as_ref().is_some_and(|room| !room.is_empty());
        let may_miss = posts && world.misses > 0;
        [Some(Luck::Good), may_miss.then_some(Luck::Miss)].into_iter().flatten()
    }

    /// Makes the next step. Returns `None` after the last.
    pub(crate) fn step(mut self, protocol: &Protocol, world: &mut World, luck: Luck) -> Option<Self> {
        self.step = match self.step {
            Step::Revision { read: None } if (self.early || protocol.room_first) && self.room.is_none() => {
                self.room = Some(world.room());
                Step::Revision { read: None }
            }
            Step::Revision { read: None } if protocol.has(Mistake::TitlesBeforeRevision) => {
                Step::Revision { read: Some(world.written) }
            }
            Step::Revision { read } => {
                world.revision += 1;
                let revision = world.revision;
                if !self.early && self.takes_marks(world, protocol.has(Mistake::SkipIfAnyMark)) {
                    return None;
                }
                Step::Room { revision, read }
            }
            Step::Room { revision, read } => {
                self.room.get_or_insert_with(|| world.room());
                read.map_or(Step::Titles { revision }, |list| Step::Posts { revision, list, missed: false })
            }
            Step::Titles { revision } => {
                if self.early && protocol.has(Mistake::MarkBeforePosts) {
                    self.mark(world);
                }
                Step::Posts { revision, list: world.written, missed: false }
            }
            Step::Posts { revision, list, missed } => match self.room.as_mut().and_then(Vec::pop) {
                Some(_) if luck == Luck::Miss => {
                    world.misses -= 1;
                    Step::Posts { revision, list, missed: true }
                }
                Some((index, connection)) => {
                    let page = &mut world.pages[index];
                    if page.connected && page.connection == connection {
                        world.show(index, (revision, list), !protocol.has(Mistake::PageIgnoresRevisions));
                    } else if page.row == Some(connection) {
                        page.row = None;
                    }
                    Step::Posts { revision, list, missed }
                }
                None if missed && !self.early => return Some(self.again()),
                None if missed && !protocol.has(Mistake::MarkDespiteMiss) => return None,
                None if self.early => Step::Mark,
                None => return None,
            },
            Step::Mark => {
                self.mark(world);
                return None;
            }
        };
        Some(self)
    }

    pub(crate) fn revision(&mut self) -> Option<&mut u8> {
        match &mut self.step {
            Step::Room { revision, .. } | Step::Titles { revision } | Step::Posts { revision, .. } => {
                Some(revision)
            }
            Step::Revision { .. } | Step::Mark => None,
        }
    }

    /// Returns whether the stream's function is about to leave out this push.
    pub(crate) fn will_be_left_out(&self, world: &World) -> bool {
        matches!(self.step, Step::Revision { .. })
            && self.writes.iter().all(|write| world.marks & 1 << write != 0)
    }

    /// Returns whether this push is about to post a list to a page that shows one with a higher revision.
    pub(crate) fn is_late(&self, world: &World) -> bool {
        let (Step::Posts { revision, .. }, Some(room)) = (&self.step, &self.room) else { return false };
        room.last()
            .is_some_and(|(page, _)| world.pages[*page].shown.is_some_and(|(shown, _)| shown > *revision))
    }

    fn mark(&self, world: &mut World) {
        self.writes.iter().for_each(|write| world.marks |= 1 << write);
    }

    /// Takes the marks of a batch. Returns whether all its writes have one, so that no push is needed.
    fn takes_marks(&self, world: &mut World, any: bool) -> bool {
        let batch = self.writes.iter().fold(0, |bits, write| bits | 1 << write);
        let marked = world.marks & batch;
        world.marks &= !batch;
        marked == batch || any && marked != 0
    }
}
