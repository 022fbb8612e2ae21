//! `@connections`: how functions reach the clients of a WebSocket API. Served on a loopback port of its own, never
//! through the front door, under `/execute-api/API/STAGE/@connections/ID`.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{Method, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::json;

use super::WebSocketApi;
use super::connections::{Live, Order, OrderError};
use super::handshake::MESSAGE_LIMIT;
use crate::api_gateway;
use crate::credentials;
use crate::faults::rule::{Place, Site};
use crate::faults::{Fault, Faults};
use crate::ledger::Ledger;

#[derive(Debug)]
struct Management {
    apis: Vec<WebSocketApi>,
    ledger: Ledger,
    faults: Faults,
}

/// Why a call is refused, as the SDKs know it: a status, an exception, a message.
type Refusal = (StatusCode, &'static str, &'static str);

const GONE: Refusal = (StatusCode::GONE, "GoneException", "Gone");
const UNSIGNED: Refusal =
    (StatusCode::FORBIDDEN, "MissingAuthenticationTokenException", "Missing Authentication Token");
const FORBIDDEN: Refusal = (StatusCode::FORBIDDEN, "ForbiddenException", "Forbidden");
const TOO_LARGE: Refusal = (StatusCode::PAYLOAD_TOO_LARGE, "PayloadTooLargeException", "Message too long");
const NOT_TEXT: Refusal = (StatusCode::BAD_REQUEST, "BadRequestException", "Message is not UTF-8");
const NO_SUCH_METHOD: Refusal = (StatusCode::NOT_FOUND, "UnknownOperationException", "Unknown operation");
const THROTTLED: Refusal = (StatusCode::TOO_MANY_REQUESTS, "LimitExceededException", "Rate exceeded");
const FAILING: Refusal =
    (StatusCode::INTERNAL_SERVER_ERROR, "InternalServerErrorException", "Internal server error");
const FULL: Refusal = (
    StatusCode::TOO_MANY_REQUESTS,
    "LimitExceededException",
    "The WebSocket client side buffer is full: it does not read what it is sent",
);

/// The endpoint of these APIs. What it's asked for is put down in the ledger.
pub fn router(apis: Vec<WebSocketApi>, ledger: Ledger, faults: Faults) -> Router {
    Router::new()
        .route("/execute-api/{api}/{stage}/@connections/{id}", any(call))
        .fallback(|| async { refuse(FORBIDDEN) })
        .with_state(Arc::new(Management { apis, ledger, faults }))
}

async fn call(
    State(management): State<Arc<Management>>,
    Path((api, stage, id)): Path<(String, String, String)>,
    request: Request<Body>,
) -> Response {
    let (head, body) = request.into_parts();
    let authorization = api_gateway::text(&head.headers, "authorization");
    let Some(caller) = credentials::caller(&authorization) else { return refuse(UNSIGNED) };
    let touched = std::slice::from_ref(&id);
    let site = Site { function: caller, operation: head.method.as_str(), resources: touched };
    let strike = management.faults.strike(Place::Connections, &site);
    management.ledger.record(caller, format!("execute-api:{}", head.method), id.as_str());
    let is_meant = |own: &&WebSocketApi| own.api.declared.api_id == api && own.api.declared.stage == stage;
    let Some(api) = management.apis.iter().find(is_meant) else { return refuse(FORBIDDEN) };
    tokio::time::sleep(strike.delay).await;
    match strike.fault {
        Some(Fault::PostGone) => return refuse(GONE),
        Some(Fault::PostThrottled) => return refuse(THROTTLED),
        Some(Fault::PostFailing) => return refuse(FAILING),
        Some(Fault::PostLost) => return StatusCode::OK.into_response(),
        _ => {}
    }
    let Some(live) = api.api.connections.get(&id) else { return refuse(GONE) };
    let done = match head.method {
        Method::POST => post(&live, body).await,
        Method::GET => Ok(describe(&live)),
        Method::DELETE => order(&live, Order::Close).map(|()| StatusCode::NO_CONTENT.into_response()),
        _ => Err(NO_SUCH_METHOD),
    };
    done.unwrap_or_else(refuse)
}

async fn post(live: &Live, body: Body) -> Result<Response, Refusal> {
    let body = to_bytes(body, MESSAGE_LIMIT).await.map_err(|_| TOO_LARGE)?;
    let text = String::from_utf8(body.into()).map_err(|_| NOT_TEXT)?;
    order(live, Order::Send(text)).map(|()| StatusCode::OK.into_response())
}

fn order(live: &Live, order: Order) -> Result<(), Refusal> {
    live.order(order).map_err(|error| match error {
        OrderError::Gone => GONE,
        OrderError::Full => FULL,
    })
}

fn describe(live: &Live) -> Response {
    let seconds = |time: jiff::Timestamp| time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
    let description = json!({
        "connectedAt": seconds(live.connected),
        "identity": {"sourceIp": live.source, "userAgent": live.user_agent},
        "lastActiveAt": seconds(live.last_active()),
    });
    api_gateway::answer(StatusCode::OK, &description)
}

fn refuse((status, exception, message): Refusal) -> Response {
    let mut response = api_gateway::message(status, message);
    response.headers_mut().insert("x-amzn-errortype", axum::http::HeaderValue::from_static(exception));
    response
}
