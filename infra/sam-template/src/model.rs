//! The resolved template: the plan from which the cloud is built.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::filter::Pattern;
use crate::policy::Statement;

/// A resolved template. Names are logical ids unless a field says otherwise.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// DynamoDB tables.
    pub tables: Vec<Table>,
    /// Lambda functions.
    pub functions: Vec<Function>,
    /// HTTP APIs.
    pub http_apis: Vec<HttpApi>,
    /// WebSocket APIs.
    pub websocket_apis: Vec<WebSocketApi>,
    /// Stream triggers (event source mappings).
    pub triggers: Vec<StreamTrigger>,
    /// Schedules of functions.
    pub schedules: Vec<Schedule>,
    /// SQS queues, which receive failed records and events.
    pub queues: Vec<Queue>,
    /// The CloudFront distribution, if there is one.
    pub cdn: Option<Cdn>,
}

/// A DynamoDB table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The logical id.
    pub id: String,
    /// The name: `TableName`, or the logical id.
    pub name: String,
    /// The body of its `CreateTable` call: keys, indexes and stream.
    pub create: serde_json::Value,
    /// The attribute that holds an item's expiry, in seconds since 1970.
    pub ttl_attribute: Option<String>,
    /// The stream view type, if it has a stream: `NEW_IMAGE`, `KEYS_ONLY`, ...
    pub stream_view: Option<String>,
}

/// A Lambda function.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// The logical id, which is also the name locally.
    pub id: String,
    /// The binary: `Metadata.BuildProperties.Binary`.
    pub binary: String,
    /// The folder of the code: `CodeUri`, relative to the template's folder.
    pub code: PathBuf,
    /// The environment, before public addresses are replaced by local ones.
    pub environment: BTreeMap<String, String>,
    /// The memory in MB.
    pub memory_mb: u32,
    /// Maximum number of concurrent executions, if the template reserves any.
    pub reserved_concurrency: Option<usize>,
    /// Maximum duration of an invocation.
    pub timeout: Duration,
    /// The log format, if the template sets it: `JSON` or `Text`.
    pub log_format: Option<String>,
    /// The lowest log level, if the template sets it: `INFO`.
    pub log_level: Option<String>,
    /// The statements of its `Policies`.
    pub policies: Vec<Statement>,
}

/// Handling of failed asynchronous invocations: `EventInvokeConfig`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsynchronousInvocation {
    /// Maximum number of retries (0 to 2).
    pub retries: usize,
    /// Maximum age of an event (a minute to six hours).
    pub maximum_age: Duration,
    /// The logical id of the queue for events or records that exhaust their retries.
    pub on_failure: Option<String>,
}

impl Default for AsynchronousInvocation {
    /// Returns Lambda's defaults.
    fn default() -> Self {
        Self { retries: 2, maximum_age: Duration::from_hours(6), on_failure: None }
    }
}

/// An HTTP API (payload format 2.0).
#[derive(Debug, Clone, PartialEq)]
pub struct HttpApi {
    /// The logical id.
    pub id: String,
    /// The physical id, with which the host begins.
    pub api_id: String,
    /// The stage: `$default` or a name.
    pub stage: String,
    /// The functions by route key (`GET /pets/{id}`, `$default`).
    pub routes: BTreeMap<String, String>,
    /// Throttling by route key. A route without an entry is not throttled.
    pub throttling: BTreeMap<String, Throttling>,
    /// Stage variables, which each event contains.
    pub stage_variables: BTreeMap<String, String>,
}

/// Throttling of a route.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Throttling {
    /// Requests per second.
    pub rate: f64,
    /// Requests at once.
    pub burst: f64,
}

/// A WebSocket API.
#[derive(Debug, Clone, PartialEq)]
pub struct WebSocketApi {
    /// The logical id.
    pub id: String,
    /// The physical id, with which the host begins.
    pub api_id: String,
    /// The stage.
    pub stage: String,
    /// The route selection expression: `$request.body.action`.
    pub route_selection: String,
    /// The functions by route key (`$connect`, `$default`, `$disconnect`, ...).
    pub routes: BTreeMap<String, String>,
    /// Throttling by route key. A route without an entry is not throttled.
    pub throttling: BTreeMap<String, Throttling>,
    /// Stage variables, which each event contains.
    pub stage_variables: BTreeMap<String, String>,
}

/// A trigger, which delivers batches of a stream's records to a function.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamTrigger {
    /// The name, from function and event: `Stream.OrderChanged`.
    pub id: String,
    /// The logical id of the table whose stream it reads.
    pub table: String,
    /// The function that it invokes.
    pub function: String,
    /// `TRIM_HORIZON` or `LATEST`.
    pub starting_position: StartingPosition,
    /// Maximum number of records per invocation (1 to 10,000).
    pub batch_size: usize,
    /// Number of concurrent batches with different items (1 to 10).
    pub parallelization_factor: u32,
    /// Maximum time to gather records before an invocation.
    pub batching_window: Duration,
    /// Maximum number of retries of a failing batch. `None`, the default, means no limit.
    pub maximum_retries: Option<u32>,
    /// Maximum age of a record. `None`, the default, means no limit.
    pub maximum_age: Option<Duration>,
    /// Whether a failing batch is split in two.
    pub bisect: bool,
    /// Whether the function's response may name failed records.
    pub partial_responses: bool,
    /// Filter patterns. A record must match one of them, if there are any.
    pub filters: Vec<Pattern>,
    /// The logical id of the queue for events or records that exhaust their retries.
    pub on_failure: Option<String>,
}

/// The position at which a trigger without a checkpoint begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartingPosition {
    /// At the oldest record.
    TrimHorizon,
    /// After the newest record.
    Latest,
}

/// A schedule, which invokes a function at a fixed interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The name, from function and event: `KeepAlive.EveryNineMinutes`.
    pub id: String,
    /// The function that it invokes.
    pub function: String,
    /// The interval: `rate(9 minutes)`.
    pub every: Duration,
    /// Handling of events for which the function fails.
    pub invocation: AsynchronousInvocation,
}

/// An SQS queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue {
    /// The logical id.
    pub id: String,
}

/// A CloudFront distribution, which routes paths to APIs.
#[derive(Debug, Clone, PartialEq)]
pub struct Cdn {
    /// The logical id.
    pub id: String,
    /// The public host: `GetAtt DomainName`.
    pub domain: String,
    /// Cache behaviours in order: a path pattern (`/socket.io/*`) and its origin.
    pub behaviours: Vec<(String, Origin)>,
    /// The origin of all other paths.
    pub default: Origin,
}

/// An API behind a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The logical id of the API.
    pub api: String,
    /// Headers that the distribution sets on every request.
    pub headers: Vec<(String, String)>,
    /// Whether responses are cached: Managed-CachingOptimized.
    pub cached: bool,
    /// Headers that the distribution adds to every response, from its response headers policy.
    pub response_headers: Vec<ResponseHeader>,
}

/// A header that a distribution adds to responses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseHeader {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
    /// Whether it replaces a header from the API.
    pub overrides: bool,
}
