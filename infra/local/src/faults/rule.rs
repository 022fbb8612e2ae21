//! Rules: what goes wrong, for whom, and how often.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long what is slow takes, unless the rule says: long enough to be seen, and too short for any timeout.
const SLOW: Duration = Duration::from_secs(1);

/// A rule. It applies to everything of its kind, but for what it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// What goes wrong.
    pub fault: Fault,
    /// Only calls by, or invocations of, the function with this logical id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// Only this operation: `PutItem`, or a method of `@connections`, where `POST` is meant if nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Only this table (with its indexes), index, connection, or the stream of this table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// How many of them: from 0, none, to 1, all.
    #[serde(default = "always")]
    pub rate: f64,
    /// How often at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// How many milliseconds it takes until it happens; for what is slow or late a second if nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
}

fn always() -> f64 {
    1.0
}

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// DynamoDB does nothing, and answers `ProvisionedThroughputExceededException`.
    DynamodbThrottled,
    /// DynamoDB does nothing, and answers 500 `InternalServerError`.
    DynamodbFailing,
    /// DynamoDB does what was asked, and answers 500 all the same: nobody can tell that from doing nothing.
    DynamodbAnswerLost,
    /// DynamoDB takes its time.
    DynamodbSlow,
    /// `@connections` answers 410 `GoneException`, though the connection stands.
    PostGone,
    /// `@connections` answers 429 `LimitExceededException`.
    PostThrottled,
    /// `@connections` answers 500.
    PostFailing,
    /// `@connections` takes its time.
    PostSlow,
    /// `@connections` answers 200, and the client never gets the frame.
    PostLost,
    /// A function's process is killed before it is given the event.
    FunctionKilledBefore,
    /// A function's process is killed in the midst of its work, after the delay.
    FunctionKilledDuring,
    /// A function's process is killed when it has done its work, and its answer is lost.
    FunctionKilledAfter,
    /// A trigger's batch is given to the function twice.
    RecordsTwice,
    /// A trigger's batch comes late.
    RecordsLate,
    /// The records of a batch come in another order, but for those of one item.
    RecordsReordered,
    /// `$disconnect` is not sent.
    DisconnectUnsent,
    /// A client's connection breaks off instead of carrying its next frame, in either direction.
    ClientCutOff,
    /// Items that have expired are not deleted. On AWS it may take hours until they are.
    ExpiryLate,
}

/// Where something may go wrong: each place asks for faults of its own kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A call at DynamoDB's endpoint.
    DynamoDb,
    /// A call of `@connections`.
    Connections,
    /// An invocation that is given to a process.
    Invocation,
    /// A batch that a trigger delivers.
    Batch,
    /// The end of a connection.
    Disconnect,
    /// A frame on its way.
    Frame,
    /// The deletion of expired items.
    Expiry,
}

/// What is about to be done there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site<'a> {
    /// The function that calls or is invoked.
    pub(crate) function: &'a str,
    /// The operation, or nothing where there is only one.
    pub(crate) operation: &'a str,
    /// What it touches.
    pub(crate) resources: &'a [String],
}

/// Why a rule is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// The rate is no share.
    #[error("`rate` is a share from 0 (never) to 1 (always)")]
    Rate,
    /// Nothing of the rule's kind has what it asks for.
    #[error("`{0}` says nothing of such a fault: leave it out")]
    Idle(&'static str),
    /// Nothing of the rule's kind is called that.
    #[error("`operation` of such a fault is POST, GET or DELETE")]
    Method,
}

impl Rule {
    /// Always, for everything of its kind.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            function: None,
            operation: None,
            resource: None,
            rate: 1.0,
            times: None,
            delay_ms: None,
        }
    }

    /// Only for this function.
    #[must_use]
    pub fn function(self, function: &str) -> Self {
        Self { function: Some(function.to_owned()), ..self }
    }

    /// Only for this operation.
    #[must_use]
    pub fn operation(self, operation: &str) -> Self {
        Self { operation: Some(operation.to_owned()), ..self }
    }

    /// Only for this table, index, connection or stream.
    #[must_use]
    pub fn resource(self, resource: &str) -> Self {
        Self { resource: Some(resource.to_owned()), ..self }
    }

    /// Only for this share of them.
    #[must_use]
    pub fn rate(self, rate: f64) -> Self {
        Self { rate, ..self }
    }

    /// At most so often.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }

    /// After so many milliseconds.
    #[must_use]
    pub fn delay_ms(self, delay: u64) -> Self {
        Self { delay_ms: Some(delay), ..self }
    }

    /// Finds what can never come true.
    pub(super) fn check(&self) -> Result<(), RuleError> {
        if !(0.0..=1.0).contains(&self.rate) {
            return Err(RuleError::Rate);
        }
        match (self.fault.place(), self.operation.as_deref()) {
            (_, None) | (Place::DynamoDb, _) | (Place::Connections, Some("POST" | "GET" | "DELETE")) => {}
            (Place::Connections, _) => return Err(RuleError::Method),
            _ => return Err(RuleError::Idle("operation")),
        }
        match self.fault.place() {
            Place::Disconnect | Place::Frame | Place::Expiry if self.function.is_some() => {
                Err(RuleError::Idle("function"))
            }
            Place::Invocation | Place::Expiry if self.resource.is_some() => Err(RuleError::Idle("resource")),
            _ => Ok(()),
        }
    }

    pub(super) fn is_about(&self, place: Place, site: &Site<'_>) -> bool {
        let operation = match (&self.operation, place) {
            (Some(operation), _) => operation == site.operation,
            (None, Place::Connections) => site.operation == "POST",
            (None, _) => true,
        };
        self.fault.place() == place
            && operation
            && self.function.as_ref().is_none_or(|function| function == site.function)
            && self.resource.as_ref().is_none_or(|own| site.resources.iter().any(|one| is_part_of(one, own)))
    }

    pub(super) fn delay(&self) -> Duration {
        match self.delay_ms {
            Some(delay) => Duration::from_millis(delay),
            None if self.fault.only_delays() => SLOW,
            None => Duration::ZERO,
        }
    }
}

impl Fault {
    pub(super) fn place(self) -> Place {
        match self {
            Self::DynamodbThrottled
            | Self::DynamodbFailing
            | Self::DynamodbAnswerLost
            | Self::DynamodbSlow => Place::DynamoDb,
            Self::PostGone | Self::PostThrottled | Self::PostFailing | Self::PostSlow | Self::PostLost => {
                Place::Connections
            }
            Self::FunctionKilledBefore | Self::FunctionKilledDuring | Self::FunctionKilledAfter => {
                Place::Invocation
            }
            Self::RecordsTwice | Self::RecordsLate | Self::RecordsReordered => Place::Batch,
            Self::DisconnectUnsent => Place::Disconnect,
            Self::ClientCutOff => Place::Frame,
            Self::ExpiryLate => Place::Expiry,
        }
    }

    /// Whether it comes right in the end.
    pub(super) fn only_delays(self) -> bool {
        matches!(self, Self::DynamodbSlow | Self::PostSlow | Self::RecordsLate)
    }
}

/// Whether a resource is this one, or belongs to it.
fn is_part_of(resource: &str, whole: &str) -> bool {
    resource.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
