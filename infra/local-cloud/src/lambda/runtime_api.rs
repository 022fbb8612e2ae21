//! The Runtime API of one instance: HTTP on its own loopback port, so that the port identifies the caller.
//!
//! It only translates: every request becomes a [`Call`], which the session handles.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;
use tokio::sync::{mpsc, oneshot};
use tokio_util::task::AbortOnDropHandle;

use super::error::{ErrorReport, InvokeError};
use local_service::loopback;
use sam_template::{ACCOUNT, REGION};

/// The maximum size of a response in bytes: 6 MB and the space for its envelope.
const RESPONSE_LIMIT: usize = 6_291_556;

/// A call of a runtime.
#[derive(Debug)]
pub(super) enum Call {
    /// The runtime is ready for an invocation.
    Next(Waiting),
    /// An invocation has ended. `accepted` receives whether it was the current one.
    Done { request_id: String, outcome: Outcome, accepted: oneshot::Sender<bool> },
    /// The runtime cannot initialise. `accepted` receives whether it was still initialising.
    InitError { report: ErrorReport, accepted: oneshot::Sender<bool> },
}

/// A runtime that waits for an invocation, or for an error if it has not responded to the last one.
pub(super) type Waiting = oneshot::Sender<Result<Delivery, InvalidTransition>>;

/// The error of a call that the state of the runtime does not allow.
#[derive(Debug)]
pub(super) struct InvalidTransition;

/// The outcome of an invocation, as the runtime reports it.
#[derive(Debug)]
pub(super) enum Outcome {
    Response(Bytes),
    Error(ErrorReport),
    /// The response was larger than the limit.
    TooLarge,
}

impl Outcome {
    pub(super) fn into_result(self) -> Result<Bytes, InvokeError> {
        match self {
            Self::Response(body) => Ok(body),
            Self::Error(report) => Err(report.into_function_error()),
            Self::TooLarge => Err(InvokeError::Function {
                kind: "Function.ResponseSizeTooLarge".to_owned(),
                message: format!(
                    "Response payload size exceeded maximum allowed payload size ({RESPONSE_LIMIT} bytes)."
                ),
            }),
        }
    }
}

/// An invocation as a runtime receives it.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) request_id: String,
    pub(super) function: String,
    pub(super) deadline: SystemTime,
    pub(super) payload: Bytes,
}

/// A running Runtime API. Dropping it stops it.
#[derive(Debug)]
pub(super) struct RuntimeApi {
    /// `host:port`.
    pub(super) address: String,
    pub(super) calls: mpsc::Receiver<Call>,
    _server: AbortOnDropHandle<()>,
}

impl RuntimeApi {
    pub(super) fn start() -> std::io::Result<Self> {
        let listener = loopback::free()?;
        let address = listener.local_addr()?.to_string();
        let (sender, calls) = mpsc::channel(4);
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{request_id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{request_id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .with_state(sender);
        let server = tokio::spawn(async move {
            // This never fails: it accepts connections until the task is aborted.
            let _ = axum::serve(listener, loopback::guarded(router)).await;
        });
        Ok(Self { address, calls, _server: AbortOnDropHandle::new(server) })
    }
}

type Calls = State<mpsc::Sender<Call>>;

async fn next(State(calls): Calls) -> Response {
    let (delivery, delivered) = oneshot::channel();
    if calls.send(Call::Next(delivery)).await.is_err() {
        return gone();
    }
    let delivery = match delivered.await {
        Ok(Ok(delivery)) => delivery,
        Ok(Err(InvalidTransition)) => return invalid_transition(),
        Err(_) => return gone(),
    };
    let deadline = delivery.deadline.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let arn = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{}", delivery.function);
    let trace = delivery.request_id.replace('-', "");
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-aws-request-id", delivery.request_id),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        ("lambda-runtime-invoked-function-arn", arn),
        ("lambda-runtime-trace-id", format!("Root=1-{}-{};Sampled=0", &trace[..8], &trace[8..])),
    ];
    (headers, delivery.payload).into_response()
}

async fn response(State(calls): Calls, Path(request_id): Path<String>, body: Body) -> Response {
    if let Ok(body) = to_bytes(body, RESPONSE_LIMIT).await {
        return done(&calls, request_id, Outcome::Response(body)).await;
    }
    done(&calls, request_id, Outcome::TooLarge).await;
    refusal(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", "Exceeded maximum allowed payload size")
}

async fn error(
    State(calls): Calls,
    Path(request_id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    done(&calls, request_id, Outcome::Error(report(&headers, &body))).await
}

/// Parses an error report. The error type is in the body, or in the header alone.
fn report(headers: &HeaderMap, body: &[u8]) -> ErrorReport {
    ErrorReport::parse(
        body,
        headers.get("lambda-runtime-function-error-type").and_then(|kind| kind.to_str().ok()),
    )
}

async fn done(calls: &mpsc::Sender<Call>, request_id: String, outcome: Outcome) -> Response {
    let (accepted, is_accepted) = oneshot::channel();
    if calls.send(Call::Done { request_id, outcome, accepted }).await.is_err() {
        return gone();
    }
    match is_accepted.await {
        Ok(true) => status_ok(),
        Ok(false) => refusal(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID"),
        Err(_) => gone(),
    }
}

async fn init_error(State(calls): Calls, headers: HeaderMap, body: Bytes) -> Response {
    let (accepted, is_accepted) = oneshot::channel();
    let report = report(&headers, &body);
    if calls.send(Call::InitError { report, accepted }).await.is_err() {
        return gone();
    }
    match is_accepted.await {
        Ok(true) => status_ok(),
        Ok(false) => invalid_transition(),
        Err(_) => gone(),
    }
}

fn status_ok() -> Response {
    (StatusCode::ACCEPTED, axum::Json(json!({"status": "OK"}))).into_response()
}

fn refusal(status: StatusCode, kind: &str, message: &str) -> Response {
    (status, axum::Json(json!({"errorType": kind, "errorMessage": message}))).into_response()
}

fn invalid_transition() -> Response {
    let message = "State transition is not allowed";
    refusal(StatusCode::FORBIDDEN, "InvalidStateTransition", message)
}

/// The response after the instance has ended. Its process is about to end, too.
fn gone() -> Response {
    refusal(StatusCode::GONE, "Gone", "The instance has ended")
}
