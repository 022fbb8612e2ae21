//! The function behind the tables' streams: changes cause open packets, pushes and closed sockets.

mod activity;
mod board_changes;
mod closings;
mod early_marks;
mod note_changes;
mod presence;
mod room_pushes;
mod stores;
mod targets;

use std::time::Instant;

use aws::Environment;
use aws_lambda_events::dynamodb::{Event, EventRecord};
use aws_lambda_events::streams::DynamoDbEventResponse;
use futures_util::future::join;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use pushes::{BUSY_ROOM_SOCKETS, EARLY_PUSH_SOCKETS, Lists};
use socketio::{Settings, SocketIo};
use telemetry::metrics::Metrics;
use tracing::{Instrument as _, error, info};

use crate::stores::Stores;
use crate::targets::Targets;

/// The metrics that the function counts.
pub const METRICS: &[&str] = pushes::metrics::METRICS;

/// The environment variables that the function reads.
pub const ENVIRONMENT: &[&str] = &[
    aws::DYNAMODB_ENDPOINT,
    aws::CONNECTIONS_ENDPOINT,
    "NOTES_TABLE",
    "EDITS_TABLE",
    "BOARDS_TABLE",
    "SESSIONS_TABLE",
    "CONNECTIONS_TABLE",
    EARLY_PUSH_SOCKETS,
    BUSY_ROOM_SOCKETS,
    "HISTORY_DAYS",
    "ROOM_SHARDS",
    "CONNECTIONS_PER_SESSION",
];

/// The view that each table's stream must have, by the variable that names the table.
///
/// A push compares both images of a note, and of a board. A new connection is read from its row, and a socket that left
/// a room from its old one. The key of a deleted session is enough.
pub const STREAM_VIEWS: &[(&str, &str)] = &[
    ("NOTES_TABLE", "NEW_AND_OLD_IMAGES"),
    ("BOARDS_TABLE", "NEW_AND_OLD_IMAGES"),
    ("CONNECTIONS_TABLE", "NEW_AND_OLD_IMAGES"),
    ("SESSIONS_TABLE", "KEYS_ONLY"),
];

/// Serves invocations until the process is stopped.
///
/// It reads the environment, and connects to DynamoDB and `@connections`, before the first event.
///
/// # Errors
/// If an environment variable is missing or wrong.
pub async fn run() -> Result<(), Error> {
    telemetry::log::start();
    let metrics = &Metrics::start()?;
    pushes::metrics::describe();
    let streams = &Streams::from_env().await?;
    lambda_runtime::run(service_fn(|LambdaEvent { payload, context }: LambdaEvent<Event>| async move {
        let span = telemetry::log::request(&context.request_id);
        let response = streams.act_on(&payload).instrument(span).await;
        metrics.write(&context.request_id);
        Ok::<_, Error>(response)
    }))
    .await
}

/// The tables whose streams this function handles, and its clients.
struct Streams {
    notes_table: String,
    connections_table: String,
    sessions_table: String,
    boards_table: String,
    stores: Stores,
    targets: Targets,
}

/// A record that failed. Its trigger retries from there, until it gives up.
struct FailedRecord<'a> {
    record: &'a EventRecord,
    reason: String,
}

impl Streams {
    async fn from_env() -> Result<Self, Error> {
        let environment = Environment::new(ENVIRONMENT);
        let notes_table = environment.get("NOTES_TABLE")?;
        let sessions_table = environment.get("SESSIONS_TABLE")?;
        let connections_table = environment.get("CONNECTIONS_TABLE")?;
        let settings = Settings {
            room_shards: environment.parse("ROOM_SHARDS")?,
            connections_per_session: environment.parse("CONNECTIONS_PER_SESSION")?,
            ..Settings::default()
        };

        let config = aws::config();
        // All tables share one client, so that one warm-up is enough.
        let dynamodb = notes::dynamodb(aws::dynamodb(&config, environment));
        let gateway = aws_sdk_apigatewaymanagement::Client::new(&config);
        let io = SocketIo::with_clients(&dynamodb, &gateway, connections_table.clone(), settings);
        if let Err(error) = io.warm_up().await {
            aws::log_unreachable(&error);
        }
        let boards_table = environment.get("BOARDS_TABLE")?;
        let tables = [&notes_table, &environment.get("EDITS_TABLE")?, &boards_table];
        let stores = Stores::new(&dynamodb, tables.map(String::as_str), environment.parse("HISTORY_DAYS")?);
        let lists = Lists::new(io.clone(), stores.notes.clone(), environment.parse(BUSY_ROOM_SOCKETS)?);
        let targets = Targets::new(io, lists, environment.parse(EARLY_PUSH_SOCKETS)?);
        Ok(Self { notes_table, connections_table, sessions_table, boards_table, stores, targets })
    }

    /// Handles a batch, and logs the outcome.
    async fn act_on(&self, batch: &Event) -> DynamoDbEventResponse {
        let began = Instant::now();
        let response = self.handle(batch).await;
        let table = batch.records.first().and_then(table).unwrap_or_default();
        let (records, failed) = (batch.records.len(), response.batch_item_failures.len());
        let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        info!(table, records, failed, duration_ms, "a batch of {table}");
        response
    }

    /// Handles a batch of one stream. The response names the records that failed. An error would fail the whole batch,
    /// and an empty response would count it as done.
    async fn handle(&self, event: &Event) -> DynamoDbEventResponse {
        let records = &event.records;
        let Some(first) = records.first() else { return DynamoDbEventResponse::default() };
        let mut response = DynamoDbEventResponse::default();
        let failed = match table(first) {
            Some(table) if table == self.notes_table => {
                note_changes::push(&self.targets, &self.stores, records).await
            }
            Some(table) if table == self.boards_table => {
                board_changes::push(&self.targets.io, &self.stores, records).await
            }
            // One trigger brings new connections, and changes of notes' rooms.
            Some(table) if table == self.connections_table => {
                let (opened, failed) = join(
                    self.targets.io.send_open_packets(event),
                    presence::push(&self.targets.rooms, records),
                )
                .await;
                response = opened;
                failed
            }
            Some(table) if table == self.sessions_table => closings::close(&self.targets.io, records).await,
            _ => vec![FailedRecord {
                record: first,
                reason: "a record of a stream that this function does not know".into(),
            }],
        };
        for FailedRecord { record, reason } in failed {
            error!(record = record.event_id, error = reason, "a record could not be handled");
            response.batch_item_failures.push(socketio::batch_failure(record));
        }
        response
    }
}

/// Returns the table of a record's stream, from `arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/LABEL`.
fn table(record: &EventRecord) -> Option<&str> {
    record.event_source_arn.as_deref()?.split(":table/").nth(1)?.split('/').next()
}
