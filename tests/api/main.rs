//! The HTTP interface, in the running whole: each route, each refusal, each limit on both sides, and what it costs.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod account;
mod accounts;
mod attempts;
mod comments;
mod conditions;
mod costs;
mod export;
mod headers;
mod import;
mod list;
mod logs;
mod metrics;
mod new_passwords;
mod notes;
mod refusals;
mod sample_events;
mod sessions;
mod shield;
#[path = "../support/mod.rs"]
mod support;
