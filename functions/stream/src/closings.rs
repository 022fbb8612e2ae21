//! Sessions.stream -> closings: a session is gone, signed out or expired, and its sockets go with it.

use aws_lambda_events::dynamodb::EventRecord;
use notes::{SessionId, Username};
use serde::Deserialize;
use socketio::SocketIo;
use tracing::info;

use crate::FailedRecord;

/// The key of a session's row, all that its end says.
#[derive(Deserialize)]
struct EndedSession {
    username: Username,
    id: String,
}

/// Closes the sockets of every session of a batch. Repeating it does no harm.
pub(crate) async fn close<'a>(io: &SocketIo, records: &'a [EventRecord]) -> Vec<FailedRecord<'a>> {
    let mut failed = Vec::new();
    for record in records {
        if let Err(error) = end(io, record).await {
            failed.push(FailedRecord { record, reason: error.to_string() });
        }
    }
    failed
}

async fn end(io: &SocketIo, record: &EventRecord) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let EndedSession { username, id } = serde_dynamo::from_item(record.change.keys.clone())?;
    let closed = io.end_session(&SessionId::of(username, &id)?.to_string()).await?;
    info!(sockets = closed, "a session ended");
    Ok(())
}
