//! The function behind the stream of edits: it merges them into documents, and writes the texts into the notes.
//!
//! It also posts the edits of a batch to the room of their note once more, in case the function that stored them died before it
//! posted them. A page that has them already changes nothing.

use std::collections::BTreeMap;
use std::time::Instant;

use aws::Environment;
use aws_lambda_events::dynamodb::{Event, EventRecord};
use aws_lambda_events::streams::DynamoDbEventResponse;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use notes::live::{DOCUMENT, EDIT, NOTES, TextDocument, TextEdit, note_room};
use notes::{BoardId, Contents, DocumentId, Documents, Edit, Merged, StoredEdit};
use socketio::{Settings, SocketIo};
use telemetry::metrics::Metrics;
use tracing::{Instrument as _, error, info};

/// The environment variables that the function reads.
pub const ENVIRONMENT: &[&str] = &[
    aws::DYNAMODB_ENDPOINT,
    aws::CONNECTIONS_ENDPOINT,
    "NOTES_TABLE",
    "EDITS_TABLE",
    "CONNECTIONS_TABLE",
    "ROOM_SHARDS",
];

/// The view that the stream of the table of edits must have: the edits are posted from their records.
pub const STREAM_VIEWS: &[(&str, &str)] = &[("EDITS_TABLE", "NEW_IMAGE")];

/// Serves invocations until the process is stopped.
///
/// It reads the environment, and connects to DynamoDB and `@connections`, before the first event.
///
/// # Errors
/// If an environment variable is missing or wrong.
pub async fn run() -> Result<(), Error> {
    telemetry::log::start();
    let metrics = &Metrics::start()?;
    let merger = &Merger::from_env().await?;
    lambda_runtime::run(service_fn(|LambdaEvent { payload, context }: LambdaEvent<Event>| async move {
        let span = telemetry::log::request(&context.request_id);
        let response = merger.act_on(&payload).instrument(span).await;
        metrics.write(&context.request_id);
        Ok::<_, Error>(response)
    }))
    .await
}

struct Merger {
    documents: Documents,
    contents: Contents,
    io: SocketIo,
}

/// The edits of a document in a batch. Its first record is retried if something fails.
struct Batch<'a> {
    first: &'a EventRecord,
    edits: Vec<StoredEdit>,
}

impl Merger {
    async fn from_env() -> Result<Self, Error> {
        let (config, environment) = (aws::config(), Environment::new(ENVIRONMENT));
        let settings = Settings { room_shards: environment.parse("ROOM_SHARDS")?, ..Settings::default() };
        let dynamodb = notes::dynamodb(aws::dynamodb(&config, environment));
        let gateway = aws_sdk_apigatewaymanagement::Client::new(&config);
        let io = SocketIo::with_clients(&dynamodb, &gateway, environment.get("CONNECTIONS_TABLE")?, settings);
        if let Err(error) = io.warm_up().await {
            aws::log_unreachable(&error);
        }
        let notes_table = environment.get("NOTES_TABLE")?;
        let documents = Documents::new(dynamodb.clone(), environment.get("EDITS_TABLE")?, &notes_table);
        let contents = Contents::new(dynamodb, notes_table, documents.clone());
        Ok(Self { documents, contents, io })
    }

    /// Handles a batch, document by document, and logs the outcome. The response names the records that failed.
    async fn act_on(&self, event: &Event) -> DynamoDbEventResponse {
        let began = Instant::now();
        let mut response = DynamoDbEventResponse::default();
        let mut fail = |record: &EventRecord, reason: String| {
            error!(record = record.event_id, error = reason, "a record could not be handled");
            response.batch_item_failures.push(socketio::batch_failure(record));
        };
        let mut documents: BTreeMap<DocumentId, Batch> = BTreeMap::new();
        for record in &event.records {
            match StoredEdit::from_image(&record.change.new_image) {
                Ok(Some(edit)) => {
                    let batch = documents.entry(edit.document.clone());
                    batch.or_insert(Batch { first: record, edits: Vec::new() }).edits.push(edit);
                }
                Ok(None) => {}
                Err(invalid) => fail(record, format!("not an edit: {invalid}")),
            }
        }
        for Batch { first, edits } in documents.into_values() {
            if let Err(reason) = self.handle(&edits).await {
                fail(first, reason.to_string());
            }
        }
        let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (records, failed) = (event.records.len(), response.batch_item_failures.len());
        info!(records, failed, duration_ms, "a batch of edits");
        response
    }

    /// Merges the edits of a document, and posts them to the room of its note. Calling it again does no harm.
    async fn handle(&self, edits: &[StoredEdit]) -> Result<(), Error> {
        let Some(last) = edits.last() else { return Ok(()) };
        let board = match self.documents.merge(last).await? {
            Merged::Into(board) => {
                info!(%board, key = %last.thread.key, edits = edits.len(), "edits were merged");
                board
            }
            Merged::Nothing => last.thread.board.clone(),
            // There is nobody in the room.
            Merged::IntoTrash => return Ok(()),
            // A late edit. The stream's function has deleted the others.
            Merged::NoNote => return Ok(self.contents.settle_document(&last.note()).await?),
        };
        self.post(board, edits, last).await
    }

    /// Posts edits once more, as one. If they are too long for a frame, the pages ask for them.
    async fn post(&self, board: BoardId, edits: &[StoredEdit], last: &StoredEdit) -> Result<(), Error> {
        let (key, document) = (last.thread.key.clone(), last.document.clone());
        let mut room = self.io.of(NOTES).to(note_room(&board, &key));
        // A socket that has sent all of them has them.
        if let Some(socket) =
            last.socket.clone().filter(|_| edits.iter().all(|edit| edit.socket == last.socket))
        {
            room = room.filter(move |other| other.id != socket);
        }
        let edit = StoredEdit::together(edits)?;
        let report = if edit.length() <= Edit::LONGEST_IN_A_FRAME {
            room.emit(EDIT, &TextEdit::new(board, key, document, &edit)).await?
        } else {
            room.emit(DOCUMENT, &TextDocument { board, key, document, update: None }).await?
        };
        match report.missed {
            0 => Ok(()),
            missed => Err(format!("{missed} sockets were neither reached nor closed").into()),
        }
    }
}
