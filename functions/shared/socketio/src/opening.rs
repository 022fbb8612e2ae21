//! Opening connections: the open packet that each new connection waits for, and the limit of connections per session.

use std::time::Duration;

use aws_lambda_events::dynamodb::{Event, EventRecord};
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use aws_sdk_apigatewaymanagement::primitives::Blob;
use futures_util::future::{join_all, try_join_all};
use serde_dynamo::AttributeValue;
use tokio::time::{sleep, timeout};
use tracing::{error, info, warn};

use crate::connection::Connection;
use crate::gateway::PostError;
use crate::room::RoomChange;
use crate::{ConnectionId, Error, SocketIo, clock, packet};

/// How long the function that opened a connection may take to send its open packet. The stream's function waits for it.
const EARLY: Duration = Duration::from_secs(2);

/// How often the stream's function looks whether an open packet was sent.
const POLL: Duration = Duration::from_millis(50);

/// The age in seconds from which a stream record is stale. A client waits 20 s for its open packet.
const LATE: u64 = 60;

impl SocketIo {
    /// Sends the open packet to every connection that is new in a batch of the table's stream.
    ///
    /// It closes the oldest connections of a session that has too many, and the connections whose own row expired,
    /// because they joined no namespace. The response names the records that failed, for a trigger with
    /// `ReportBatchItemFailures`.
    ///
    /// The trigger needs two filters. The first is for new rows, and leaves out rows of rooms, which have no engine:
    /// `{"eventName": ["INSERT"], "dynamodb": {"NewImage": {"engine": {"S": [{"exists": true}]}}}}`. The second is for
    /// expired rows: `{"userIdentity": {"principalId": ["dynamodb.amazonaws.com"]}}`. Records of other rows are
    /// ignored.
    pub async fn send_open_packets(&self, event: &Event) -> DynamoDbEventResponse {
        // In parallel, because a connection that is still opening is waited for.
        let own = event.records.iter().filter(|record| RoomChange::from_record(record).is_none());
        let opened = own.map(|record| async move {
            let done = async {
                if record.event_name == "REMOVE" {
                    return match connection_of(record) {
                        Some(id) => self.gateway.close(&id).await,
                        None => Ok(()),
                    };
                }
                let connection = Connection::from_record(record)?;
                self.open(&connection, is_stale(record)).await?;
                self.cap_session(&connection).await
            };
            done.await.map_err(|error| (record, error))
        });
        let mut response = DynamoDbEventResponse::default();
        for (record, error) in join_all(opened).await.into_iter().filter_map(Result::err) {
            error!(record = record.event_id, %error, "a connection received no open packet, and was not closed");
            response.batch_item_failures.push(batch_failure(record));
        }
        response
    }

    /// Sends the open packet to a connection. Its client waits 20 s for it before it sends anything.
    ///
    /// Call it for the INSERT of the connection's row in the table's stream. The stream may repeat it: a client that
    /// receives the packet again joins its namespaces again.
    ///
    /// # Errors
    /// If the connection can be neither reached nor closed, or the table fails.
    pub async fn send_open_packet(&self, connection: &Connection) -> Result<(), Error> {
        self.open(connection, false).await?;
        self.cap_session(connection).await
    }

    /// Announces that this function sends the open packet itself, with [`send_open_packet_early`](Self::send_open_packet_early).
    pub(crate) fn claim_open_packet(connection: &mut Connection) {
        let time = u64::try_from(EARLY.as_millis()).unwrap_or_default();
        connection.open_packet_by = clock::milliseconds() + time;
    }

    /// Sends the open packet of a connection whose `$connect` is returning. If it fails, the stream's function sends it.
    ///
    /// The connection's row says that it was sent only after it was. So a function that dies in between makes the client receive it
    /// twice, and join twice.
    pub(crate) async fn send_open_packet_early(&self, connection: &Connection) -> Result<(), Error> {
        let open = Blob::new(packet::open(connection.engine, &self.settings));
        // Less than the time that was announced, so that hardly ever both send it.
        timeout(EARLY * 3 / 4, self.gateway.post_first(connection.id(), &open))
            .await
            .map_err(Error::gateway)??;
        self.connections.mark_open_packet_sent(connection.id()).await
    }

