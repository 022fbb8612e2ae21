//! The `$connect` route, which accepts or rejects a handshake.

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use super::api::{Api, Failure};
use super::client::Client;
use super::event;

/// Invokes `$connect`. Returns the subprotocol, or the status of a rejection.
pub(super) async fn connect(api: &Api, client: &Client) -> Result<Option<String>, StatusCode> {
    let Some(function) = api.declared.routes.get("$connect") else { return Ok(None) };
    if !api.throttle.admits("$connect") {
        api.warn(&format!(
            "responded 429: $connect is over its limit (see the throttling settings of {})",
            api.declared.id
        ));
        return Err(StatusCode::TOO_MANY_REQUESTS);
    }
    let event = event::connect(api, client).to_string();
    let output = api.invoke(function, event.into()).await.map_err(|failure| match failure {
        Failure::Error => StatusCode::BAD_GATEWAY,
        Failure::Timeout => StatusCode::GATEWAY_TIMEOUT,
    })?;
    let output: Value = serde_json::from_slice(&output).map_err(|_| StatusCode::BAD_GATEWAY)?;
    let status =
        output.get("statusCode").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    let status =
        status.and_then(|status| StatusCode::from_u16(status).ok()).ok_or(StatusCode::BAD_GATEWAY)?;
    if !status.is_success() {
        return Err(if status.is_informational() { StatusCode::BAD_GATEWAY } else { status });
    }
    let headers = output.get("headers").and_then(Value::as_object).into_iter().flatten();
    let mut protocols = headers.filter(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-protocol"));
    Ok(protocols.next().and_then(|(_, value)| value.as_str()).map(str::to_owned))
}

/// Responds to a rejected handshake with only the status, as API Gateway does.
pub(super) fn refused(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
