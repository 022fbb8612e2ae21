//! The APIs behind the public port, and their own addresses.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use sam_template::Plan;

use crate::api_gateway;
use crate::http_api::HttpApi;
use crate::websocket_api::WebSocketApi;

/// An API. A WebSocket API ignores the path.
#[derive(Debug, Clone)]
pub(super) enum Target {
    Http(Arc<HttpApi>),
    WebSocket(WebSocketApi),
}

/// An API at its own address, `http://{id}.localhost:PORT`. Browsers resolve such names to this machine.
///
/// On AWS each API has its own address, even behind a distribution. A WebSocket API has one path there: its stage.
#[derive(Debug)]
pub(super) struct Direct {
    target: Target,
    stage: Option<String>,
}

impl Target {
    /// Handles a request from `source`, an IP address.
    pub(super) async fn handle(&self, request: Request<Body>, source: &str) -> Response {
        match self {
            Self::Http(api) => api.handle(request, source).await,
            Self::WebSocket(api) => api.handle(request, source).await,
        }
    }
}

impl Direct {
    /// Returns all APIs of the plan with their hosts.
    pub(super) fn all(plan: &Plan, target: &impl Fn(&str) -> Option<Target>) -> Vec<(String, Self)> {
        let http = plan.http_apis.iter().map(|api| (&api.id, &api.api_id, None));
        let websocket = plan.websocket_apis.iter().map(|api| (&api.id, &api.api_id, Some(api.stage.clone())));
        let direct = |(id, api_id, stage): (&String, &String, _)| {
            Some((format!("{api_id}.localhost"), Self { target: target(id)?, stage }))
        };
        http.chain(websocket).filter_map(direct).collect()
    }

    /// Handles a request from `source`, an IP address.
    pub(super) async fn handle(&self, request: Request<Body>, source: &str) -> Response {
        let path = request.uri().path();
        match &self.stage {
            Some(stage) if path.trim_matches('/') != stage => {
                api_gateway::message(StatusCode::FORBIDDEN, "Forbidden")
            }
            _ => self.target.handle(request, source).await,
        }
    }
}
