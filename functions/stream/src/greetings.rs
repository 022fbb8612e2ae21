//! Connections.stream -> open packets: a connection's own row is new, and its client waits for the first word.

use aws_lambda_events::dynamodb::EventRecord;
use futures_util::future::join_all;
use socketio::{Connection, SocketIo};

use crate::Failed;

/// Greets every connection of a batch at the same time: one that is still being opened is waited for.
pub(crate) async fn greet<'a>(io: &SocketIo, records: &'a [EventRecord]) -> Vec<Failed<'a>> {
    let greetings = records.iter().map(async |record| {
        let greeted = async { io.greet(&Connection::from_image(record.change.new_image.clone())?).await };
        greeted.await.err().map(|error| Failed { record, why: error.to_string() })
    });
    join_all(greetings).await.into_iter().flatten().collect()
}
