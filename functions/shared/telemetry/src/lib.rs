//! What the functions say of themselves: log lines ([`log`]) and metrics ([`metrics`]), both on standard output, where
//! Lambda hands them to CloudWatch.
//!
//! Nothing here knows of notes or sockets, and nothing runs beside an invocation: what is said is said before the
//! invocation ends, as Lambda freezes the process after it.

pub mod log;
pub mod metrics;
mod panics;
