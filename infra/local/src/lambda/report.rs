//! The line with which Lambda closes each invocation in a function's log.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use super::InvokeError;

/// What an invocation took.
#[derive(Debug)]
pub(super) struct Report<'a> {
    pub(super) request_id: &'a str,
    pub(super) took: Duration,
    /// In MB.
    pub(super) memory: u32,
    /// In MB, where the system says.
    pub(super) used: Option<u64>,
    /// How long the cold start took, if this invocation was the first after one.
    pub(super) init: Option<Duration>,
    pub(super) failure: Option<&'a InvokeError>,
}

impl Display for Report<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
        // Init is billed with the first invocation, all of it in whole milliseconds.
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
            // What the handler itself answered is no failure of Lambda's.
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cold_start_is_billed_and_told() {
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
