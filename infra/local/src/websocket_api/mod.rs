//! WebSocket APIs: API Gateway holds the connections, functions see events and answer over `@connections`.
//!
//! - `connections`: the connections that stand, by id
//! - `connection`: one of them, from its handshake to its `$disconnect`
//! - `closing`: how connections end
//! - `event`: what functions see
//! - `handshake`: the upgrade, as HTTP
//! - `route`: which route a message takes
//! - [`management`]: the `@connections` endpoint

mod closing;
mod connection;
mod connections;
mod event;
mod handshake;
pub mod management;
mod route;

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use serde_json::Value;
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::api_gateway;
use crate::console::Console;
use crate::faults::Faults;
use crate::lambda::Lambda;
use crate::template;
use crate::throttle::Throttle;

use connections::Connections;
use event::Client;
use handshake::Upgrade;
use route::Selection;

/// How long a function may take.
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(29);

/// How long a connection may carry no message, in either direction.
const IDLE: Duration = Duration::from_mins(10);
/// How long a connection may last at all.
const LIFETIME: Duration = Duration::from_hours(2);

/// A running WebSocket API. Cheap to clone.
#[derive(Debug, Clone)]
pub struct WebSocketApi {
    api: Arc<Api>,
}

#[derive(Debug)]
struct Api {
    declared: template::WebSocketApi,
    domain: String,
    selection: Selection,
    throttle: Throttle,
    lambda: Lambda,
    console: Console,
    faults: Faults,
    /// [`IDLE`] and [`LIFETIME`], hurried.
    idle: Duration,
    lifetime: Duration,
    connections: Connections,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// Why there was no answer from a function.
enum Failure {
    Error,
    Timeout,
}

impl WebSocketApi {
    /// An API as the template declares it, on top of its functions. Its connections end so many times sooner than on
    /// AWS.
    #[must_use]
    pub fn new(
        api: &template::WebSocketApi,
        lambda: Lambda,
        console: Console,
        faults: Faults,
        hurry: u32,
    ) -> Self {
        let api = Api {
            domain: api_gateway::domain(&api.api_id),
            selection: Selection::new(&api.route_selection),
            throttle: Throttle::new(&api.throttling),
            declared: api.clone(),
            lambda,
            console,
            faults,
            idle: IDLE / hurry.max(1),
            lifetime: LIFETIME / hurry.max(1),
            connections: Connections::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        };
        Self { api: Arc::new(api) }
    }

    /// Answers a request to the stage's root that `source` (an IP address) sent: with 101 once `$connect` has agreed.
    pub async fn handle(&self, mut request: Request<Body>, source: &str) -> Response {
        let upgrade = match Upgrade::of(&mut request) {
            Ok(upgrade) => upgrade,
            Err(refusal) => return refusal.into(),
        };
        let client = Client::new(&request, source);
        let (answer, answered) = oneshot::channel();
        // A task of its own: a client that leaves during `$connect` still gets its `$disconnect`.
        self.api.tasks.spawn(Arc::clone(&self.api).serve(client, upgrade, answer));
        answered.await.unwrap_or_else(|_| api_gateway::message(StatusCode::BAD_GATEWAY, "Bad Gateway"))
    }

    /// Whether no connection is being opened or ended, and no message waits for its function.
    pub(crate) fn is_at_rest(&self) -> bool {
        // Each connection is a task, from before it is among those that stand until after its `$disconnect`.
        self.api.tasks.len() == self.api.connections.len()
    }

    /// What closes every connection, soon, when it is dropped.
    pub(crate) fn stopped_on_drop(&self) -> DropGuard {
        self.api.stop.clone().drop_guard()
    }

    /// Closes every connection, and waits until `$disconnect` has been invoked for each.
    pub async fn stop(&self) {
        self.api.stop.cancel();
        self.api.tasks.close();
        self.api.tasks.wait().await;
    }
}

impl Api {
    /// `$connect`, then the connection, then `$disconnect`.
    async fn serve(self: Arc<Self>, client: Client, upgrade: Upgrade, answer: oneshot::Sender<Response>) {
        let protocol = match self.connect(&client).await {
            Ok(protocol) => protocol,
            Err(status) => {
                // The client may have gone, which is as good as refused.
                let _ = answer.send(refused(status));
                return;
            }
        };
        let (live, orders) = self.connections.insert(&client);
        let _ = answer.send(upgrade.response(protocol.as_deref()));
        connection::run(&self, client, live, orders, upgrade).await;
    }

    /// Asks `$connect`: agreed, maybe with a subprotocol, or refused with a status.
    async fn connect(&self, client: &Client) -> Result<Option<String>, StatusCode> {
        let Some(function) = self.declared.routes.get("$connect") else { return Ok(None) };
        if !self.throttle.admits("$connect") {
            self.warn(&format!(
                "answers 429: $connect takes no more now (throttling in {})",
                self.declared.id
            ));
            return Err(StatusCode::TOO_MANY_REQUESTS);
        }
        let event = event::connect(self, client).to_string();
        let answer = self.invoke(function, event.into()).await.map_err(|failure| match failure {
            Failure::Error => StatusCode::BAD_GATEWAY,
            Failure::Timeout => StatusCode::GATEWAY_TIMEOUT,
        })?;
        let answer: Value = serde_json::from_slice(&answer).map_err(|_| StatusCode::BAD_GATEWAY)?;
        let status =
            answer.get("statusCode").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
        let status =
            status.and_then(|status| StatusCode::from_u16(status).ok()).ok_or(StatusCode::BAD_GATEWAY)?;
        if !status.is_success() {
            return Err(if status.is_informational() { StatusCode::BAD_GATEWAY } else { status });
        }
        let headers = answer.get("headers").and_then(Value::as_object).into_iter().flatten();
        let mut protocols = headers.filter(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-protocol"));
        Ok(protocols.next().and_then(|(_, value)| value.as_str()).map(str::to_owned))
    }

    async fn invoke(&self, function: &str, event: Bytes) -> Result<Bytes, Failure> {
        match tokio::time::timeout(INTEGRATION_TIMEOUT, self.lambda.invoke(function, event)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(Failure::Error),
            Err(_) => {
                self.warn_of_timeout(function);
                Err(Failure::Timeout)
            }
        }
    }

    fn warn_of_timeout(&self, function: &str) {
        let seconds = INTEGRATION_TIMEOUT.as_secs();
        self.warn(&format!(
            "waits no longer: {function} took more than {seconds} s, which is all that a WebSocket API waits (it goes \
             on, unseen)"
        ));
    }

    fn warn(&self, message: &str) {
        self.console.warning(&self.declared.id, message);
    }
}

/// A refused handshake: the status, and nothing of what `$connect` may have said besides.
fn refused(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
