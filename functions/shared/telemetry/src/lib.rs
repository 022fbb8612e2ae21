//! Telemetry of the functions: log lines ([`log`]) and metrics ([`metrics`]). Both go to standard output, which Lambda
//! sends to CloudWatch.
//!
//! Everything is written before the invocation ends, because Lambda freezes the process after it. This crate knows
//! nothing of notes or sockets.

pub mod log;
pub mod metrics;
mod panics;
