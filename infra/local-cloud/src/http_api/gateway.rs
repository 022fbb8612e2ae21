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

/// The most that the request line and the values of headers may take together, in bytes.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
const HEAD_LIMIT: usize = 10_240;
/// The most that a request may hold.
const BODY_LIMIT: usize = 10 * 1024 * 1024;
/// How long a function may take.
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
}

impl HttpApi {
    /// An API as the template declares it, on top of its functions.
    #[must_use]
    pub(crate) fn new(api: &sam_template::HttpApi, lambda: Lambda, console: Console) -> Self {
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
        }
    }

    /// Answers a request that `source` (an IP address) sent. Whoever answers, the request's id stands in the answer.
    pub(crate) async fn handle(&self, request: Request<Body>, source: &str) -> Response {
        let request_id = api_gateway::new_id();
        let mut response = self.answer(request, source, &request_id).await;
        if let Ok(request_id) = HeaderValue::from_str(&request_id) {
            response.headers_mut().insert("apigw-requestid", request_id);
        }
        response
    }

    async fn answer(&self, request: Request<Body>, source: &str, request_id: &str) -> Response {
        let (head, body) = request.into_parts();
        if head_size(&head) > HEAD_LIMIT {
            self.warn(
                "answers 431: the request line and the values of headers take at most 10,240 bytes (mostly it is cookies \
                 that are too many)",
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
                "answers 429: {} takes no more now (throttling in the API's stage)",
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
        let mut response = self.ask(matched.function, event.into()).await;
        // For the line that the front door prints.
        let served = Served { function: matched.function.to_owned(), request_id: request_id.to_owned() };
        response.extensions_mut().insert(served);
        response
    }

    async fn ask(&self, function: &str, event: Bytes) -> Response {
        match tokio::time::timeout(INTEGRATION_TIMEOUT, self.lambda.invoke(function, event)).await {
            Ok(Ok(answer)) => response::from_answer(&answer).unwrap_or_else(|| {
                self.warn(&format!(
                    "answers 500: what {function} answered is no response of payload format 2.0 (its `statusCode`, \
                     `headers`, `cookies`, `body`)"
                ));
                internal_error()
            }),
            // An event is a good deal larger than a request, and may hold less.
            Ok(Err(InvokeError::TooLarge)) => self.too_large(),
            // There is no place for another execution.
            Ok(Err(InvokeError::Throttled)) => {
                api_gateway::message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
            }
            // What went wrong is the function's own business, and in its log.
            Ok(Err(_)) => internal_error(),
            Err(_) => {
                self.warn(&format!(
                    "answers 503: {function} took longer than {} s, which is all that an HTTP API waits (it goes on, unseen)",
                    INTEGRATION_TIMEOUT.as_secs()
                ));
                api_gateway::message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
            }
        }
    }

    fn too_large(&self) -> Response {
        self.warn("answers 413: a request holds at most 10 MB, and the event that it becomes 6 MB (send less at once)");
        api_gateway::message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large")
    }

    fn warn(&self, message: &str) {
        self.console.warning(&self.id, message);
    }
}

/// The bytes of the request line and of the headers' values.
fn head_size(head: &Parts) -> usize {
    let path = head.uri.path_and_query().map_or(0, |path| path.as_str().len());
    let line = head.method.as_str().len() + path + "  HTTP/1.1".len();
    line + head.headers.values().map(HeaderValue::len).sum::<usize>()
}

/// What an HTTP API answers when a function fails; only REST APIs answer 502.
/// <https://github.com/aws/aws-sam-cli/issues/2590>
fn internal_error() -> Response {
    api_gateway::message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}
