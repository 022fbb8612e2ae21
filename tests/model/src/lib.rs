//! How the list of a board reaches pages, as a model that Stateright checks in every order of its steps.
//!
//! Writers change the list. A record of each write goes to the stream's function, which pushes the list, and does so again after
//! each failure. The function that wrote may push first, and mark the write as delivered, so that the stream's function need not
//! push it: an early push. Pages join, lose their connections, and join again. ARCHITECTURE.md says why every page ends on the
//! true list ("Why pushes converge"); this model looks for an order in which it does not.
//!
//! - [`Protocol`]: the bounds of the model, and which mistake to make on purpose
//! - `world`: tables, stream, connections and pages
//! - `push`: the steps of a push, early or by the stream's function
//! - `join`: the steps of a page that joins
//!
//! A list is represented by the number of writes that it contains.

mod join;
mod push;
mod world;

use stateright::{Model, Property};

pub use crate::push::{Luck, Push};
pub use crate::world::{Page, World};

/// The property that every connected page shows the true list when nothing more is under way.
pub const CONVERGES: &str = "every connected page ends on the true list";
/// The bounds of the model, and its mistake.
#[derive(Debug, Clone, Copy, Default)]
pub struct Protocol {
    /// The number of writes.
    pub writes: u8,
    /// The number of pages.
    pub pages: usize,
    /// Whether the function that wrote pushes first.
    pub early: bool,
    /// Whether the stream's function reads the room before anything else, as early pushes do. It does no harm: a page that is not in
    /// the room then reads the titles itself, after the write.
    pub room_first: bool,
    /// How many functions die, at any of their steps.
    pub crashes: u8,
    /// How many connections end by themselves, at any time.
    pub ends: u8,
    /// How many posts fail and do not even close their connection.
    pub misses: u8,
    /// A mistake that the checker has to find.
    pub mistake: Option<Mistake>,
}

/// A mistake in the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// An early push marks its write before it posts.
    MarkBeforePosts,
    /// An early push marks its write although it has missed a connection.
    MarkDespiteMiss,
    /// A push reads the titles, and takes its revision then.
    TitlesBeforeRevision,
    /// A page that joins reads the titles before its row is written.
    JoinerReadsBeforeItsRow,
    /// A page shows each list that arrives.
    PageIgnoresRevisions,
    /// The stream's function leaves out a push if any record of its batch is marked.
    SkipIfAnyMark,
}

/// A step of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Somebody changes the list.
    Write,
    /// An early push makes its next step. The number is its place in [`World::early`].
    EarlyStep(usize, Luck),
    /// The function of an early push dies.
    EarlyCrash(usize),
    /// The stream's function receives this many records.
    Batch(usize),
    /// The stream's function makes its next step.
    StreamStep(Luck),
    /// The stream's function dies, and receives its batch again.
    StreamCrash,
    /// A page makes the next step to join.
    Join(usize),
    /// The function dies in which a page joins. Its connection is closed.
    JoinCrash(usize),
    /// The connection of a page ends.
    End(usize),
}

impl Protocol {
    pub(crate) fn has(&self, mistake: Mistake) -> bool {
        self.mistake == Some(mistake)
    }
}

impl Model for Protocol {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self)]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        if world.written < self.writes {
            actions.push(Action::Write);
        }
        for (index, push) in world.early.iter().enumerate() {
            actions.extend(push.outcomes(world).map(|luck| Action::EarlyStep(index, luck)));
            if world.crashes > 0 {
                actions.push(Action::EarlyCrash(index));
            }
        }
        match &world.stream {
            None => actions.extend((1..=world.records.len()).map(Action::Batch)),
            Some(push) => {
                actions.extend(push.outcomes(world).map(Action::StreamStep));
                if world.crashes > 0 {
                    actions.push(Action::StreamCrash);
                }
            }
        }
        for (index, page) in world.pages.iter().enumerate() {
            if !page.joined() {
                actions.push(Action::Join(index));
            }
            if page.is_joining() && world.crashes > 0 {
                actions.push(Action::JoinCrash(index));
            }
            if page.connected && world.ends > 0 {
                actions.push(Action::End(index));
            }
        }
    }

    fn next_state(&self, last: &World, action: Action) -> Option<World> {
        let mut world = last.clone();
        match action {
            Action::Write => world.write(self.early),
            Action::EarlyStep(index, luck) => {
                let push = world.early.remove(index);
                if let Some(push) = push.step(self, &mut world, luck) {
                    world.early.push(push);
                }
            }
            Action::EarlyCrash(index) => {
                world.crashes -= 1;
                world.early.remove(index);
            }
            Action::Batch(count) => {
                let batch = world.records.drain(..count).collect();
                world.stream = Some(Push::of_stream(batch));
            }
            Action::StreamStep(luck) => {
                world.stream = world.stream.take()?.step(self, &mut world, luck);
            }
            Action::StreamCrash => {
                world.crashes -= 1;
                world.stream = Some(world.stream.take()?.again());
            }
            Action::Join(page) => join::step(self, &mut world, page),
            Action::JoinCrash(page) => {
                world.crashes -= 1;
                world.disconnect(page);
            }
            Action::End(page) => {
                world.ends -= 1;
                world.disconnect(page);
            }
        }
        world.rank_revisions();
        Some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let converges =
            Property::always(CONVERGES, |_: &Self, world: &World| !world.is_quiet() || world.is_shown());
        if !self.early {
            return vec![converges];
        }
        // The model would prove nothing if these never happened.
        let overtakes =
            Property::sometimes("a newer list overtakes an older one", |_: &Self, world: &World| {
                world.early.iter().any(|push| push.is_late(world))
            });
        let skips =
            Property::sometimes("the stream's function leaves out a push", |_: &Self, world: &World| {
                world.stream.as_ref().is_some_and(|push| push.will_be_left_out(world))
            });
        vec![converges, overtakes, skips]
    }
}
