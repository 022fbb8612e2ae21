//! The meter: counts the usage that AWS would bill. It knows no prices.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Sizes per billed unit: HTTP APIs bill each 512 KB of a request, WebSocket APIs each 32 KB of a message.
/// <https://aws.amazon.com/api-gateway/pricing/>
const HTTP_STEP: usize = 512 * 1024;
const MESSAGE_STEP: usize = 32 * 1024;

/// Counts usage. Cheap to clone; clones share the counts.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    usage: Arc<Mutex<Usage>>,
}

/// Usage in the units that AWS bills.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Usage {
    /// Requests to the CloudFront distribution.
    pub front_door_requests: u64,
    /// Bytes sent to viewers: bodies and frames.
    pub bytes_out: u64,
    /// Requests to HTTP APIs.
    pub http_requests: u64,
    /// Messages of WebSocket APIs, in both directions.
    pub messages: u64,
    /// Connection time of clients. Open connections are not included.
    pub connection_seconds: f64,
    /// Invocations of functions.
    pub invocations: u64,
    /// Duration of the invocations times memory, in GB-seconds.
    pub gb_seconds: f64,
    /// Read request units of DynamoDB.
    pub read_units: f64,
    /// Write request units of DynamoDB.
    pub write_units: f64,
    /// Bytes that functions logged.
    pub log_bytes: u64,
}

impl Meter {
    /// Creates a meter that continues the counts of an earlier run.
    #[must_use]
    pub fn from(usage: Usage) -> Self {
        Self { usage: Arc::new(Mutex::new(usage)) }
    }

    /// Returns the counts so far.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.lock().clone()
    }

    /// Counts a response of the CDN, and a request if it came through the distribution.
    pub fn passed(&self, by_distribution: bool, bytes: u64) {
        let mut usage = self.lock();
        usage.front_door_requests += u64::from(by_distribution);
        usage.bytes_out += bytes;
    }

    /// Counts a request to an HTTP API with its size in bytes.
    pub fn http_request(&self, bytes: usize) {
        self.lock().http_requests += steps(bytes, HTTP_STEP);
    }

    /// Counts a frame from a client.
    pub fn received(&self, bytes: usize) {
        self.lock().messages += steps(bytes, MESSAGE_STEP);
    }

    /// Counts a frame to a client.
    pub fn sent(&self, bytes: usize) {
        let mut usage = self.lock();
        usage.messages += steps(bytes, MESSAGE_STEP);
        usage.bytes_out += bytes as u64;
    }

    /// Counts an ended connection.
    pub fn connected(&self, lasted: Duration) {
        self.lock().connection_seconds += lasted.as_secs_f64();
    }

    /// Counts an invocation with its duration, including the cold start. Lambda bills whole milliseconds.
    pub fn invoked(&self, memory_mb: u32, took: Duration) {
        let mut usage = self.lock();
        usage.invocations += 1;
        usage.gb_seconds += f64::from(memory_mb) / 1024.0 * (took.as_secs_f64() * 1000.0).ceil() / 1000.0;
    }

    /// Counts read request units of DynamoDB.
    pub fn read(&self, units: f64) {
        self.lock().read_units += units;
    }

    /// Counts write request units of DynamoDB.
    pub fn wrote(&self, units: f64) {
        self.lock().write_units += units;
    }

    /// Counts a log line of a function with its size in bytes.
    pub fn logged(&self, bytes: usize) {
        self.lock().log_bytes += bytes as u64;
    }

    // The counts stay usable after a panic elsewhere: each change is a few additions.
    fn lock(&self) -> MutexGuard<'_, Usage> {
        self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the number of billed units, at least one.
fn steps(bytes: usize, step: usize) -> u64 {
    bytes.div_ceil(step).max(1) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_message_counts_several_times() {
        let meter = Meter::default();
        meter.http_request(0);
        meter.http_request(512 * 1024 + 1);
        meter.received(32 * 1024);
        meter.sent(32 * 1024 + 1);
        let usage = meter.usage();
        assert_eq!((usage.http_requests, usage.messages, usage.bytes_out), (3, 3, 32 * 1024 + 1));
    }

    #[test]
    fn time_is_counted_in_whole_milliseconds_by_memory() {
        let meter = Meter::default();
        meter.invoked(512, Duration::from_micros(1_100));
        let usage = meter.usage();
        assert_eq!(usage.invocations, 1);
        assert!((usage.gb_seconds - 0.001).abs() < 1e-12, "{usage:?}");
    }
}
