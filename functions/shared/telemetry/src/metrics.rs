//! Metrics, in CloudWatch's embedded format: lines of JSON among the log's, from which CloudWatch makes metrics. No call
//! is made for them, and nobody waits.
//!
//! Functions count with the macros of the crate [`metrics`], and [`write`](Metrics::write) what they counted
//! before an invocation ends. Its labels become dimensions. Each combination of their values is a metric of its own, and
//! is paid for: they are routes and statuses, never keys or names.
//!
//! A function whose log format is JSON may write them as well: Lambda does not encode again what is JSON already.
//! (<https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html>) A line without a level
//! counts as INFO there, so the log level of a function must not be above that.

use std::io::{self, Write};

use metrics_cloudwatch_embedded::{Builder, Collector};
use tracing::warn;

/// Where all metrics are found in CloudWatch.
pub const NAMESPACE: &str = "Notes";

/// What was counted since it was last written.
#[derive(Clone, Copy)]
pub struct Metrics {
    collector: &'static Collector,
}

impl Metrics {
    /// Begins to count, for the whole process. Without this, nothing is counted.
    ///
    /// # Errors
    /// If somebody else counts already.
    pub fn start() -> Result<Self, metrics_cloudwatch_embedded::Error> {
        let collector = Builder::new().cloudwatch_namespace(NAMESPACE).init()?;
        Ok(Self { collector })
    }

    /// Writes what was counted to standard output, a line for each set of dimensions, with the request that it was
    /// counted for.
    pub fn write(&self, request_id: &str) {
        // Locked for all of a line: it is written piece by piece.
        if let Err(error) = self.write_to(io::stdout().lock(), request_id) {
            warn!(%error, "metrics could not be written: {error}");
        }
    }

    /// Writes it elsewhere.
    ///
    /// # Errors
    /// If it cannot be written there.
    pub fn write_to(&self, to: impl Write, request_id: &str) -> io::Result<()> {
        self.collector.set_property("requestId", request_id).flush(to)
    }
}

#[cfg(test)]
mod tests {
    use metrics::{counter, histogram};
    use serde_json::{Value, json};

    use super::*;

    fn written(metrics: Metrics, request_id: &str) -> Vec<Value> {
        let mut written = Vec::new();
        metrics.write_to(&mut written, request_id).unwrap();
        String::from_utf8(written).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    // One test: there is one count in a process.
    #[test]
    fn what_was_counted_is_written_once_in_the_embedded_format() {
        let metrics = Metrics::start().unwrap();
        assert_eq!(written(metrics, "r1"), [] as [Value; 0]);
        counter!("Requests", "Route" => "/api/notes").increment(2);
        histogram!("Duration", "Route" => "/api/notes").record(1.5);
        let mut lines = written(metrics, "r2");
        let time = lines[0]["_aws"]["Timestamp"].take();
        assert!(time.as_u64().is_some_and(|time| time > 1_700_000_000_000));
        let declared = json!([{
            "Namespace": "Notes",
            "Dimensions": [["Route"]],
            "Metrics": [{ "Name": "Duration" }, { "Name": "Requests" }],
        }]);
        assert_eq!(
            lines,
            [json!({
                "_aws": { "Timestamp": null, "CloudWatchMetrics": declared },
                "Route": "/api/notes", "requestId": "r2", "Requests": 2, "Duration": [1.5],
            })]
        );
        assert_eq!(written(metrics, "r3"), [] as [Value; 0]);
        assert!(Metrics::start().is_err(), "somebody counts already");
    }
}
