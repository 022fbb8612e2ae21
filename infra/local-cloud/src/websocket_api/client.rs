//! A client of a WebSocket API.

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use jiff::Timestamp;

use crate::api_gateway::{new_id, text};

/// A client, with the data of its handshake.
#[derive(Debug)]
pub(super) struct Client {
    /// The id of the connection.
    pub(super) id: String,
    pub(super) connected: Timestamp,
    /// The IP address of the client.
    pub(super) source: String,
    pub(super) user_agent: String,
    pub(super) headers: HeaderMap,
    pub(super) query: String,
}

impl Client {
    pub(super) fn new(request: &Request<Body>, source: &str) -> Self {
        Self {
            id: new_id(),
            connected: Timestamp::now(),
            source: source.to_owned(),
            user_agent: text(request.headers(), "user-agent"),
            headers: request.headers().clone(),
            query: request.uri().query().unwrap_or_default().to_owned(),
        }
    }
}
