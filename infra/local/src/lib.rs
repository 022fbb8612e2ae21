//! The local cloud: runs `template.yaml` on this machine, with nothing but processes and ports.
//!
//! What the template says is what runs. [`template`] resolves it to a plan; [`Cloud`] starts what the plan declares:
//! DynamoDB ([`dynamodb`]), Lambda ([`lambda`]), the two kinds of API ([`http_api`], [`websocket_api`]), the stream
//! triggers ([`triggers`]) with the queues that take what failed ([`queues`]), the [`schedules`], and the one port in
//! front of it all ([`front_door`]). Who may call what is [`iam`]'s to say, and what goes wrong on purpose [`faults`]'; a
//! [`meter`] counts what all that would be billed for.

mod api_gateway;
pub mod cloud;
pub mod console;
pub mod credentials;
mod data_directory;
pub mod dynamodb;
pub mod faults;
pub mod front_door;
pub mod http_api;
pub mod iam;
pub mod lambda;
pub mod ledger;
pub mod loopback;
pub mod meter;
pub mod options;
pub mod oversight;
pub mod queues;
pub mod schedules;
pub mod template;
mod throttle;
pub mod triggers;
pub mod usage_file;
pub mod websocket_api;

pub use cloud::{Cloud, StartError};
pub use console::{Console, LogLine, Printing};
pub use data_directory::DirectoryError;
pub use options::{Data, Options, Poll};
