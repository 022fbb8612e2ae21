//! The function behind the WebSocket API: connections, frames and disconnections of Socket.IO clients.

mod home;
mod visitors;

use std::env;

use aws_config::BehaviorVersion;
use aws_lambda_events::apigw::{ApiGatewayProxyResponse, ApiGatewayWebsocketProxyRequest};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use notes::{HOME, NotesStore, Sessions};
use socketio::{Connections, Gateway, Server, SocketIo};

use crate::home::Home;
use crate::visitors::Visitors;

/// Serves invocations until the process is stopped.
///
/// Whatever does not depend on the event is done before the first one: reading the environment, which says what is
/// missing, and opening the connections to DynamoDB and `@connections`.
pub async fn run() -> Result<(), Error> {
    lambda_runtime::tracing::init_default_subscriber();
    let server = &server().await?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<ApiGatewayWebsocketProxyRequest>| async move {
        let mut answer = ApiGatewayProxyResponse::default();
        answer.status_code = server.handle(&event.payload).await.into();
        Ok::<_, Error>(answer)
    }))
    .await
}

async fn server() -> Result<Server, Error> {
    let (notes, sessions, connections) =
        (variable("NOTES_TABLE")?, variable("SESSIONS_TABLE")?, variable("CONNECTIONS_TABLE")?);
    let (cookie, origin) = (variable("SESSION_COOKIE")?, variable("ORIGIN")?);
    let shards = variable("ROOM_SHARDS")?.parse().map_err(|_| "ROOM_SHARDS is no number")?;

    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&config);
    let gateway = Gateway::new(aws_sdk_apigatewaymanagement::Client::new(&config));
    let io = SocketIo::new(Connections::new(dynamodb.clone(), connections, shards), gateway);
    io.warm_up().await;

    let notes = NotesStore::new(dynamodb.clone(), notes);
    let sessions = Sessions::new(dynamodb, sessions);
    Ok(Server::new(io, origin, Visitors::new(sessions.clone(), cookie)).of(HOME, Home::new(notes, sessions)))
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("the environment variable {name} is not set: template.yaml sets it"))
}
