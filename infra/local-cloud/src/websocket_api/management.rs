//! `@connections`: functions send messages to clients of a WebSocket API. It has its own loopback port, apart from the
//! public port, and its paths are `/execute-api/API/STAGE/@connections/ID`.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::http::{Method, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use serde_json::json;

use super::connections::{Live, Order, OrderError};
use super::gateway::WebSocketApi;
use super::handshake::MESSAGE_LIMIT;
use crate::api_gateway;
use local_service::CallContext;
use local_service::faults::{Fault, FaultPoint, Site};
use local_service::iam::{self, AccessDenied, AuthenticationError};
use sam_template::{ACCOUNT, REGION};

#[derive(Debug)]
struct Management {
    apis: Vec<WebSocketApi>,
    context: CallContext,
}

/// An error response, in the terms of the SDKs: a status, an exception, a message.
type Refusal = (StatusCode, &'static str, &'static str);

const GONE: Refusal = (StatusCode::GONE, "GoneException", "Gone");
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
    "The WebSocket client side buffer is full: the client does not read its messages",
);

/// Creates the endpoint of these APIs. It records each call in the ledger and checks the caller's permissions.
pub(crate) fn router(apis: Vec<WebSocketApi>, context: CallContext) -> Router {
    Router::new().fallback(call).with_state(Arc::new(Management { apis, context }))
}

impl Management {
    fn too_large(&self, api_id: &str) -> Response {
        if let Some(api) = self.apis.iter().find(|own| own.api.declared.api_id == api_id) {
            api.api.warn("responded 413: a message to a client is larger than 128 KiB (send less at once)");
        }
        refuse(TOO_LARGE)
    }
}

/// The connection that a path names. The path may be percent-encoded: some SDKs encode the `@`, and all of them encode
/// the `=` of an id.
struct ConnectionPath {
    api: String,
    stage: String,
    id: String,
}

impl ConnectionPath {
    fn parse(path: &str) -> Option<Self> {
        let decoded = |segment| percent_decode_str(segment).decode_utf8_lossy().into_owned();
        let segments: Vec<String> = path.strip_prefix('/')?.split('/').map(decoded).collect();
        let [service, api, stage, kind, id] = <[String; 5]>::try_from(segments).ok()?;
        let is_known = service == "execute-api" && kind == "@connections" && !id.is_empty();
        is_known.then_some(Self { api, stage, id })
    }
}

async fn call(State(management): State<Arc<Management>>, request: Request<Body>) -> Response {
    let Some(ConnectionPath { api, stage, id }) = ConnectionPath::parse(request.uri().path()) else {
        return refuse(FORBIDDEN);
    };
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MESSAGE_LIMIT).await else { return management.too_large(&api) };
    let signed = iam::Request { method: &head.method, uri: &head.uri, headers: &head.headers, body: &body };
    let CallContext { ledger, faults, iam, .. } = &management.context;
    let caller = match iam.authenticate(&signed, "execute-api") {
        Ok(caller) => caller,
        Err(error) => return unauthenticated(&error),
    };
    let resources = std::slice::from_ref(&id);
    let site = Site { function: caller.name(), operation: head.method.as_str(), resources };
    let injection = faults.inject(FaultPoint::Connections, &site);
    ledger.record(caller.name(), format!("execute-api:{}", head.method), id.as_str());
    let is_meant = |own: &&WebSocketApi| own.api.declared.api_id == api && own.api.declared.stage == stage;
    let Some(api) = management.apis.iter().find(is_meant) else { return refuse(FORBIDDEN) };
    let resource = resource(&api.api.declared, &head.method);
    if let Err(denied) = iam.authorize(&caller, "execute-api:ManageConnections", &resource) {
        return deny(denied);
    }
    tokio::time::sleep(injection.delay).await;
    match injection.fault {
        Some(Fault::PostGone) => return refuse(GONE),
        Some(Fault::PostThrottled) => return refuse(THROTTLED),
        Some(Fault::PostFailing) => return refuse(FAILING),
        Some(Fault::PostLost) => return StatusCode::OK.into_response(),
        _ => {}
    }
    let Some(live) = api.api.connections.get(&id) else { return refuse(GONE) };
    let done = match head.method {
        Method::POST => post(&live, body),
        Method::GET => Ok(describe(&live)),
        Method::DELETE => order(&live, Order::Close).map(|()| StatusCode::NO_CONTENT.into_response()),
        _ => Err(NO_SUCH_METHOD),
    };
    done.unwrap_or_else(refuse)
}

