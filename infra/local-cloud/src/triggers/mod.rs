//! Stream triggers (event source mappings): deliver a table's stream records to a function, in batches and in order.
//! Failed batches are retried. Records that exhaust their retries go to the `OnFailure` queue.
//!
//! - `runner`: runs the triggers
//! - `source`: the position of a trigger in its stream, and its next batch
//! - `lane`: a share of a trigger's records, so that several batches run concurrently
//! - `pace`: how often a trigger polls
//! - `delivery`: retries, splits and drops a batch
//! - `duplicate_delivery`: batches that arrive late, twice or reordered, by a fault
//! - `batch_response`: the function's response to a batch
//! - `failure`: the message to the `OnFailure` queue
//! - `checkpoint`: stored positions
//! - `invoke`: the interface to Lambda

mod batch_response;
mod checkpoint;
mod delivery;
mod duplicate_delivery;
mod error;
mod failure;
mod invoke;
mod lane;
mod pace;
mod runner;
mod source;

pub use error::TriggerError;
pub use invoke::Invoke;
pub use runner::{Settings, Triggers};
