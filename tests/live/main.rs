//! The live list, in the running whole: handshakes, pushes, endings, what they cost, and what survives.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "../support/mod.rs"]
mod support;

mod comments;
mod convergence;
mod costs;
mod durability;
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
mod rooms;
mod sample_events;