/// Returns a connection as a resource of policies. AWS uses the pattern of the path, not the id of the connection
/// (<https://github.com/aws/aws-cdk/issues/18410>).
fn resource(api: &sam_template::WebSocketApi, method: &Method) -> iam::Resource {
    let sam_template::WebSocketApi { id, api_id, stage, .. } = api;
    iam::Resource {
        arn: format!(
            "arn:aws:execute-api:{REGION}:{ACCOUNT}:{api_id}/{stage}/{method}/@connections/{{connectionId}}"
        ),
        written: format!(
            "!Sub arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{id}}}/{stage}/{method}\
             /@connections/*"
        ),
        keys: BTreeSet::new(),
    }
}

fn post(live: &Live, body: Bytes) -> Result<Response, Refusal> {
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
    api_gateway::json_response(StatusCode::OK, &description)
}

fn unauthenticated(error: &AuthenticationError) -> Response {
    let message = match error {
        // AWS uses another message here.
        AuthenticationError::Missing => "Missing Authentication Token".to_owned(),
        error => error.to_string(),
    };
    with_exception(error.exception(), api_gateway::message(StatusCode::FORBIDDEN, &message))
}

/// Responds that a policy denies the call. API Gateway's member is `Message`, and it masks the account id.
fn deny(denied: AccessDenied) -> Response {
    let masked = format!("{}{}", "*".repeat(8), &ACCOUNT[8..]);
    let resource = denied.resource.replacen(ACCOUNT, &masked, 1);
    let message = AccessDenied { resource, ..denied }.to_string();
    with_exception(
        "AccessDeniedException",
        api_gateway::json_response(StatusCode::FORBIDDEN, &json!({ "Message": message })),
    )
}

fn refuse((status, exception, message): Refusal) -> Response {
    with_exception(exception, api_gateway::message(status, message))
}

fn with_exception(exception: &'static str, mut response: Response) -> Response {
    response.headers_mut().insert("x-amzn-errortype", axum::http::HeaderValue::from_static(exception));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_connection_with_any_percent_encoding() {
        for path in [
            "/execute-api/api/live/@connections/L0SM9cOFvHcCIhw=",
            "/execute-api/api/live/%40connections/L0SM9cOFvHcCIhw%3D",
            "/execute-api/api/live/%40connections/L0SM9cOFvHcCIhw%3d",
            "/execute-api/%61pi/liv%65/@conn%65ctions/%4c0SM9cOFvHcCIhw=",
        ] {
            let ConnectionPath { api, stage, id } = ConnectionPath::parse(path).unwrap();
            assert_eq!([api, stage, id], ["api", "live", "L0SM9cOFvHcCIhw="], "{path}");
        }
        // An encoded slash belongs to the id and does not separate segments.
        assert_eq!(ConnectionPath::parse("/execute-api/a/b/@connections/c%2Fd").unwrap().id, "c/d");
        for path in [
            "",
            "/",
            "/execute-api/api/live/@connections",
            "/execute-api/api/live/@connections/",
            "/execute-api/api/live/@connections/a/b",
            "/execute-api/api/live/connections/a",
            "/execute-api/api/live/%2540connections/a",
            "/execute-api/api/live%2F@connections/a",
        ] {
            assert!(ConnectionPath::parse(path).is_none(), "{path}");
        }
    }
}
