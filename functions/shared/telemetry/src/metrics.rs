//! Metrics in CloudWatch's embedded format: lines of JSON in the log, from which CloudWatch makes metrics. They cause
//! no call, and no delay.
//!
//! Functions count with the macros of the crate [`metrics`], and [`write`](Metrics::write) the counts before an
//! invocation ends. Labels become dimensions. Each combination of their values is a metric, and costs money: use
//! routes and statuses, never keys or names.
//!
//! A function with JSON logs may write them as well: Lambda does not encode JSON again.
//! (<https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html>) A line without a level
//! counts as INFO, so a function's log level must not be above that.

use std::io::{self, Write};

use metrics_cloudwatch_embedded::{Builder, Collector};
use tracing::warn;

/// The namespace of all metrics in CloudWatch.
pub const NAMESPACE: &str = "Notes";

/// The counts since the last write.
#[derive(Clone, Copy)]
pub struct Metrics {
    collector: &'static Collector,
}

impl Metrics {
    /// Starts the metrics of the process. Without this, nothing is counted.
    ///
    /// # Errors
    /// If metrics were started before.
    pub fn start() -> Result<Self, metrics_cloudwatch_embedded::Error> {
        let collector = Builder::new().cloudwatch_namespace(NAMESPACE).init()?;
        Ok(Self { collector })
    }

    /// Writes the counts to standard output, a line for each set of dimensions, with the id of the request.
    pub fn write(&self, request_id: &str) {
        // The lock lasts for the whole line, which is written in pieces.
        if let Err(error) = self.write_to(io::stdout().lock(), request_id) {
            warn!(%error, "metrics could not be written: {error}");
        }
    }

    /// Writes the counts to `to`.
    ///
    /// # Errors
    /// If writing fails.
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
    fn counts_are_written_once_in_the_embedded_metric_format() {
        let metrics = Metrics::start().unwrap();
        assert_eq!(written(metrics, "r1"), [] as [Value; 0]);
        counter!("Requests", "Route" => "/api/boards/team/notes").increment(2);
        histogram!("Duration", "Route" => "/api/boards/team/notes").record(1.5);
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
                "Route": "/api/boards/team/notes", "requestId": "r2", "Requests": 2, "Duration": [1.5],
            })]
        );
        assert_eq!(written(metrics, "r3"), [] as [Value; 0]);
        assert!(Metrics::start().is_err(), "metrics are started already");
    }
}
