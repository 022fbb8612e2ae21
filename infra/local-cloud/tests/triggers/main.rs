//! Stream triggers, with a function that a test plays.

#![allow(clippy::unwrap_used, reason = "a test whose setup fails has failed")]

#[path = "../../../../tests/support/patience.rs"]
mod patience;

mod batches;
mod failures;
mod faults;
mod lanes;
mod pace;
mod runs;
mod world;
