//! Rules: which fault, for which calls, at which rate.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The default delay of slow calls: visible, and shorter than any timeout.
const SLOW: Duration = Duration::from_secs(1);

/// A rule. It applies to every matching call. Narrow it with the optional fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// The fault to inject.
    pub fault: Fault,
    /// Only calls by, or invocations of, the function with this logical id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// Only this operation: `PutItem`, or a method of `@connections`, with `POST` as the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Only this table (with its indexes), index, connection, or the stream of this table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// Share of the matching calls, from 0 (none) to 1 (all, the default).
    #[serde(default = "always")]
    pub rate: f64,
    /// Maximum number of injections. No limit by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Delay in milliseconds. The default is 1,000 for slow and late faults, 0 for others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
}

fn always() -> f64 {
    1.0
}

/// A kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// DynamoDB does nothing, and responds with `ProvisionedThroughputExceededException`.
    DynamodbThrottled,
    /// DynamoDB does nothing, and responds with 500 `InternalServerError`.
    DynamodbFailing,
    /// DynamoDB executes the call and responds with 500. The caller cannot tell it from a call that had no effect.
    DynamodbAnswerLost,
    /// DynamoDB responds after the delay.
    DynamodbSlow,
    /// `@connections` responds with 410 `GoneException` for an open connection.
    PostGone,
    /// `@connections` responds with 429 `LimitExceededException`.
    PostThrottled,
    /// `@connections` responds with 500.
    PostFailing,
    /// `@connections` responds after the delay.
    PostSlow,
    /// `@connections` responds with 200, and the frame is dropped.
    PostLost,
    /// A function's process is killed before it receives the event.
    FunctionKilledBefore,
    /// A function's process is killed during the invocation, after the delay.
    FunctionKilledDuring,
    /// A function's process is killed after the invocation, and its response is lost.
    FunctionKilledAfter,
    /// A trigger delivers a batch twice.
    RecordsTwice,
    /// A trigger delivers a batch after the delay.
    RecordsLate,
    /// A trigger reorders the records of a batch. Records of one item keep their order.
    RecordsReordered,
    /// `$disconnect` is not sent.
    DisconnectUnsent,
    /// A client's connection breaks at its next frame, in either direction.
    ClientCutOff,
    /// Expired items stay. AWS may take hours to delete them.
    ExpiryLate,
}

/// A point at which faults are injected. Each fault belongs to one point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultPoint {
    /// A call at DynamoDB's endpoint.
    DynamoDb,
    /// A call of `@connections`.
    Connections,
    /// An invocation of a function.
    Invocation,
    /// A batch that a trigger delivers.
    Batch,
    /// The end of a connection.
    Disconnect,
    /// A frame between client and gateway.
    Frame,
    /// The deletion of expired items.
    Expiry,
}

/// The call at a fault point.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// The function that calls or is invoked.
    pub function: &'a str,
    /// The operation, or nothing where there is only one.
    pub operation: &'a str,
    /// The tables, indexes or connections that it names.
    pub resources: &'a [String],
}

/// An invalid rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// The rate is outside 0 to 1.
    #[error("`rate` is a share from 0 (never) to 1 (always)")]
    Rate,
    /// The field does not apply to this fault.
    #[error("`{0}` does not apply to this fault: remove it")]
    Idle(&'static str),
    /// `@connections` has no such method.
    #[error("`operation` of this fault is POST, GET or DELETE")]
    Method,
}

impl Rule {
    /// Creates a rule for every call of its fault point.
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

    /// Limits the rule to a function.
    #[must_use]
    pub fn function(self, function: &str) -> Self {
        Self { function: Some(function.to_owned()), ..self }
    }

    /// Limits the rule to an operation.
    #[must_use]
    pub fn operation(self, operation: &str) -> Self {
        Self { operation: Some(operation.to_owned()), ..self }
    }

    /// Limits the rule to a table, index, connection or stream.
    #[must_use]
    pub fn resource(self, resource: &str) -> Self {
        Self { resource: Some(resource.to_owned()), ..self }
    }

    /// Limits the rule to a share of the calls, from 0 to 1.
    #[must_use]
    pub fn rate(self, rate: f64) -> Self {
        Self { rate, ..self }
    }

    /// Limits the number of injections.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }

    /// Sets the delay in milliseconds.
    #[must_use]
    pub fn delay_ms(self, delay: u64) -> Self {
        Self { delay_ms: Some(delay), ..self }
    }

    /// Checks that the rule can apply to some call.
    ///
    /// # Errors
    /// If the rate is outside 0 to 1, or a field does not apply to the fault.
    pub(super) fn check(&self) -> Result<(), RuleError> {
        if !(0.0..=1.0).contains(&self.rate) {
            return Err(RuleError::Rate);
        }
        match (self.fault.point(), self.operation.as_deref()) {
            (_, None)
            | (FaultPoint::DynamoDb, _)
            | (FaultPoint::Connections, Some("POST" | "GET" | "DELETE")) => {}
            (FaultPoint::Connections, _) => return Err(RuleError::Method),
            _ => return Err(RuleError::Idle("operation")),
        }
        match self.fault.point() {
            FaultPoint::Disconnect | FaultPoint::Frame | FaultPoint::Expiry if self.function.is_some() => {
                Err(RuleError::Idle("function"))
            }
            FaultPoint::Invocation | FaultPoint::Expiry if self.resource.is_some() => {
                Err(RuleError::Idle("resource"))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn matches(&self, point: FaultPoint, site: &Site<'_>) -> bool {
        let operation = match (&self.operation, point) {
            (Some(operation), _) => operation == site.operation,
            (None, FaultPoint::Connections) => site.operation == "POST",
            (None, _) => true,
        };
        self.fault.point() == point
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
    pub(super) fn point(self) -> FaultPoint {
        match self {
            Self::DynamodbThrottled
            | Self::DynamodbFailing
            | Self::DynamodbAnswerLost
            | Self::DynamodbSlow => FaultPoint::DynamoDb,
            Self::PostGone | Self::PostThrottled | Self::PostFailing | Self::PostSlow | Self::PostLost => {
                FaultPoint::Connections
            }
            Self::FunctionKilledBefore | Self::FunctionKilledDuring | Self::FunctionKilledAfter => {
                FaultPoint::Invocation
            }
            Self::RecordsTwice | Self::RecordsLate | Self::RecordsReordered => FaultPoint::Batch,
            Self::DisconnectUnsent => FaultPoint::Disconnect,
            Self::ClientCutOff => FaultPoint::Frame,
            Self::ExpiryLate => FaultPoint::Expiry,
        }
    }

    /// Returns whether the call succeeds after its delay.
    pub(super) fn only_delays(self) -> bool {
        matches!(self, Self::DynamodbSlow | Self::PostSlow | Self::RecordsLate)
    }
}

/// Returns whether a resource is `whole` or an index of it.
fn is_part_of(resource: &str, whole: &str) -> bool {
    resource.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
