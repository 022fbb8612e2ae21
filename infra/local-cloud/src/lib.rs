//! The local cloud: runs a SAM template on this machine, with processes and loopback ports.
//!
//! [`Cloud::start`] reads a template and starts its resources: DynamoDB (`local-dynamodb`), [`lambda`], HTTP APIs
//! (`http_api`), WebSocket APIs (`websocket_api`), stream [`triggers`] with their [`queues`], `schedules`, and one public
//! port in front of all APIs (`cdn`). Calls pass the permissions, faults and ledger of `local-service`.

mod api_gateway;
mod cdn;
mod cloud;
pub mod console;
mod data_directory;
mod http_api;
pub mod lambda;
mod options;
pub mod queues;
mod relay;
mod schedules;
mod start_error;
mod throttle;
pub mod triggers;
pub mod usage_file;
mod websocket_api;

pub use cloud::Cloud;
pub use console::{Console, LogLine, Printing};
pub use data_directory::DirectoryError;
pub use local_dynamodb::Data;
pub use options::{Options, Poll};
pub use start_error::StartError;
