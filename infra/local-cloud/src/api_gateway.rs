//! The common parts of both kinds of API: ids, times, headers, and the gateway's own responses.

use std::borrow::Cow;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use sam_template::{REGION, URL_SUFFIX};

/// The minimum integration timeout at any time scale. Functions compute at their usual speed, and need this much on a busy
/// machine.
const MINIMUM_INTEGRATION_TIMEOUT: Duration = Duration::from_secs(5);

/// Divides the integration timeout of an API by the time scale, but not below 5 s.
pub(crate) fn integration_timeout(on_aws: Duration, time_scale: u32) -> Duration {
    (on_aws / time_scale.max(1)).max(MINIMUM_INTEGRATION_TIMEOUT)
}

/// Returns the host name of an API on AWS.
pub(crate) fn domain(api_id: &str) -> String {
    format!("{api_id}.execute-api.{REGION}.{URL_SUFFIX}")
}

/// Creates an id of a request or a connection in API Gateway's format: 16 characters.
pub(crate) fn new_id() -> String {
    URL_SAFE.encode(&uuid::Uuid::new_v4().as_bytes()[..11])
}

/// Formats a time as in a request context: `12/Mar/2020:19:03:58 +0000`.
pub(crate) fn request_time(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%d/%b/%Y:%H:%M:%S %z").to_string()
}

/// Creates a response of the gateway itself.
pub(crate) fn json_response(status: StatusCode, body: &Value) -> Response {
    (status, [("content-type", "application/json")], body.to_string()).into_response()
}

/// Creates a response of the gateway itself with only a `message`.
pub(crate) fn message(status: StatusCode, message: &str) -> Response {
    json_response(status, &json!({ "message": message }))
}

/// Returns whether a function receives a header: all except the hop-by-hop headers (RFC 9110, 7.6.1).
pub(crate) fn is_forwarded(name: &str) -> bool {
    !matches!(
        name,
        "connection" | "keep-alive" | "proxy-connection" | "te" | "trailer" | "transfer-encoding" | "upgrade"
    )
}

/// Returns the value of a header as text. Invalid UTF-8 is replaced.
pub(crate) fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
}

/// Returns all values of a header as text. Invalid UTF-8 is replaced.
pub(crate) fn lines<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = Cow<'a, str>> {
    headers.get_all(name).iter().map(|line| String::from_utf8_lossy(line.as_bytes()))
}

/// Returns the gateway's `X-Forwarded-For`: the client's header and the client's address.
pub(crate) fn forwarded_for(headers: &HeaderMap, source: &str) -> String {
    match text(headers, "x-forwarded-for") {
        before if before.is_empty() => source.to_owned(),
        before => format!("{before}, {source}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integration_timeout_obeys_the_time_scale_but_leaves_functions_time_to_compute() {
        let scaled = |time_scale| integration_timeout(Duration::from_secs(30), time_scale).as_secs();
        assert_eq!([0, 1, 3, 6, 60].map(scaled), [30, 30, 10, 5, 5]);
    }

    #[test]
    fn ids_have_the_format_of_api_gateway() {
        let id = new_id();
        assert_eq!(id.len(), 16);
        assert!(id.ends_with('='));
        assert_ne!(id, new_id());
    }

    #[test]
    fn times_have_the_format_of_the_request_context() {
        let time: Timestamp = "2020-03-12T19:03:58.390Z".parse().unwrap();
        assert_eq!(request_time(time), "12/Mar/2020:19:03:58 +0000");
    }
}
