//! The endpoint through which people set faults: plain HTTP on loopback, off unless it is asked for.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::{Faults, Plan, Rule};

/// What a reader is told who sent something else.
const EXAMPLE: &str = r#"{"seed": 7, "rules": [{"fault": "dynamodb-throttled", "function": "Http", "operation": "PutItem", "resource": "Notes", "rate": 0.5, "times": 10}]}"#;

/// What is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default)]
    seed: u64,
    rules: Vec<Rule>,
}

/// `GET`, `PUT` and `DELETE` of `/faults`.
pub fn router(faults: Faults) -> Router {
    let methods = get(show).put(set).delete(clear).fallback(|| async {
        refuse(StatusCode::METHOD_NOT_ALLOWED, "GET shows the faults, PUT sets them, DELETE ends them")
    });
    Router::new()
        .route("/faults", methods)
        .fallback(|| async { refuse(StatusCode::NOT_FOUND, "there is only /faults here") })
        .layer(axum::middleware::from_fn(only_local))
        .with_state(faults)
}

/// A page of some site whose name points at this machine is not who this is for. (One that asks under our own name is
/// stopped by its browser: a PUT or DELETE of another origin wants a permission that nobody gives here.)
async fn only_local(
    headers: HeaderMap,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if matches!(name, "localhost" | "127.0.0.1" | "[::1]") {
        return next.run(request).await;
    }
    refuse(StatusCode::FORBIDDEN, "faults are set from this machine, at localhost")
}

async fn show(State(faults): State<Faults>) -> Json<Plan> {
    Json(faults.plan())
}

async fn set(State(faults): State<Faults>, body: Bytes) -> Response {
    let unreadable =
        |error: String| refuse(StatusCode::BAD_REQUEST, &format!("{error}. Send for example {EXAMPLE}"));
    let wanted: Wanted = match serde_json::from_slice(&body) {
        Ok(wanted) => wanted,
        Err(error) => return unreadable(error.to_string()),
    };
    for (index, rule) in wanted.rules.iter().enumerate() {
        if let Err(error) = rule.check() {
            return unreadable(format!("rules[{index}]: {error}"));
        }
    }
    faults.set(wanted.seed, wanted.rules);
    Json(faults.plan()).into_response()
}

async fn clear(State(faults): State<Faults>) -> StatusCode {
    faults.clear();
    StatusCode::NO_CONTENT
}

/// A problem document (RFC 9457).
fn refuse(status: StatusCode, detail: &str) -> Response {
    let problem = json!({"title": status.canonical_reason(), "status": status.as_u16(), "detail": detail});
    (status, [(header::CONTENT_TYPE, "application/problem+json")], problem.to_string()).into_response()
}
