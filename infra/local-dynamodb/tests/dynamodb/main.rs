//! DynamoDB as the SDK sees it, and its streams as triggers see them.

#![allow(clippy::unwrap_used, reason = "a test whose setup fails has failed")]

#[path = "../../../../tests/support/patience.rs"]
mod patience;

mod calls;
mod data;
mod streams;
mod tables;
