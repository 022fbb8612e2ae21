//! The template: `template.yaml`, read into a [`Plan`] with every intrinsic resolved.
//!
//! What the template says is what runs. Whatever cannot be run is refused by name; what has no effect on one machine
//! is accepted knowingly, in one list (`accepted`).

mod accepted;
mod conditions;
mod destinations;
mod error;
mod events;
mod front_door;
mod functions;
mod globals;
mod http_apis;
mod intrinsics;
mod invocations;
mod model;
mod names;
mod node;
mod parameters;
mod policies;
mod policy_conditions;
mod properties;
mod queues;
mod resources;
mod response_headers;
mod schedules;
mod source;
mod stages;
mod tables;
mod triggers;
mod types;
mod websocket_apis;
mod yaml;

use std::collections::BTreeMap;
use std::path::Path;

use error::Problems;
pub use error::{Problem, TemplateError};
pub use model::{
    AsynchronousInvocation, FrontDoor, Function, HttpApi, Origin, Plan, Queue, ResponseHeader, Schedule,
    StartingPosition, StreamTrigger, Table, Throttling, WebSocketApi,
};
pub use node::Place;
use source::NotYaml;

/// The region that the local cloud plays: always this one, so that names do not depend on who runs it.
pub const REGION: &str = "us-east-1";
/// The account that the local cloud plays: the one of AWS's own examples.
pub const ACCOUNT: &str = "123456789012";
/// The stack's name.
pub const STACK: &str = "notes";
/// The stack's id, an ARN.
pub const STACK_ID: &str =
    "arn:aws:cloudformation:us-east-1:123456789012:stack/notes/00000000-0000-4000-8000-000000000000";
/// What the hosts of AWS's services end with.
pub const URL_SUFFIX: &str = "amazonaws.com";

/// Reads a template. Parameters that are not given take their defaults.
pub fn read(path: &Path, parameters: &BTreeMap<String, String>) -> Result<Plan, TemplateError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| TemplateError::Unreadable { path: path.to_owned(), source })?;
    let problems = Problems::default();
    let template = source::parse(&text, &problems)
        .map_err(|NotYaml { line, reason }| TemplateError::NotYaml { path: path.to_owned(), line, reason })?;
    let plan = resources::plan(&template, parameters, &problems);
    match problems.into_list() {
        problems if problems.is_empty() => Ok(plan),
        problems => Err(TemplateError::NotRun { path: path.to_owned(), problems }),
    }
}
