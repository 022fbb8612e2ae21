//! The HTTP endpoint that sets faults. It is off by default, and accepts requests only from this machine.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;

use super::injector::{FaultInjector, Plan};
use super::rule::Rule;
use crate::loopback::{self, refuse};

/// An example for error messages.
const EXAMPLE: &str = r#"{"seed": 7, "rules": [{"fault": "dynamodb-throttled", "function": "Http", "operation": "PutItem", "resource": "Orders", "rate": 0.5, "times": 10}]}"#;

/// The request body.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPlan {
    #[serde(default)]
    seed: u64,
    rules: Vec<Rule>,
}

/// Creates the router for `GET`, `PUT` and `DELETE` of `/faults`.
pub fn router(faults: FaultInjector) -> Router {
    let methods = get(show).put(set).delete(clear).fallback(|| async {
        refuse(StatusCode::METHOD_NOT_ALLOWED, "GET shows the faults, PUT sets them, DELETE ends them")
    });
    let router = Router::new()
        .route("/faults", methods)
        .fallback(|| async { refuse(StatusCode::NOT_FOUND, "the only path is /faults") })
        .with_state(faults);
    // Browsers send PUT or DELETE to another origin only with permission (CORS), which this port never gives.
    loopback::guarded(router)
}

async fn show(State(faults): State<FaultInjector>) -> Json<Plan> {
    Json(faults.plan())
}

async fn set(State(faults): State<FaultInjector>, body: Bytes) -> Response {
    let unreadable =
        |error: String| refuse(StatusCode::BAD_REQUEST, &format!("{error}. Send for example {EXAMPLE}"));
    let new: NewPlan = match serde_json::from_slice(&body) {
        Ok(new) => new,
        Err(error) => return unreadable(error.to_string()),
    };
    for (index, rule) in new.rules.iter().enumerate() {
        if let Err(error) = rule.check() {
            return unreadable(format!("rules[{index}]: {error}"));
        }
    }
    faults.set(new.seed, new.rules);
    Json(faults.plan()).into_response()
}

async fn clear(State(faults): State<FaultInjector>) -> StatusCode {
    faults.clear();
    StatusCode::NO_CONTENT
}
