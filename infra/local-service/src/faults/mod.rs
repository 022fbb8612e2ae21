//! Fault injection: DynamoDB that throttles, posts that are lost, functions that die, records that arrive twice.
//!
//! A [`Rule`] names a fault, the calls that it applies to, and its rate. Each fault point asks the [`FaultInjector`] once per
//! call. Tests set rules in code; people set them over HTTP ([`control`]).
//!
//! - `rule`: faults, fault points and rules
//! - `injector`: evaluates the rules
//! - `chance`: repeatable random numbers
//! - [`control`]: the HTTP endpoint

mod chance;
pub mod control;
mod injector;
mod rule;

pub use injector::{Counted, FaultInjector, Injection, Plan};
pub use rule::{Fault, FaultPoint, Rule, RuleError, Site};
