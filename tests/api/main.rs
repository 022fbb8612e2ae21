//! Tests of the HTTP API in the running local cloud: routes, errors, limits and costs.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod account;
mod accounts;
mod administration;
mod attempts;
mod backlinks;
mod boards;
mod comments;
mod conditions;
mod costs;
mod display_names;
mod edge;
mod export;
mod headers;
mod import;
mod list;
mod logs;
mod metrics;
mod new_passwords;
mod notes;
mod origin_check;
mod passkeys;
mod quota;
mod refusals;
mod roles;
mod sample_events;
mod security_headers;
mod sessions;
#[path = "../support/mod.rs"]
mod support;
mod trash;
mod versions;
