//! The function behind the schedule: connections that carry nothing are kept alive.
//!
//! API Gateway closes a connection that was silent for ten minutes. Its client would come back by itself and be sent
//! everything again, but every quiet page would do so six times an hour.

use std::env;

use aws_config::BehaviorVersion;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use notes::live::{HOME, NOTES};
use serde_json::Value;
use socketio::{Settings, SocketIo};
use tracing::info;

/// The namespaces whose connections are kept alive: all that there are.
const NAMESPACES: [&str; 2] = [HOME, NOTES];

/// Serves invocations until the process is stopped.
///
/// Reading the environment, which says what is missing, is done before the first one. Connections are opened by it:
/// nobody waits for this function.
pub async fn run() -> Result<(), Error> {
    lambda_runtime::tracing::init_default_subscriber();
    let io = &socketio().await?;
    // What the event says, its time, does not matter.
    lambda_runtime::run(service_fn(|_: LambdaEvent<Value>| keep_alive(io))).await
}

async fn socketio() -> Result<SocketIo, Error> {
    let settings = Settings { room_shards: variable("ROOM_SHARDS")?.parse()?, ..Settings::default() };
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    Ok(SocketIo::new(&config, variable("CONNECTIONS_TABLE")?, settings))
}

/// Posts to every connection once. An error brings the event again, a minute later.
async fn keep_alive(io: &SocketIo) -> Result<(), Error> {
    let reached = io.keep_alive(&NAMESPACES).await?;
    info!(reached = reached.reached, gone = reached.gone, closed = reached.closed, "kept alive");
    match reached.missed {
        0 => Ok(()),
        missed => Err(format!("{missed} connections were neither reached nor closed").into()),
    }
}

fn variable(name: &str) -> Result<String, Error> {
    env::var(name).map_err(|error| format!("the environment variable {name}: {error}").into())
}
