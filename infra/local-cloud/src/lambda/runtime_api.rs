//! The Runtime API.
//!
//! It only translates: every request becomes a [`Call`], which the session handles.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::mpsc;

use super::call::{Call, Calls, Delivery, InvalidTransition, Outcome, RESPONSE_LIMIT, ask};
use super::error::ErrorReport;
use super::responses::{gone, invalid_transition, refusal, status_ok};

pub(super) fn routes() -> Router<mpsc::Sender<Call>> {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{request_id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{request_id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
}

async fn next(calls: Calls) -> Response {
    let delivery = match ask(&calls, Call::Next).await {
        Some(Ok(delivery)) => delivery,
        Some(Err(InvalidTransition)) => return invalid_transition(),
        None => return gone(),
    };
    let Delivery { notice, payload } = delivery;
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-deadline-ms", notice.deadline_ms().to_string()),
        ("lambda-runtime-invoked-function-arn", notice.arn()),
        ("lambda-runtime-trace-id", notice.trace()),
        ("lambda-runtime-aws-request-id", notice.request_id),
    ];
    (headers, payload).into_response()
}

async fn response(calls: Calls, Path(request_id): Path<String>, body: Body) -> Response {
    if let Ok(body) = to_bytes(body, RESPONSE_LIMIT).await {
        return done(&calls, request_id, Outcome::Response(body)).await;
    }
    done(&calls, request_id, Outcome::TooLarge).await;
    refusal(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", "Exceeded maximum allowed payload size")
}

async fn error(calls: Calls, Path(request_id): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    done(&calls, request_id, Outcome::Error(report(&headers, &body))).await
}

/// Parses an error report. The error type is in the body, or in the header alone.
fn report(headers: &HeaderMap, body: &[u8]) -> ErrorReport {
    ErrorReport::parse(
        body,
        headers.get("lambda-runtime-function-error-type").and_then(|kind| kind.to_str().ok()),
    )
}

async fn done(calls: &Calls, request_id: String, outcome: Outcome) -> Response {
    match ask(calls, |accepted| Call::Done { request_id, outcome, accepted }).await {
        Some(true) => status_ok(),
        Some(false) => refusal(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID"),
        None => gone(),
    }
}

async fn init_error(calls: Calls, headers: HeaderMap, body: Bytes) -> Response {
    let report = report(&headers, &body);
    match ask(&calls, |accepted| Call::InitError { report, accepted }).await {
        Some(true) => status_ok(),
        Some(false) => invalid_transition(),
        None => gone(),
    }
}
