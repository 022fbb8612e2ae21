//! What a template declares, with every intrinsic resolved: the plan from which the cloud is built.

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
    /// SQS queues: where triggers and schedules put what failed.
    pub queues: Vec<Queue>,
    /// The CloudFront distribution, if there is one.
    pub cdn: Option<Cdn>,
}

/// A DynamoDB table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its logical id.
    pub id: String,
    /// Its name: `TableName`, or the logical id.
    pub name: String,
    /// The body of the `CreateTable` call that makes it: keys, indexes and stream, in DynamoDB's own words.
    pub create: serde_json::Value,
    /// The attribute that holds an item's expiry, in seconds since 1970.
    pub ttl_attribute: Option<String>,
    /// What its stream records hold, if it has a stream: `NEW_IMAGE`, `KEYS_ONLY`, ...
    pub stream_view: Option<String>,
}

/// A Lambda function.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// Its logical id, which is also its name locally.
    pub id: String,
    /// The binary that plays it: `Metadata.BuildProperties.Binary`.
    pub binary: String,
    /// The folder of its code: `CodeUri`, seen from the template's folder.
    pub code: PathBuf,
    /// Its environment, before public addresses are replaced by local ones.
    pub environment: BTreeMap<String, String>,
    /// Its memory, in MB.
    pub memory_mb: u32,
    /// How many executions may be under way at a time, if the template reserves any.
    pub reserved_concurrency: Option<usize>,
    /// How long one invocation may take.
    pub timeout: Duration,
    /// How it logs: `JSON` or `Text`, if the template says.
    pub log_format: Option<String>,
    /// The lowest level of its log lines, if the template says: `INFO`.
    pub log_level: Option<String>,
    /// What it may do: the statements of its `Policies`.
    pub policies: Vec<Statement>,
}

/// What Lambda does with an event that nobody waits for an answer to, when the function fails: its `EventInvokeConfig`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsynchronousInvocation {
    /// How often it is tried again (0 to 2).
    pub retries: usize,
    /// How old an event may get before it is given up on (a minute to six hours).
    pub maximum_age: Duration,
    /// The queue that takes what was given up on, by logical id.
    pub on_failure: Option<String>,
}

impl Default for AsynchronousInvocation {
    /// What Lambda does unless it is told otherwise.
    fn default() -> Self {
        Self { retries: 2, maximum_age: Duration::from_hours(6), on_failure: None }
    }
}

/// An HTTP API (payload format 2.0).
#[derive(Debug, Clone, PartialEq)]
pub struct HttpApi {
    /// Its logical id.
    pub id: String,
    /// Its physical id, which its host begins with.
    pub api_id: String,
    /// Its stage: `$default` or a name.
    pub stage: String,
    /// Its routes, by key (`GET /pets/{id}`, `$default`), to the function behind each.
    pub routes: BTreeMap<String, String>,
    /// How many requests its routes take, by key; a route without an entry takes any.
    pub throttling: BTreeMap<String, Throttling>,
    /// Variables that each event carries.
    pub stage_variables: BTreeMap<String, String>,
}

/// How many requests a route takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Throttling {
    /// So many a second.
    pub rate: f64,
    /// So many at once.
    pub burst: f64,
}

/// A WebSocket API.
#[derive(Debug, Clone, PartialEq)]
pub struct WebSocketApi {
    /// Its logical id.
    pub id: String,
    /// Its physical id, which its host begins with.
    pub api_id: String,
    /// Its stage.
    pub stage: String,
    /// `$request.body.action` and the like: where a frame names its route.
    pub route_selection: String,
    /// Its routes, by key (`$connect`, `$default`, `$disconnect`, ...), to the function behind each.
    pub routes: BTreeMap<String, String>,
    /// How many requests its routes take, by key; a route without an entry takes any.
    pub throttling: BTreeMap<String, Throttling>,
    /// Variables that each event carries.
    pub stage_variables: BTreeMap<String, String>,
}

/// A trigger: a stream's records, batched, to a function.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamTrigger {
    /// Its name: function and event, `Stream.OrderChanged`.
    pub id: String,
    /// The logical id of the table whose stream it reads.
    pub table: String,
    /// The function that it invokes.
    pub function: String,
    /// `TRIM_HORIZON` or `LATEST`.
    pub starting_position: StartingPosition,
    /// The most records in one invocation (1 to 10,000).
    pub batch_size: usize,
    /// How many batches of different items may be under way at once (1 to 10).
    pub parallelization_factor: u32,
    /// How long it gathers records before it invokes.
    pub batching_window: Duration,
    /// How often a failing batch is tried again; `None` is without end, as the default is.
    pub maximum_retries: Option<u32>,
    /// How old a record may get; `None` is without end, as the default is.
    pub maximum_age: Option<Duration>,
    /// Whether a failing batch is split in two.
    pub bisect: bool,
    /// Whether the function's answer may name the records that failed.
    pub partial_responses: bool,
    /// Filter patterns, of which a record must match one; empty lets everything through.
    pub filters: Vec<Pattern>,
    /// The queue that takes what was given up on, by logical id.
    pub on_failure: Option<String>,
}

/// Where a trigger that has no checkpoint begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartingPosition {
    /// At the oldest record.
    TrimHorizon,
    /// After the newest record.
    Latest,
}

/// A schedule, which AWS calls a rule: a function is invoked every so often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its name: function and event, `KeepAlive.EveryNineMinutes`.
    pub id: String,
    /// The function that it invokes.
    pub function: String,
    /// How often: `rate(9 minutes)`.
    pub every: Duration,
    /// What becomes of an event at which the function fails.
    pub invocation: AsynchronousInvocation,
}

/// An SQS queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue {
    /// Its logical id.
    pub id: String,
}

/// A CloudFront distribution: which paths go to which API.
#[derive(Debug, Clone, PartialEq)]
pub struct Cdn {
    /// Its logical id.
    pub id: String,
    /// Its public host, as `GetAtt DomainName` gives it.
    pub domain: String,
    /// Cache behaviours in order: a path pattern (`/socket.io/*`) and what stands behind it.
    pub behaviours: Vec<(String, Origin)>,
    /// What stands behind all other paths.
    pub default: Origin,
}

/// An API behind a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The logical id of the API.
    pub api: String,
    /// The headers that every request gets on the way, whatever its sender put there.
    pub headers: Vec<(String, String)>,
    /// Whether answers are kept: Managed-CachingOptimized.
    pub cached: bool,
    /// The headers that every response gets on the way back: its response headers policy.
    pub response_headers: Vec<ResponseHeader>,
}

/// A header that a distribution adds to responses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseHeader {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether it takes the place of one that the API has sent.
    pub overrides: bool,
}
