//! What is counted of pushes: whom they reached, and how long after the write.

use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use notes::Timestamp;
use socketio::DeliveryReport;
use telemetry::metrics::Metrics;

/// Begins to count.
pub(crate) fn start() -> Result<Metrics, lambda_runtime::Error> {
    let metrics = Metrics::start()?;
    for (name, what) in [
        ("PushesReached", "sockets that have what was pushed"),
        ("PushesGone", "sockets that were gone"),
        ("PushesClosed", "sockets that could not be reached or had expired, and were closed"),
        ("PushesMissed", "sockets that were neither reached nor closed"),
    ] {
        describe_counter!(name, Unit::Count, what);
    }
    describe_histogram!("PushDelay", Unit::Milliseconds, "from a write to the end of its pushes");
    Ok(metrics)
}

/// Counts whom a push reached.
pub(crate) fn pushed(to: DeliveryReport) {
    for (name, sockets) in [
        ("PushesReached", to.reached),
        ("PushesGone", to.gone),
        ("PushesClosed", to.closed),
        ("PushesMissed", to.missed),
    ] {
        counter!(name).increment(sockets as u64);
    }
}

/// Takes down how long ago something was written of which everybody has heard now.
///
/// By the row's own time, to the millisecond: a record's `ApproximateCreationDateTime` is in whole seconds, which is
/// more than a push takes. It was set by another machine, just before the write; Lambda's clocks agree to within a few
/// milliseconds.
pub(crate) fn delayed(since: Timestamp) {
    let delay = since.until(Timestamp::now());
    histogram!("PushDelay").record(delay.as_secs_f64() * 1000.0);
}
