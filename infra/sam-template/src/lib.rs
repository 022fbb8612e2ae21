//! Reads and checks SAM templates.
//!
//! [`read`] resolves a `template.yaml` into a [`Plan`]: tables, functions, APIs, triggers, with every intrinsic function
//! evaluated. It refuses what cannot run locally, and names the line. A short list of resource types has no effect on one
//! machine and is accepted (`accepted`).
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("template.yaml");
//! std::fs::write(&path, "
//! Transform: AWS::Serverless-2016-10-31
//! Resources:
//!   Orders:
//!     Type: AWS::DynamoDB::Table
//!     Properties:
//!       BillingMode: PAY_PER_REQUEST
//!       AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
//!       KeySchema: [{ AttributeName: id, KeyType: HASH }]
//! ")?;
//! let plan = sam_template::read(&path, &Default::default())?;
//! assert_eq!(plan.tables[0].name, "Orders");
//! # Ok(())
//! # }
//! ```

mod accepted;
mod arns;
mod cdn;
mod conditions;
mod destinations;
mod error;
mod events;
mod filter;
mod functions;
mod globals;
mod http_apis;
mod intrinsics;
mod invocations;
mod model;
mod names;
mod node;
mod parameters;
mod plan;
mod policies;
pub mod policy;
mod policy_conditions;
mod properties;
mod pseudo_parameters;
mod queues;
mod read;
mod resources;
mod response_headers;
mod schedules;
mod source;
mod stages;
mod tables;
mod triggers;
mod types;
mod websocket_apis;
mod wildcard;
mod yaml;

pub use arns::{STREAM_LABEL, stream_arn, table_arn};
pub use error::{Problem, TemplateError};
pub use filter::{Pattern, PatternError};
pub use model::{
    AsynchronousInvocation, Cdn, Function, HttpApi, Origin, Plan, Queue, ResponseHeader, Schedule,
    StartingPosition, StreamTrigger, Table, Throttling, WebSocketApi,
};
pub use node::Place;
pub use pseudo_parameters::{ACCOUNT, REGION, STACK, STACK_ID, URL_SUFFIX};
pub use read::read;
pub use wildcard::matches as matches_wildcard;
