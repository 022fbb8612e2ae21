//! Tests of the live parts of Notes in the running local cloud: handshakes, pushes, closed connections, costs, faults.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "../support/mod.rs"]
mod support;

mod boards;
mod comments;
mod convergence;
mod costs;
mod durability;
mod early_pushes;
mod editing;
mod endings;
mod example;
mod faults;
mod handshake;
mod keepalive;
mod notes;
mod poison;
mod presence;
mod protocol;
mod pushes;
mod removals;
mod roles;
mod rooms;
mod sample_events;
mod trash;
mod writing_together;
