//! The upgrade from HTTP to WebSocket (RFC 6455, 4.2).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use axum::response::Response;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use crate::api_gateway;

/// The maximum sizes of a message and of a frame, in bytes.
pub(super) const MESSAGE_LIMIT: usize = 128 * 1024;
const FRAME_LIMIT: usize = 32 * 1024;

/// The WebSocket of a client.
pub(super) type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// A valid request to upgrade.
#[derive(Debug)]
pub(super) struct Upgrade {
    accept: String,
    upgraded: OnUpgrade,
}

/// The reason why a request is not a valid upgrade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The request is plain HTTP.
    NoUpgrade,
    /// The request has another version of the protocol, or is malformed.
    Malformed,
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoUpgrade => {
                let mut response = api_gateway::message(StatusCode::UPGRADE_REQUIRED, "Upgrade Required");
                response.headers_mut().insert("upgrade", HeaderValue::from_static("websocket"));
                response
            }
            Refusal::Malformed => {
                let mut response = api_gateway::message(StatusCode::BAD_REQUEST, "Bad Request");
                response.headers_mut().insert("sec-websocket-version", HeaderValue::from_static("13"));
                response
            }
        }
    }
}

impl Upgrade {
    pub(super) fn of(request: &mut Request<Body>) -> Result<Self, Refusal> {
        let accept = accept_key(request.method(), request.headers())?;
        Ok(Self { accept, upgraded: hyper::upgrade::on(request) })
    }

    /// Returns the response that upgrades the connection.
    pub(super) fn response(&self, protocol: Option<&str>) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert("connection", HeaderValue::from_static("upgrade"));
        headers.insert("upgrade", HeaderValue::from_static("websocket"));
        if let Ok(accept) = HeaderValue::from_str(&self.accept) {
            headers.insert("sec-websocket-accept", accept);
        }
        if let Some(protocol) = protocol.and_then(|protocol| HeaderValue::from_str(protocol).ok()) {
            headers.insert("sec-websocket-protocol", protocol);
        }
        response
    }

    /// Waits for the upgrade after the response. Returns `None` if the client has left.
    pub(super) async fn socket(self) -> Option<Socket> {
        let stream = TokioIo::new(self.upgraded.await.ok()?);
        let limits = WebSocketConfig::default()
            .max_message_size(Some(MESSAGE_LIMIT))
            .max_frame_size(Some(FRAME_LIMIT));
        Some(WebSocketStream::from_raw_socket(stream, Role::Server, Some(limits)).await)
    }
}

fn accept_key(method: &Method, headers: &HeaderMap) -> Result<String, Refusal> {
    let has_token = |name: &str, token: &str| {
        let mut lines = api_gateway::lines(headers, name);
        lines.any(|line| line.split(',').any(|own| own.trim().eq_ignore_ascii_case(token)))
    };
    if *method != Method::GET || !has_token("connection", "upgrade") || !has_token("upgrade", "websocket") {
        return Err(Refusal::NoUpgrade);
    }
    match headers.get("sec-websocket-key") {
        Some(key) if key.len() == 24 && has_token("sec-websocket-version", "13") => {
            Ok(derive_accept_key(key.as_bytes()))
        }
        _ => Err(Refusal::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(changed: &str, value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("connection", HeaderValue::from_static("keep-alive, Upgrade"));
        headers.insert("upgrade", HeaderValue::from_static("WebSocket"));
        headers.insert("sec-websocket-version", HeaderValue::from_static("13"));
        headers.insert("sec-websocket-key", HeaderValue::from_static("dGhlIHNhbXBsZSBub25jZQ=="));
        if !changed.is_empty() {
            headers
                .insert(changed.parse::<axum::http::HeaderName>().unwrap(), HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn an_upgrade_is_accepted_with_the_key_of_the_rfc() {
        let accepted = || Ok("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".to_owned());
        assert_eq!(accept_key(&Method::GET, &headers("", "")), accepted());
        let not_utf8 = HeaderValue::from_bytes(b"\xff, Upgrade").unwrap();
        let mut headers = headers("", "");
        headers.insert("connection", not_utf8);
        assert_eq!(accept_key(&Method::GET, &headers), accepted(), "an invalid byte does not hide a token");
    }

    #[test]
    fn plain_http_is_not_an_upgrade() {
        assert_eq!(accept_key(&Method::POST, &headers("", "")), Err(Refusal::NoUpgrade));
        assert_eq!(accept_key(&Method::GET, &headers("connection", "keep-alive")), Err(Refusal::NoUpgrade));
        assert_eq!(accept_key(&Method::GET, &headers("upgrade", "h2c")), Err(Refusal::NoUpgrade));
    }

    #[test]
    fn another_version_or_a_bad_key_is_malformed() {
        assert_eq!(accept_key(&Method::GET, &headers("sec-websocket-version", "8")), Err(Refusal::Malformed));
        assert_eq!(accept_key(&Method::GET, &headers("sec-websocket-key", "short")), Err(Refusal::Malformed));
    }
}
