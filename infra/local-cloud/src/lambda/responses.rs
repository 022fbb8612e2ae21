//! Responses of the Runtime API and the Extensions API.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

pub(super) fn status_ok() -> Response {
    (StatusCode::ACCEPTED, axum::Json(json!({"status": "OK"}))).into_response()
}

pub(super) fn refusal(status: StatusCode, kind: &str, message: &str) -> Response {
    (status, axum::Json(json!({"errorType": kind, "errorMessage": message}))).into_response()
}

pub(super) fn invalid_transition() -> Response {
    let message = "State transition is not allowed";
    refusal(StatusCode::FORBIDDEN, "InvalidStateTransition", message)
}

/// The response after the instance has ended. Its process is about to end, too.
pub(super) fn gone() -> Response {
    refusal(StatusCode::GONE, "Gone", "The instance has ended")
}
