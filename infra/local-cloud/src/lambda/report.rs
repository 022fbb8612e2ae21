//! The report of a finished invocation: Lambda's `REPORT` line, and the meter.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use axum::body::Bytes;
use serde::Deserialize;
use tokio::time::Instant;

use super::error::InvokeError;
use super::pool::Pool;
use crate::console::{Invoked, Served};

/// An invocation under way.
#[derive(Debug)]
pub(super) struct Execution {
    pub(super) request_id: String,
    pub(super) event: Bytes,
    pub(super) began: Instant,
    /// Duration of the cold start, if this invocation is the first after one. AWS bills both together.
    pub(super) init: Option<Duration>,
}

/// The part of a gateway's event that names its request.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct GatewayEvent {
    request_context: Option<Context>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Context {
    request_id: Option<String>,
}

impl Pool {
    /// Meters an invocation and prints its report. `used` is the most memory that its process has used so far, in MB,
    /// if the system reports it.
    pub(super) fn report(
        &self,
        execution: &Execution,
        outcome: &Result<Bytes, InvokeError>,
        used: Option<u64>,
    ) {
        let took = execution.began.elapsed();
        let Execution { request_id, event, init, .. } = execution;
        let memory = self.function.memory_mb;
        let failure = outcome.as_ref().err();
        let report = Report { request_id, took, memory, used, init: *init, failure }.to_string();
        let billed = took + init.unwrap_or_default();
        self.watchers.meter.invoked(memory, billed);
        let error = failure.map(ToString::to_string).unwrap_or_default();
        let answer = outcome.as_ref().map(|answer| &**answer).map_err(|_| error.as_str());
        let request_id = gateway_request_id(event).unwrap_or_else(|| request_id.clone());
        let served = Served { function: self.function.id.clone(), request_id };
        self.watchers.console.invoked(&Invoked { served, took: billed, event, answer, report: &report });
    }
}

/// Returns API Gateway's id of the request, if the event comes from API Gateway.
fn gateway_request_id(event: &[u8]) -> Option<String> {
    serde_json::from_slice::<GatewayEvent>(event).ok()?.request_context?.request_id
}

/// Lambda's `REPORT` line, which ends an invocation in the log.
#[derive(Debug)]
struct Report<'a> {
    request_id: &'a str,
    took: Duration,
    /// In MB.
    memory: u32,
    /// In MB, if the system reports it.
    used: Option<u64>,
    /// Duration of the cold start, if this invocation was the first after one.
    init: Option<Duration>,
    failure: Option<&'a InvokeError>,
}

impl Display for Report<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
        // AWS bills the init time with the first invocation, rounded up to a millisecond.
        let billed = (self.took + self.init.unwrap_or_default()).as_micros().div_ceil(1000);
        let Self { request_id, took, memory, .. } = self;
        write!(f, "REPORT RequestId: {request_id}\tDuration: {:.2} ms\t", milliseconds(*took))?;
        write!(f, "Billed Duration: {billed} ms\tMemory Size: {memory} MB\t")?;
        if let Some(used) = self.used {
            write!(f, "Max Memory Used: {} MB\t", used.min(u64::from(self.memory)))?;
        }
        if let Some(init) = self.init {
            write!(f, "Init Duration: {:.2} ms\t", milliseconds(init))?;
        }
        match self.failure {
            Some(InvokeError::Timeout(_)) => write!(f, "Status: timeout"),
            Some(InvokeError::OutOfMemory) => write!(f, "Status: error\tError Type: Runtime.OutOfMemory"),
            Some(InvokeError::Exit(_)) => write!(f, "Status: error\tError Type: Runtime.ExitError"),
            // An error that the handler returned is not a failure of Lambda.
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_the_gateways_id_and_a_batch_has_lambdas() {
        let request = br#"{"requestContext":{"requestId":"JKJ"},"body":"x"}"#;
        assert_eq!(gateway_request_id(request).as_deref(), Some("JKJ"));
        assert_eq!(gateway_request_id(br#"{"Records":[]}"#), None);
        assert_eq!(gateway_request_id(b"3"), None);
    }

    #[test]
    fn a_cold_start_is_billed_and_reported() {
        let report = Report {
            request_id: "id",
            took: Duration::from_micros(1_500),
            memory: 128,
            used: Some(20),
            init: Some(Duration::from_micros(10_250)),
            failure: None,
        };
        assert_eq!(
            report.to_string(),
            "REPORT RequestId: id\tDuration: 1.50 ms\tBilled Duration: 12 ms\tMemory Size: 128 MB\t\
             Max Memory Used: 20 MB\tInit Duration: 10.25 ms\t"
        );
    }
}
