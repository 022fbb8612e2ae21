//! Log lines: JSON or text, as Lambda's settings have it, each with the request that it belongs to.
//!
//! A line's request is its span ([`request`]), which each function puts around all that it does for one event. One
//! query finds a request in the log of any function: `span.requestId`.

use std::env;
use std::fmt::Display;

use tracing::field::{Empty, display};
use tracing::{Level, Span, error_span};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::panics;

/// Whose lines the level is for. Of all others come those that matter to an operator: further down, the SDK and the
/// runtime write what they send and receive, which is passwords, cookies and notes. No setting turns that on.
const OURS: [&str; 7] = [
    "http_function",
    "keepalive_function",
    "notes",
    "socketio",
    "stream_function",
    "telemetry",
    "websocket_function",
];

/// Begins to write log lines to standard output: as JSON if Lambda is told so (`LoggingConfig`), else as text; from the
/// level that `RUST_LOG` names, as on a laptop, or else `AWS_LAMBDA_LOG_LEVEL`, or else INFO.
///
/// This is not the runtime's own subscriber, as its lines have no timestamp: Lambda, which filters lines by level too,
/// takes one without for INFO, and would withhold errors where only warnings and errors are wanted.
/// (<https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>)
pub fn start() {
    let json = env::var("AWS_LAMBDA_LOG_FORMAT").is_ok_and(|format| format.eq_ignore_ascii_case("json"));
    let level = |name| env::var(name).ok()?.parse().ok();
    let level = level("RUST_LOG").or_else(|| level("AWS_LAMBDA_LOG_LEVEL")).unwrap_or(Level::INFO);
    let wanted =
        Targets::new().with_default(level.min(Level::INFO)).with_targets(OURS.map(|our| (our, level)));
    let lines = tracing_subscriber::registry().with(wanted);
    if json {
        // The innermost span alone: it names the request, and what is known of it.
        lines.with(fmt::layer().json().flatten_event(true).with_target(false).with_span_list(false)).init();
    } else {
        lines.with(fmt::layer().without_time().with_target(false)).init();
    }
    panics::log();
}

/// The span of all that is done for a request, by the gateway's name for it, or Lambda's where there is no gateway.
#[must_use]
pub fn request(id: &str) -> Span {
    // There is one however few lines are wanted: the level is the span's, not that of the lines in it.
    error_span!("request", requestId = id, user = Empty)
}

/// Notes who is behind the request, in each of its lines from here on. For who has proved it: what a stranger types for a
/// username may be a password.
pub fn user(name: impl Display) {
    Span::current().record("user", display(name));
}
