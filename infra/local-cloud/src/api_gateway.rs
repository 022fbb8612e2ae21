//! What both kinds of API share: ids, times, and the gateway's own answers.

use std::borrow::Cow;

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use sam_template::{REGION, URL_SUFFIX};

/// The host that an API has on AWS.
pub(crate) fn domain(api_id: &str) -> String {
    format!("{api_id}.execute-api.{REGION}.{URL_SUFFIX}")
}

/// An id as API Gateway gives them to requests and connections: 16 characters.
pub(crate) fn new_id() -> String {
    URL_SAFE.encode(&uuid::Uuid::new_v4().as_bytes()[..11])
}

/// A time as a request's context holds it: `12/Mar/2020:19:03:58 +0000`.
pub(crate) fn request_time(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%d/%b/%Y:%H:%M:%S %z").to_string()
}

/// An answer of the gateway itself.
pub(crate) fn answer(status: StatusCode, body: &Value) -> Response {
    (status, [("content-type", "application/json")], body.to_string()).into_response()
}

/// An answer of the gateway itself that holds a message and nothing else.
pub(crate) fn message(status: StatusCode, message: &str) -> Response {
    answer(status, &json!({ "message": message }))
}

/// The headers that a function sees: all but those that concern one connection only (RFC 9110, 7.6.1).
pub(crate) fn is_forwarded(name: &str) -> bool {
    !matches!(
        name,
        "connection" | "keep-alive" | "proxy-connection" | "te" | "trailer" | "transfer-encoding" | "upgrade"
    )
}

/// A header's value as text; of what isn't UTF-8, what can be read.
pub(crate) fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
}

/// The lines of a header, likewise.
pub(crate) fn lines<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = Cow<'a, str>> {
    headers.get_all(name).iter().map(|line| String::from_utf8_lossy(line.as_bytes()))
}

/// What the gateway writes into `X-Forwarded-For`: what came, and who sent it.
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
    fn ids_look_like_those_of_api_gateway() {
        let id = new_id();
        assert_eq!(id.len(), 16);
        assert!(id.ends_with('='));
        assert_ne!(id, new_id());
    }

    #[test]
    fn times_are_written_as_the_context_of_a_request_holds_them() {
        let time: Timestamp = "2020-03-12T19:03:58.390Z".parse().unwrap();
        assert_eq!(request_time(time), "12/Mar/2020:19:03:58 +0000");
    }
}
