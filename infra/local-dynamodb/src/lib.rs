//! DynamoDB on this machine: an embedded engine (dynoxide), behind an endpoint that responds as AWS does.
//!
//! [`DynamoDb::start`] creates the tables of a template and serves them on a loopback port. Every call passes the
//! [`CallContext`](local_service::CallContext): permissions, faults, ledger. [`Streams`] reads the tables' streams in the
//! process. The crate corrects the engine where it differs from AWS:
//!
//! - `arns`: names of tables and streams
//! - `endpoint`, `operation`, `leading_keys`: callers, permissions, errors
//! - `consumption`: capacity units
//! - `streams`: records and who deleted an item
//! - `tables`: changes of a table definition between runs
//! - `ttl`: expiry of items and of stream records
//!
//! [`External`] puts the same endpoint in front of another engine, so that tests can compare the two.

mod arns;
mod consumption;
mod data;
mod endpoint;
mod error;
mod external;
mod leading_keys;
mod operation;
mod server;
mod streams;
mod tables;
mod ttl;

pub use data::Data;
pub use error::DynamoDbError;
pub use external::{External, ExternalError};
pub use server::{DynamoDb, Options};
pub use streams::{Page, Position, StreamError, Streams};
