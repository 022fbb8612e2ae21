//! Invocations, as the console prints them.

use std::time::Duration;

/// Whom an event was given to, and by which name it goes there.
#[derive(Debug, Clone, Default)]
pub struct Served {
    /// The function's logical id.
    pub function: String,
    /// API Gateway's id of the request; of a batch or a schedule, Lambda's: what the function's log lines name, too.
    pub request_id: String,
}

/// An invocation that is over.
#[derive(Debug)]
pub(crate) struct Invoked<'a> {
    pub(crate) served: Served,
    pub(crate) took: Duration,
    pub(crate) event: &'a [u8],
    /// What the function answered, or why it did not.
    pub(crate) answer: Result<&'a [u8], &'a str>,
    /// The line with which Lambda closes an invocation in the function's log.
    pub(crate) report: &'a str,
}
