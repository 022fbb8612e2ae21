//! Logs and counts each request.
//!
//! Everything recorded is safe to share: the route instead of the path, and no query, because these contain keys of
//! notes and cursors. Bodies, cookies and other headers are never read.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, histogram};
use tracing::{Instrument as _, info};

use crate::page;
use crate::request::id::RequestId;

/// The metric that counts requests.
pub(crate) const REQUESTS: &str = "Requests";

/// The metric of the duration of requests, in milliseconds.
pub(crate) const DURATION: &str = "Duration";

/// A request and its response, as logged and counted.
struct Access {
    method: &'static str,
    route: String,
    status: StatusCode,
    duration: Duration,
}

/// Adds the request's id to every line of its log, and records the request at its end.
pub(crate) async fn record(RequestId(id): RequestId, request: Request, next: Next) -> Response {
    let span = telemetry::log::request(&id);
    run_and_record(request, next).instrument(span).await
}

async fn run_and_record(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let (method, route) = (known_method(request.method()), route(&request));
    let response = next.run(request).await;
    let access = Access { method, route, status: response.status(), duration: start.elapsed() };
    access.log();
    access.count();
    response
}

impl Access {
    fn log(&self) {
        let Self { method, route, .. } = self;
        let status = self.status.as_u16();
        let duration_ms = u64::try_from(self.duration.as_millis()).unwrap_or(u64::MAX);
        info!(method, route, status, duration_ms, "{method} {route} {status} in {duration_ms} ms");
    }

    fn count(&self) {
        let status = self.status.as_u16().to_string();
        let labels = [("Method", self.method.to_owned()), ("Route", self.route.clone()), ("Status", status)];
        counter!(REQUESTS, &labels).increment(1);
        histogram!(DURATION, &labels).record(self.duration.as_secs_f64() * 1000.0);
    }
}

/// Returns the route that matched. Without a match, returns whether the path is a file of the page.
fn route(request: &Request) -> String {
    match request.extensions().get::<MatchedPath>() {
        Some(path) => path.as_str().to_owned(),
        None if page::contains(request.uri().path()) => "page".to_owned(),
        None => "none".to_owned(),
    }
}

/// Returns the name of a standard method, else `other`. Each label value creates a metric, and clients may send any method.
fn known_method(method: &Method) -> &'static str {
    const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
    METHODS.into_iter().find(|known| method == *known).unwrap_or("other")
}
