//! The Runtime API of one instance: HTTP on a loopback port of its own, so that who calls is known.
//!
//! It only translates: every call becomes a [`Call`], and the instance decides what comes of it.

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

use super::error::ErrorReport;
use local_service::loopback;
use sam_template::{ACCOUNT, REGION};

/// The most that an answer may hold: 6 MB, and a little for what wraps it.
const ANSWER_LIMIT: usize = 6_291_556;

/// What a runtime asks for or tells.
#[derive(Debug)]
pub(super) enum Call {
    /// It's ready for an invocation.
    Next(Waiting),
    /// An invocation is over: this is the answer, or the error.
    Done { request_id: String, outcome: Outcome, known: oneshot::Sender<bool> },
    /// It can't initialise. This was no time to say so if it has asked for work before.
    InitError { report: ErrorReport, known: oneshot::Sender<bool> },
}

/// A runtime that waits for an invocation, or to hear that it has not answered the last one.
pub(super) type Waiting = oneshot::Sender<Result<Delivery, NotNow>>;

/// What a runtime asked for or told is not for this moment.
#[derive(Debug)]
pub(super) struct NotNow;

/// How an invocation ended, in the runtime's words.
#[derive(Debug)]
pub(super) enum Outcome {
    Answer(Bytes),
    Error(ErrorReport),
    /// It answered more than an answer may hold.
    TooLarge,
}

/// An invocation as a runtime is given it.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) request_id: String,
    pub(super) function: String,
    pub(super) deadline: SystemTime,
    pub(super) payload: Bytes,
}

/// A Runtime API being served; dropping it ends it.
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
            // It never fails: it accepts connections until it's aborted.
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
        Ok(Err(NotNow)) => return not_now(),
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
    if let Ok(body) = to_bytes(body, ANSWER_LIMIT).await {
        return done(&calls, request_id, Outcome::Answer(body)).await;
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

/// The type is in the report as well, or in the header alone.
fn report(headers: &HeaderMap, body: &[u8]) -> ErrorReport {
    ErrorReport::parse(
        body,
        headers.get("lambda-runtime-function-error-type").and_then(|kind| kind.to_str().ok()),
    )
}

async fn done(calls: &mpsc::Sender<Call>, request_id: String, outcome: Outcome) -> Response {
    let (known, is_known) = oneshot::channel();
    if calls.send(Call::Done { request_id, outcome, known }).await.is_err() {
        return gone();
    }
    match is_known.await {
        Ok(true) => accepted(),
        Ok(false) => refusal(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID"),
        Err(_) => gone(),
    }
}

async fn init_error(State(calls): Calls, headers: HeaderMap, body: Bytes) -> Response {
    let (known, is_known) = oneshot::channel();
    let report = report(&headers, &body);
    if calls.send(Call::InitError { report, known }).await.is_err() {
        return gone();
    }
    match is_known.await {
        Ok(true) => accepted(),
        Ok(false) => not_now(),
        Err(_) => gone(),
    }
}

fn accepted() -> Response {
    (StatusCode::ACCEPTED, axum::Json(json!({"status": "OK"}))).into_response()
}

fn refusal(status: StatusCode, kind: &str, message: &str) -> Response {
    (status, axum::Json(json!({"errorType": kind, "errorMessage": message}))).into_response()
}

fn not_now() -> Response {
    let message = "State transition is not allowed";
    refusal(StatusCode::FORBIDDEN, "InvalidStateTransition", message)
}

/// The instance has ended; its process is about to.
fn gone() -> Response {
    refusal(StatusCode::GONE, "Gone", "The instance has ended")
}
