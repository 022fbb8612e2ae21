//! A running WebSocket API.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use local_service::faults::FaultInjector;
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use super::api::Api;
use super::client::Client;
use super::connect::{connect, refused};
use super::connection;
use super::connections::Connections;
use super::handshake::Upgrade;
use super::route::Selection;
use crate::api_gateway;
use crate::console::Console;
use crate::lambda::Lambda;
use crate::throttle::Throttle;

/// Time limit of a function.
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(29);
/// The time after which API Gateway closes a connection without messages.
const IDLE: Duration = Duration::from_mins(10);
/// The maximum duration of a connection.
const LIFETIME: Duration = Duration::from_hours(2);

/// A running WebSocket API. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct WebSocketApi {
    pub(super) api: Arc<Api>,
}

impl WebSocketApi {
    /// Creates an API from its declaration. All its time limits are divided by `time_scale`.
    #[must_use]
    pub(crate) fn new(
        api: &sam_template::WebSocketApi,
        lambda: Lambda,
        console: Console,
        faults: FaultInjector,
        time_scale: u32,
    ) -> Self {
        let api = Api {
            domain: api_gateway::domain(&api.api_id),
            selection: Selection::new(&api.route_selection),
            throttle: Throttle::new(&api.throttling),
            declared: api.clone(),
            lambda,
            console,
            faults,
            integration_timeout: api_gateway::integration_timeout(INTEGRATION_TIMEOUT, time_scale),
            idle: IDLE / time_scale.max(1),
            lifetime: LIFETIME / time_scale.max(1),
            connections: Connections::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        };
        Self { api: Arc::new(api) }
    }

    /// Handles a handshake from `source`, an IP address. Responds with 101 once `$connect` has accepted it.
    pub(crate) async fn handle(&self, mut request: Request<Body>, source: &str) -> Response {
        let upgrade = match Upgrade::of(&mut request) {
            Ok(upgrade) => upgrade,
            Err(refusal) => return refusal.into(),
        };
        let client = Client::new(&request, source);
        let (response, received) = oneshot::channel();
        // In its own task, so that a client that leaves during `$connect` still gets its `$disconnect`.
        self.api.tasks.spawn(serve(Arc::clone(&self.api), client, upgrade, response));
        received.await.unwrap_or_else(|_| api_gateway::message(StatusCode::BAD_GATEWAY, "Bad Gateway"))
    }

    /// Returns whether no connection is opening or closing, and no message waits for its function.
    pub(crate) fn is_at_rest(&self) -> bool {
        // The task of a connection starts before it is open and ends after its `$disconnect`.
        self.api.tasks.len() == self.api.connections.len()
    }

    /// Returns a guard that closes every connection when it is dropped.
    pub(crate) fn stopped_on_drop(&self) -> DropGuard {
        self.api.stop.clone().drop_guard()
    }

    /// Closes every connection, and waits until `$disconnect` has been invoked for each.
    pub(crate) async fn stop(&self) {
        self.api.stop.cancel();
        self.api.tasks.close();
        self.api.tasks.wait().await;
    }
}

/// Serves a client: `$connect`, then its messages, then `$disconnect`.
async fn serve(api: Arc<Api>, client: Client, upgrade: Upgrade, response: oneshot::Sender<Response>) {
    let protocol = match connect(&api, &client).await {
        Ok(protocol) => protocol,
        Err(status) => {
            // Fails if the client has left, which is harmless.
            let _ = response.send(refused(status));
            return;
        }
    };
    let (live, orders) = api.connections.insert(&client);
    let _ = response.send(upgrade.response(protocol.as_deref()));
    connection::run(&api, client, live, orders, upgrade).await;
}
