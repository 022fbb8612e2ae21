//! Invocations, for the console.

use std::time::Duration;

/// The function that handled an event, and the request id.
#[derive(Debug, Clone, Default)]
pub struct Served {
    /// The function's logical id.
    pub function: String,
    /// API Gateway's request id, or Lambda's for batches and schedules. The function's log contains the same id.
    pub request_id: String,
}

/// A finished invocation.
#[derive(Debug)]
pub(crate) struct Invoked<'a> {
    pub(crate) served: Served,
    pub(crate) took: Duration,
    pub(crate) event: &'a [u8],
    /// The response of the function, or its error.
    pub(crate) answer: Result<&'a [u8], &'a str>,
    /// Lambda's `REPORT` line.
    pub(crate) report: &'a str,
}
