//! The function behind the WebSocket API: connections, frames and disconnections of Socket.IO clients.

mod acknowledgement;
mod app;
mod authentication;
mod edge_check;
mod home;
mod note;

use std::sync::Arc;
use std::time::Instant;

use after::After;
use aws::{Edge, Environment};
use aws_lambda_events::apigw::{ApiGatewayProxyResponse, ApiGatewayWebsocketProxyRequest};
use lambda_runtime::{Error, LambdaEvent, Runtime, service_fn};
use notes::live::{HOME, NOTES};
use pushes::{BUSY_ROOM_SOCKETS, EARLY_PUSH_SOCKETS};
use socketio::{Namespace, Server, Settings, SocketIo};
use telemetry::metrics::Metrics;
use tracing::{Instrument as _, info};

use crate::app::App;

/// The environment variables that the function reads.
pub const ENVIRONMENT: &[&str] = &[
    aws::DYNAMODB_ENDPOINT,
    aws::CONNECTIONS_ENDPOINT,
    "NOTES_TABLE",
    "EDITS_TABLE",
    "BOARDS_TABLE",
    "USERS_TABLE",
    "SESSIONS_TABLE",
    "CONNECTIONS_TABLE",
    "ROOM_SHARDS",
    EARLY_PUSH_SOCKETS,
    BUSY_ROOM_SOCKETS,
    "WRITES_PER_MINUTE",
    "MEGABYTES_PER_MINUTE",
    "ORIGIN",
    aws::EDGE,
    aws::EDGE_SECRET,
    "SESSION_COOKIE",
];

/// The events that clients send, by namespace. `tests/live/roles.rs` shows who may send each.
pub const EVENTS: &[(&str, &str)] = &[
    (HOME, "close-board"),
    (HOME, "open-board"),
    (NOTES, "create-message"),
    (NOTES, "cursor"),
    (NOTES, "delete-message"),
    (NOTES, "edit"),
];

/// The metrics that the function counts.
pub const METRICS: &[&str] = pushes::metrics::METRICS;

/// Serves invocations until the process is stopped.
///
/// It reads the environment, and connects to DynamoDB and `@connections`, before the first event.
///
/// # Errors
/// If an environment variable is missing or wrong.
pub async fn run() -> Result<(), Error> {
    telemetry::log::start();
    let metrics = Metrics::start()?;
    pushes::metrics::describe();
    let environment = Environment::new(ENVIRONMENT);
    let written = move |request_id: &str| metrics.write(request_id);
    let after = After::default();
    let connected = Connected::from_environment(environment).await?;
    let edge = &Edge::from_environment(environment)?;
    let server = &server(environment, connected, after.clone())?;
    let events = service_fn(|event: LambdaEvent<ApiGatewayWebsocketProxyRequest>| async move {
        Ok::<_, Error>(handle(edge, server, &event.payload).await)
    });
    after::serve(Runtime::new(events), &after, written).await
}

/// Handles an event, and logs the outcome. All its log lines have the gateway's request id.
async fn handle(
    edge: &Edge,
    server: &Server,
    event: &ApiGatewayWebsocketProxyRequest,
) -> ApiGatewayProxyResponse {
    let context = &event.request_context;
    let id = context.request_id.as_deref().unwrap_or_default();
    let handled = async {
        let began = Instant::now();
        let response = match edge_check::refusal(edge, event) {
            Some(refusal) => refusal,
            None => server.handle(event).await,
        };
        let route = context.route_key.as_deref().unwrap_or_default();
        let connection = context.connection_id.as_deref().unwrap_or_default();
        let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let status = response.status_code;
        info!(route, status, duration_ms, connection, "{route} {status} in {duration_ms} ms");
        response
    };
    handled.instrument(telemetry::log::request(id)).await
}

/// The clients, which are connected.
struct Connected {
    dynamodb: aws_sdk_dynamodb::Client,
    io: SocketIo,
}

impl Connected {
    async fn from_environment(environment: Environment) -> Result<Self, Error> {
        let config = aws::config();
        // All tables share one client, so that one warm-up is enough.
        let dynamodb = notes::dynamodb(aws::dynamodb(&config, environment));
        let gateway = aws_sdk_apigatewaymanagement::Client::new(&config);
        let settings = Settings { room_shards: environment.parse("ROOM_SHARDS")?, ..Settings::default() };
        let table = environment.get("CONNECTIONS_TABLE")?;
        let io = SocketIo::with_clients(&dynamodb, &gateway, table, settings);
        if let Err(error) = io.warm_up().await {
            aws::log_unreachable(&error);
        }
        Ok(Self { dynamodb, io })
    }
}

fn server(
    environment: Environment,
    Connected { dynamodb, io }: Connected,
    after: After,
) -> Result<Server, Error> {
    let app = Arc::new(App::new(dynamodb, &io, after.clone(), environment)?);
    let mut server = Server::new(io)
        .origin(environment.get("ORIGIN")?)
        .authenticate(app.clone(), authentication::authenticate);
    if app.pushes.are_made() {
        server = server.open_after_response(move |sending| {
            after.run("open packet", async move { Ok(sending.await?) });
        });
    }
    let (home, note) = (home::namespace(app.clone()), note::namespace(app));
    debug_assert!(lists_every_event(&home, &note), "EVENTS lists every event");
    Ok(server.of(home).of(note))
}

/// Returns whether [`EVENTS`] has exactly the events of two namespaces.
fn lists_every_event(home: &Namespace<Arc<App>>, note: &Namespace<Arc<App>>) -> bool {
    let events = home.events().map(|event| (HOME, event)).chain(note.events().map(|event| (NOTES, event)));
    events.eq(EVENTS.iter().copied())
}
