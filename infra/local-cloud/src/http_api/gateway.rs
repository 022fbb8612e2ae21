//! A running HTTP API.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, StatusCode};
use axum::response::Response;

use super::event::{self, Deployment, Incoming};
use super::response;
use super::route::Routes;
use crate::api_gateway;
use crate::console::{Console, Served};
use crate::lambda::{InvokeError, Lambda};
use crate::throttle::Throttle;

/// The maximum size of the request line and the values of headers together, in bytes.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
const HEAD_LIMIT: usize = 10_240;
/// The maximum size of a request body in bytes.
const BODY_LIMIT: usize = 10 * 1024 * 1024;
/// Time limit of a function.
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(30);

/// A running HTTP API.
#[derive(Debug)]
pub(crate) struct HttpApi {
    id: String,
    deployment: Deployment,
    routes: Routes,
    throttle: Throttle,
    lambda: Lambda,
    console: Console,
    /// Time limit of a function, divided by the time scale.
    integration_timeout: Duration,
}

impl HttpApi {
    /// Creates an API from its declaration. The time limit of functions is divided by `time_scale`.
    #[must_use]
    pub(crate) fn new(
        api: &sam_template::HttpApi,
        lambda: Lambda,
        console: Console,
        time_scale: u32,
    ) -> Self {
        Self {
            id: api.id.clone(),
            deployment: Deployment {
                api_id: api.api_id.clone(),
                stage: api.stage.clone(),
                domain: api_gateway::domain(&api.api_id),
                stage_variables: api.stage_variables.clone(),
            },
            routes: Routes::new(&api.routes),
            throttle: Throttle::new(&api.throttling),
            lambda,
            console,
            integration_timeout: api_gateway::integration_timeout(INTEGRATION_TIMEOUT, time_scale),
        }
    }

    /// Handles a request from `source`, an IP address. Every response has the request id in its headers.
    pub(crate) async fn handle(&self, request: Request<Body>, source: &str) -> Response {
        let request_id = api_gateway::new_id();
        let mut response = self.respond(request, source, &request_id).await;
        if let Ok(request_id) = HeaderValue::from_str(&request_id) {
            response.headers_mut().insert("apigw-requestid", request_id);
        }
        response
    }

    async fn respond(&self, request: Request<Body>, source: &str, request_id: &str) -> Response {
        let (head, body) = request.into_parts();
        if head_size(&head) > HEAD_LIMIT {
            self.warn(
                "responded 431: the request line and the header values are larger than 10,240 bytes (often because of too \
                 many cookies)",
            );
            let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
            return api_gateway::message(status, "Request Header Fields Too Large");
        }
        let path = event::decoded_path(head.uri.path());
        let Some(matched) = self.routes.select(head.method.as_str(), &path) else {
            return api_gateway::message(StatusCode::NOT_FOUND, "Not Found");
        };
        if !self.throttle.admits(matched.key) {
            self.warn(&format!(
                "responded 429: {} is over its limit (see the throttling settings of the API's stage)",
                matched.key
            ));
            return api_gateway::message(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests");
        }
        let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
            return self.too_large();
        };
        let matched = &matched;
        let incoming = Incoming {
            api: &self.deployment,
            head: &head,
            path: &path,
            body: &body,
            matched,
            source,
            request_id,
        };
        let event = incoming.into_event().to_string();
        self.lambda.meter().http_request(body.len());
        let mut response = self.invoke(matched.function, event.into()).await;
        // The CDN prints it with the request.
        let served = Served { function: matched.function.to_owned(), request_id: request_id.to_owned() };
        response.extensions_mut().insert(served);
        response
    }

    async fn invoke(&self, function: &str, event: Bytes) -> Response {
        match tokio::time::timeout(self.integration_timeout, self.lambda.invoke(function, event)).await {
            Ok(Ok(output)) => response::from_output(&output).unwrap_or_else(|| {
                self.warn(&format!(
                    "responded 500: {function} returned no valid response of payload format 2.0 (check its `statusCode`, \
                     `headers`, `cookies` and `body`)"
                ));
                internal_error()
            }),
            // An event is larger than its request, and its limit is lower.
            Ok(Err(InvokeError::TooLarge)) => self.too_large(),
            // The reserved concurrency of the function is in use.
            Ok(Err(InvokeError::Throttled)) => {
                api_gateway::message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
            }
            // Clients get no details. They are in the function's log.
            Ok(Err(_)) => internal_error(),
            Err(_) => {
                self.warn(&format!(
                    "responded 503: {function} took longer than {} s, the limit of an HTTP API (it continues, but nobody \
                     gets its response)",
                    self.integration_timeout.as_secs_f64()
                ));
                api_gateway::message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
            }
        }
    }

    fn too_large(&self) -> Response {
        self.warn("responded 413: a request is larger than 10 MB, or its event larger than 6 MB (send less at once)");
        api_gateway::message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large")
    }

    fn warn(&self, message: &str) {
        self.console.warning(&self.id, message);
    }
}

/// Returns the size of the request line and the header values, in bytes.
fn head_size(head: &Parts) -> usize {
    let path = head.uri.path_and_query().map_or(0, |path| path.as_str().len());
    let line = head.method.as_str().len() + path + "  HTTP/1.1".len();
    line + head.headers.values().map(HeaderValue::len).sum::<usize>()
}

/// Returns the response to a failed function. Only REST APIs respond with 502.
/// <https://github.com/aws/aws-sam-cli/issues/2590>
fn internal_error() -> Response {
    api_gateway::message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}