    /// Returns whether the function that opened a connection has sent its open packet, or the connection is gone. Waits for that
    /// function as long as it may take.
    async fn was_opened_early(&self, connection: &Connection) -> Result<bool, Error> {
        if connection.open_packet_by == 0 {
            return Ok(false);
        }
        loop {
            // Before the read, so that the last read is after the deadline.
            let is_over = clock::milliseconds() >= connection.open_packet_by;
            match self.connections.find(connection.id()).await? {
                Some(now) if !now.open_packet_sent && is_over => return Ok(false),
                Some(now) if !now.open_packet_sent => sleep(POLL).await,
                Some(_) | None => return Ok(true),
            }
        }
    }

    async fn open(&self, connection: &Connection, stale: bool) -> Result<(), Error> {
        let id = connection.id();
        if connection.has_expired() {
            return self.disconnect(id).await;
        }
        if self.was_opened_early(connection).await? {
            return Ok(());
        }
        let open = Blob::new(packet::open(connection.engine, &self.settings));
        // A connection that is unknown by now is no longer opening, so this does not wait for it.
        let posted =
            if stale { self.gateway.post(id, &open).await } else { self.gateway.post_first(id, &open).await };
        match posted {
            Ok(()) => Ok(()),
            Err(PostError::Gone) => self.disconnect(id).await,
            Err(PostError::Failed(error)) => {
                warn!(connection = %id, %error, "no open packet could be sent: closing");
                self.disconnect(id).await
            }
        }
    }

    /// Closes the oldest connections of a connection's session, if there are more than the settings allow.
    ///
    /// The index that lists them is eventually consistent. It may miss connections that were opened at the same time.
    /// The next connection makes up for it.
    async fn cap_session(&self, connection: &Connection) -> Result<(), Error> {
        let most = self.settings.connections_per_session;
        let Some(session) = connection.session.as_deref().filter(|_| most > 0) else { return Ok(()) };
        let ids = self.connections.of_session(session).await?;
        if ids.len() <= most {
            return Ok(());
        }
        let found = try_join_all(ids.iter().map(|id| self.connections.find(id))).await?;
        let mut open: Vec<_> = found.into_iter().flatten().collect();
        open.sort_by(|a, b| (b.opened, b.id()).cmp(&(a.opened, a.id())));
        let surplus = open.iter().skip(most);
        let closed = self.all(surplus.map(|connection| self.disconnect_for_good(connection))).await?;
        if closed > 0 {
            info!(closed, most, "a session had too many connections: the oldest are closed");
        }
        Ok(())
    }

    /// Disconnects all sockets of a connection, then closes it. So its client does not reconnect by itself.
    async fn disconnect_for_good(&self, connection: &Connection) -> Result<(), Error> {
        for namespace in connection.sockets.keys() {
            if self.post(connection.id(), &packet::disconnect(namespace)).await.is_err() {
                break;
            }
        }
        self.disconnect(connection.id()).await
    }
}

/// Returns the entry of a failed record for the response to a trigger with `ReportBatchItemFailures`.
///
/// # Examples
/// ```
/// use aws_lambda_events::dynamodb::EventRecord;
/// use aws_lambda_events::streams::DynamoDbEventResponse;
///
/// fn response(failed: &[EventRecord]) -> DynamoDbEventResponse {
///     let mut response = DynamoDbEventResponse::default();
///     response.batch_item_failures.extend(failed.iter().map(socketio::batch_failure));
///     response
/// }
/// ```
#[must_use]
pub fn batch_failure(record: &EventRecord) -> DynamoDbBatchItemFailure {
    let mut failure = DynamoDbBatchItemFailure::default();
    failure.item_identifier.clone_from(&record.change.sequence_number);
    failure
}

/// Returns the connection whose own row a record is about.
fn connection_of(record: &EventRecord) -> Option<ConnectionId> {
    let text = |name: &str| match record.change.keys.get(name) {
        Some(AttributeValue::S(text)) => Some(text),
        _ => None,
    };
    text("connectionId").filter(|id| Some(*id) == text("room")).map(ConnectionId::new)
}

/// Returns whether a record is so old that its connection's `$connect` has returned, and its client has given up.
fn is_stale(record: &EventRecord) -> bool {
    let written = record.change.approximate_creation_date_time.timestamp();
    // A record without a time may be new.
    written > 0 && written.unsigned_abs() + LATE < clock::now()
}
