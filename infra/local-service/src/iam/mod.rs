//! IAM: authenticates callers by their signature, and authorizes calls by the template's policies.
//!
//! A caller that signs with a function's access key must prove it, and may do only what the template allows. Every other
//! access key belongs to an operator: a test, or a person with a command line. Operators may do everything without proof,
//! since only this machine reaches the endpoints.
//!
//! - `account`: functions, their roles and credentials
//! - `caller`: identities and resources
//! - `signature`: Signature Version 4
//! - `usage`: records used permissions and denied calls
//! - `report`: compares them with the template

mod account;
mod caller;
mod error;
mod report;
mod signature;
mod usage;

pub use account::Iam;
pub use caller::{Caller, Resource};
pub use error::{AccessDenied, AuthenticationError};
pub use report::{Report, ReportError};
pub use signature::Request;
pub use usage::{Entry, Permission, Refused, Usage};
