//! The function behind the schedule: it keeps idle connections alive.
//!
//! API Gateway closes a connection after ten minutes without messages. Its client would reconnect and receive
//! everything again, six times an hour.

use std::time::Instant;

use aws::Environment;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use notes::live::{HOME, NOTES};
use serde_json::Value;
use socketio::{DeliveryReport, Settings, SocketIo};
use tracing::{Instrument as _, info};

/// All namespaces, whose connections are kept alive.
const NAMESPACES: [&str; 2] = [HOME, NOTES];

/// The environment variables that the function reads.
pub const ENVIRONMENT: &[&str] =
    &[aws::DYNAMODB_ENDPOINT, aws::CONNECTIONS_ENDPOINT, "CONNECTIONS_TABLE", "ROOM_SHARDS"];

/// Serves invocations until the process is stopped.
///
/// It reads the environment before the first event. It connects during that event, because no user waits for this
/// function.
///
/// # Errors
/// If an environment variable is missing or wrong.
pub async fn run() -> Result<(), Error> {
    telemetry::log::start();
    let io = &socketio()?;
    // The event contains the time only.
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| {
        keep_alive(io).instrument(telemetry::log::request(&event.context.request_id))
    }))
    .await
}

fn socketio() -> Result<SocketIo, Error> {
    let environment = Environment::new(ENVIRONMENT);
    let settings = Settings { room_shards: environment.parse("ROOM_SHARDS")?, ..Settings::default() };
    let config = aws::config();
    let gateway = aws_sdk_apigatewaymanagement::Client::new(&config);
    let table = environment.get("CONNECTIONS_TABLE")?;
    Ok(SocketIo::with_clients(
        &notes::dynamodb(aws::dynamodb(&config, environment)),
        &gateway,
        table,
        settings,
    ))
}

/// Posts to every connection once. After an error, the event is repeated a minute later.
async fn keep_alive(io: &SocketIo) -> Result<(), Error> {
    let began = Instant::now();
    let DeliveryReport { reached, gone, closed, missed } =
        io.keep_alive(&NAMESPACES).await.inspect_err(|error| aws::log_unreachable(error))?;
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    info!(reached, gone, closed, missed, duration_ms, "kept alive");
    match missed {
        0 => Ok(()),
        missed => Err(format!("{missed} connections were neither reached nor closed").into()),
    }
}
