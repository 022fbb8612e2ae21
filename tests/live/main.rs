//! The live list, in the running whole: handshakes, pushes, endings, what they cost, and what survives.

#[path = "../support/mod.rs"]
mod support;

mod convergence;
mod costs;
mod durability;
mod endings;
mod handshake;
mod poison;
mod protocol;
mod pushes;
mod sample_events;
