//! Emits from a function that has no socket: each change of an Orders table is sent to the customer's room.
//!
//! The function's trigger is the table's stream. The sockets are those of another function, which puts each into the room
//! that is named after its user: `socket.join(&user.id)`.
//!
//! It has two environment variables, as the function with the sockets has: `CONNECTIONS_TABLE`, and
//! `AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI`. Its role allows `dynamodb:Query` and `dynamodb:DeleteItem` on that table,
//! and `execute-api:ManageConnections`.

use std::env;

use aws_config::BehaviorVersion;
use aws_lambda_events::dynamodb::{Event, EventRecord};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::{Deserialize, Serialize};
use socketio::{Settings, SocketIo};

#[derive(Deserialize, Serialize)]
struct Order {
    id: String,
    customer: String,
    status: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let io = &SocketIo::new(&config, env::var("CONNECTIONS_TABLE")?, Settings::default());
    lambda_runtime::run(service_fn(|event: LambdaEvent<Event>| async move {
        for record in event.payload.records {
            publish(io, record).await?;
        }
        Ok::<_, Error>(())
    }))
    .await
}

/// Sends an order to its customer, on every device.
async fn publish(io: &SocketIo, record: EventRecord) -> Result<(), Error> {
    let order: Order = serde_dynamo::from_item(record.change.new_image)?;
    let report = io.of("/orders").to(&*order.customer).emit("order", &order).await?;
    match report.missed {
        0 => Ok(()),
        // An error makes the stream repeat the batch. Clients receive an order twice, which is harmless.
        missed => Err(format!("{missed} sockets could be neither reached nor closed").into()),
    }
}
