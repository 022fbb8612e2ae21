//! The parts that all local services share.
//!
//! Functions call two services: DynamoDB and `@connections`. Both listen on a [`loopback`] port that checks the Host
//! header, and handle each call in a [`CallContext`]: [`iam`] authenticates and authorizes the caller, [`faults`] may make
//! the call fail, and the [`Ledger`] records it. A [`Meter`] counts what AWS would bill.

mod call_context;
pub mod credentials;
pub mod faults;
pub mod iam;
mod ledger;
pub mod loopback;
mod meter;
pub mod private_files;
mod warnings;

pub use call_context::CallContext;
pub use ledger::{Call, Ledger};
pub use meter::{Meter, Usage};
pub use warnings::Warnings;
