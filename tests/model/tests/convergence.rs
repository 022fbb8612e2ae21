//! Every page ends on the true list, in every order of the steps, and each mistake on purpose is found.

use std::time::Instant;

use model::{CONVERGES, Mistake, Protocol};
use stateright::{Checker as _, HasDiscoveries, Model as _};

/// Checks all orders, and prints the number of states.
fn check(protocol: Protocol) {
    let begun = Instant::now();
    let checker = protocol.checker().threads(2).spawn_bfs().join();
    checker.assert_properties();
    println!("{} states in {:.1} s", checker.unique_state_count(), begun.elapsed().as_secs_f64());
}

/// Returns the steps to a page that does not end on the true list.
fn counterexample(mistake: Mistake) -> String {
    let protocol = Protocol {
        writes: 2,
        pages: 1,
        early: true,
        crashes: 1,
        misses: 1,
        mistake: Some(mistake),
        ..Protocol::default()
    };
    let checker = protocol.checker().threads(2).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let path = checker.discovery(CONVERGES).unwrap_or_else(|| panic!("{mistake:?} was not found"));
    path.into_actions().iter().map(|action| format!("  {action:?}")).collect::<Vec<_>>().join("\n")
}

#[test]
fn pages_converge_if_the_stream_pushes() {
    check(Protocol { writes: 2, pages: 2, crashes: 1, ends: 1, misses: 1, ..Protocol::default() });
}

#[test]
fn pages_converge_if_the_writer_pushes_first() {
    check(Protocol { writes: 2, pages: 1, early: true, crashes: 1, ..Protocol::default() });
}

#[test]
fn two_pages_converge_if_the_writer_pushes_first() {
    check(Protocol { writes: 1, pages: 2, early: true, crashes: 1, misses: 1, ..Protocol::default() });
}

#[test]
fn a_page_converges_in_millions_of_states_if_the_writer_pushes_first() {
    check(Protocol {
        writes: 2,
        pages: 1,
        early: true,
        crashes: 1,
        ends: 1,
        misses: 1,
        ..Protocol::default()
    });
}

#[test]
fn two_pages_converge_in_millions_of_states_if_the_writer_pushes_first() {
    check(Protocol { writes: 2, pages: 2, early: true, ..Protocol::default() });
}

#[test]
fn pages_converge_in_millions_of_states_if_pushes_read_the_room_first() {
    check(Protocol { writes: 2, pages: 1, early: true, room_first: true, crashes: 1, ..Protocol::default() });
}

#[test]
fn every_mistake_is_found() {
    for mistake in [
        Mistake::MarkBeforePosts,
        Mistake::MarkDespiteMiss,
        Mistake::TitlesBeforeRevision,
        Mistake::JoinerReadsBeforeItsRow,
        Mistake::PageIgnoresRevisions,
        Mistake::SkipIfAnyMark,
    ] {
        println!("{mistake:?}:\n{}", counterexample(mistake));
    }
}
