//! Stream triggers, with a function that runs inside the test.

#![allow(clippy::unwrap_used, reason = "a test whose setup fails has failed")]

#[path = "../../../../tests/support/patience.rs"]
mod patience;

mod batches;
mod failures;
mod faults;
mod fixture;
mod lanes;
mod pace;
mod runs;
