//! WebSocket APIs: API Gateway holds the connections. Functions receive events and post over `@connections`.
//!
//! - `gateway`: a running API
//! - `api`: the state that its connections share
//! - `client`: a client
//! - `handshake`: the upgrade, as HTTP
//! - `connect`: the `$connect` route
//! - `connection`: one connection, from its handshake to `$disconnect`
//! - `connections`: the open connections, by id
//! - `closing`: how connections end
//! - `event`: the events of functions
//! - `route`: selects the route of a message
//! - `management`: the `@connections` endpoint

mod api;
mod client;
mod closing;
mod connect;
mod connection;
mod connections;
mod event;
mod gateway;
mod handshake;
mod management;
mod route;

pub(crate) use gateway::WebSocketApi;
pub(crate) use management::router as management_router;
