//! The stream of Sessions: a session was deleted, because of a sign-out or its expiry, and its sockets are closed.

use aws_lambda_events::dynamodb::EventRecord;
use notes::{SessionId, Username};
use serde::Deserialize;
use socketio::SocketIo;
use tracing::info;

use crate::FailedRecord;

/// The key of a deleted session.
#[derive(Deserialize)]
struct EndedSession {
    username: Username,
    id: String,
}

/// Closes the sockets of the sessions in a batch. Calling it again does no harm.
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
