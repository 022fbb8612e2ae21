//! A line of the log, and a count, for each request.
//!
//! What tells of a request what anybody may read: its route, not its path, and no query, which hold keys of notes and
//! places in lists. Bodies, cookies and other headers are not looked at.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, histogram};
use tracing::{Instrument as _, info};

use crate::page;
use crate::request_id::RequestId;

/// The metric that counts requests.
pub(crate) const REQUESTS: &str = "Requests";

/// The metric of how long requests took, in milliseconds.
pub(crate) const DURATION: &str = "Duration";

/// Puts a request's id into every line that is logged on its way, and ends with a line, and a count, of what came of it.
pub(crate) async fn tell(RequestId(id): RequestId, request: Request, next: Next) -> Response {
    let span = telemetry::log::request(&id);
    let answered = async {
        let began = Instant::now();
        let (method, route) = (method(request.method()), route(&request));
        let response = next.run(request).await;
        count(method, &route, response.status(), began);
        response
    };
    answered.instrument(span).await
}

fn count(method: &'static str, route: &str, status: StatusCode, began: Instant) {
    let (status, took) = (status.as_u16(), began.elapsed());
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    info!(method, route, status, duration_ms, "{method} {route} {status} in {duration_ms} ms");
    let labels = [("Method", method.to_owned()), ("Route", route.to_owned()), ("Status", status.to_string())];
    counter!(REQUESTS, &labels).increment(1);
    histogram!(DURATION, &labels).record(took.as_secs_f64() * 1000.0);
}

/// The route, as the router has it; of what no route matches, whether it is a file of the page.
fn route(request: &Request) -> String {
    match request.extensions().get::<MatchedPath>() {
        Some(path) => path.as_str().to_owned(),
        None if page::holds(request.uri().path()) => "page".to_owned(),
        None => "none".to_owned(),
    }
}

/// The method, if it is one of HTTP's: a client may send any, and each would be another metric.
fn method(method: &Method) -> &'static str {
    const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
    METHODS.into_iter().find(|known| method == *known).unwrap_or("other")
}
