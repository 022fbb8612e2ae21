//! What is said and counted of an invocation that is over, as Lambda's `REPORT` lines do.

use axum::body::Bytes;
use serde::Deserialize;
use tokio::time::Instant;

use super::{InvokeError, Pool};
use crate::console::{Invoked, Served};

/// An invocation under way.
#[derive(Debug)]
pub(super) struct Execution {
    pub(super) request_id: String,
    pub(super) event: Bytes,
    /// The cold start's beginning, if there was one for it.
    pub(super) billed_from: Instant,
}

/// The part of a gateway's event that names its request.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Gateways {
    request_context: Option<Context>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Context {
    request_id: Option<String>,
}

impl Pool {
    /// Counts it, and shows it to whom it interests.
    pub(super) fn report(&self, execution: &Execution, outcome: &Result<Bytes, InvokeError>) {
        let took = execution.billed_from.elapsed();
        self.meter.invoked(self.function.memory_mb, took);
        let error = outcome.as_ref().err().map(ToString::to_string).unwrap_or_default();
        let answer = outcome.as_ref().map(|answer| &**answer).map_err(|_| error.as_str());
        let request_id = gateways(&execution.event).unwrap_or_else(|| execution.request_id.clone());
        let served = Served { function: self.function.id.clone(), request_id };
        self.console.invoked(&Invoked { served, took, event: &execution.event, answer });
    }
}

/// API Gateway's id of a request, if it was one.
fn gateways(event: &[u8]) -> Option<String> {
    serde_json::from_slice::<Gateways>(event).ok()?.request_context?.request_id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_goes_by_the_gateways_id_and_a_batch_by_lambdas() {
        assert_eq!(gateways(br#"{"requestContext":{"requestId":"JKJ"},"body":"x"}"#).as_deref(), Some("JKJ"));
        assert_eq!(gateways(br#"{"Records":[]}"#), None);
        assert_eq!(gateways(b"3"), None);
    }
}
