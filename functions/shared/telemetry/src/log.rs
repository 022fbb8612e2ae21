//! Log lines in JSON or text, each with the id of its request.
//!
//! Each function puts a span ([`request`]) around the work for one event. The query `span.requestId` finds a request
//! in any function's log.

use std::env;
use std::fmt::Display;

use tracing::field::{Empty, display};
use tracing::{Level, Span, error_span};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::panics;

/// The crates whose lines obey the log level. Other crates log from INFO only. Below that, the SDK and the runtime log
/// what they send and receive: passwords, cookies and notes. No setting enables that.
const OURS: [&str; 10] = [
    "after",
    "http_function",
    "keepalive_function",
    "merge_function",
    "notes",
    "pushes",
    "socketio",
    "stream_function",
    "telemetry",
    "websocket_function",
];

/// Starts logging to standard output.
///
/// The format is JSON if Lambda asks for it (`LoggingConfig`), and text otherwise. The level is that of `RUST_LOG`,
/// which is for laptops, or `AWS_LAMBDA_LOG_LEVEL`, or INFO.
///
/// The runtime's own subscriber writes no timestamps. Lambda, which also filters lines by level, takes a line without
/// a timestamp for INFO. It would drop errors if only warnings and errors are wanted.
/// (<https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>)
pub fn start() {
    let json = env::var("AWS_LAMBDA_LOG_FORMAT").is_ok_and(|format| format.eq_ignore_ascii_case("json"));
    let level = |name| env::var(name).ok()?.parse().ok();
    let level = level("RUST_LOG").or_else(|| level("AWS_LAMBDA_LOG_LEVEL")).unwrap_or(Level::INFO);
    let wanted =
        Targets::new().with_default(level.min(Level::INFO)).with_targets(OURS.map(|our| (our, level)));
    let lines = tracing_subscriber::registry().with(wanted);
    if json {
        // The innermost span names the request and its user.
        lines.with(fmt::layer().json().flatten_event(true).with_target(false).with_span_list(false)).init();
    } else {
        lines.with(fmt::layer().without_time().with_target(false)).init();
    }
    panics::log();
}

/// Creates the span of a request, with the gateway's id, or Lambda's if there is no gateway.
#[must_use]
pub fn request(id: &str) -> Span {
    // The span exists at every log level: its level is not that of its lines.
    error_span!("request", requestId = id, user = Empty)
}

/// Adds the user to the following lines of the request. Call it for authenticated users only: other text in a username
/// field may be a password.
pub fn user(name: impl Display) {
    Span::current().record("user", display(name));
}
