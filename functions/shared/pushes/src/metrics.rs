//! Metrics of pushes: the sockets that they reached, and the delay after the write.

use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use notes::Timestamp;
use socketio::DeliveryReport;

/// The metrics that a function with pushes counts.
pub const METRICS: &[&str] = &[REACHED, GONE, CLOSED, MISSED, DELAY];

const REACHED: &str = "PushesReached";
const GONE: &str = "PushesGone";
const CLOSED: &str = "PushesClosed";
const MISSED: &str = "PushesMissed";
const DELAY: &str = "PushDelay";

/// Describes the metrics of pushes. Call it after the metrics of the process have started.
pub fn describe() {
    for (name, description) in [
        (REACHED, "sockets that received the push"),
        (GONE, "sockets that were gone"),
        (CLOSED, "sockets that were closed, because they could not be reached or had expired"),
        (MISSED, "sockets that could be neither reached nor closed"),
    ] {
        describe_counter!(name, Unit::Count, description);
    }
    describe_histogram!(DELAY, Unit::Milliseconds, "from a write to the end of its pushes");
}

/// Counts the sockets of a push by outcome.
pub fn count(report: DeliveryReport) {
    for (name, sockets) in
        [(REACHED, report.reached), (GONE, report.gone), (CLOSED, report.closed), (MISSED, report.missed)]
    {
        counter!(name).increment(sockets as u64);
    }
}

/// Records the time from a write to the end of its pushes.
///
/// It uses the row's own time, to the millisecond. A record's `ApproximateCreationDateTime` is in whole seconds, which is
/// longer than a push takes. Another machine set the row's time just before the write. The clocks of Lambda agree to
/// within a few milliseconds.
pub fn record_delay(since: Timestamp) {
    let delay = since.until(Timestamp::now());
    histogram!(DELAY).record(delay.as_secs_f64() * 1000.0);
}
