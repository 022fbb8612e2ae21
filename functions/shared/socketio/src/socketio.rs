//! What any function can do to sockets, with none at hand.

use std::collections::BTreeMap;

use aws_config::SdkConfig;
use aws_lambda_events::dynamodb::{Event, EventRecord};
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use aws_sdk_apigatewaymanagement::primitives::Blob;
use futures_util::future::{join, join_all, try_join_all};
use futures_util::stream::{self, StreamExt};
use serde_dynamo::AttributeValue;
use tracing::{debug, error, info, warn};

use crate::conflicts::retrying;
use crate::connection::Connection;
use crate::connections::Connections;
use crate::emitter::Emitter;
use crate::fan_out::DeliveryReport;
use crate::gateway::{Gateway, PostError};
use crate::room::{Room, RoomChange};
use crate::{ConnectionId, Error, Settings, clock, packet};

/// How long a client waits for its open packet at most, and again as long twice over, in seconds.
const LATE: u64 = 60;

/// The table of connections and the gateway that holds them: all that it takes to reach a socket. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SocketIo {
    pub(crate) connections: Connections,
    pub(crate) gateway: Gateway,
    pub(crate) settings: Settings,
}

impl SocketIo {
    /// Reaches the sockets in a table, with the SDK's configuration.
    ///
    /// The gateway's endpoint is the WebSocket API's own host and stage, never a front door: templates set
    /// `AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI` to `https://ID.execute-api.REGION.amazonaws.com/STAGE`.
    pub fn new(config: &SdkConfig, table: impl Into<String>, settings: Settings) -> Self {
        Self::with_clients(
            &retrying(&aws_sdk_dynamodb::Client::new(config)),
            &aws_sdk_apigatewaymanagement::Client::new(config),
            table,
            settings,
        )
    }

    /// Reaches the sockets in a table, with clients of one's own. How often and how long they try again is up to them. The
    /// table's client must also retry writes that meet a transaction on the same row (`TransactionConflict`), which the SDK
    /// does not do by itself: several frames of one connection are handled at the same time.
    pub fn with_clients(
        dynamodb: &aws_sdk_dynamodb::Client,
        gateway: &aws_sdk_apigatewaymanagement::Client,
        table: impl Into<String>,
        settings: Settings,
    ) -> Self {
        let connections = Connections::new(dynamodb, table.into(), settings.room_shards);
        Self { connections, gateway: Gateway::new(gateway, settings.post_deadline), settings }
    }

    /// Opens the connections to the table and the gateway, so that no client waits for them. For a function's Init.
    ///
    /// # Errors
    /// If one of them could not be reached. The next call tries again, so a function may go on.
    pub async fn warm_up(&self) -> Result<(), Error> {
        let (table, gateway) = join(self.connections.warm_up(), self.gateway.warm_up()).await;
        table.and(gateway)
    }

    /// The sockets of a namespace.
    pub fn of(&self, namespace: impl Into<String>) -> Emitter {
        Emitter::new(self.clone(), namespace.into())
    }

    /// Greets every connection whose own row is new in a batch of the table's stream, and closes the oldest connection of
    /// a session that has too many now. Closes those whose own row expired, as they came into no namespace. The answer names
    /// what failed, for a trigger with `ReportBatchItemFailures`.
    ///
    /// The trigger has two filters. `{"eventName": ["INSERT"], "dynamodb": {"NewImage": {"engine": {"S": [{"exists":
    /// true}]}}}}` is for rows that are new: rows of rooms have no engine. `{"userIdentity": {"principalId":
    /// ["dynamodb.amazonaws.com"]}}` is for rows that expired. Records of other rows are passed over.
    pub async fn send_open_packets(&self, event: &Event) -> DynamoDbEventResponse {
        // At the same time: one that is still being opened is waited for.
        let own = event.records.iter().filter(|record| RoomChange::from_record(record).is_none());
        let greetings = own.map(|record| async move {
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
        let mut answer = DynamoDbEventResponse::default();
        for (record, why) in join_all(greetings).await.into_iter().filter_map(Result::err) {
            error!(record = record.event_id, error = %why, "a connection could be neither greeted nor closed");
            let mut failure = DynamoDbBatchItemFailure::default();
            failure.item_identifier.clone_from(&record.change.sequence_number);
            answer.batch_item_failures.push(failure);
        }
        answer
    }

    /// Sends a connection its open packet, for which its client waits 20 s before it says anything.
    ///
    /// For the row's INSERT in the table's stream, which comes at least once: a client that is greeted again joins
    /// its namespaces again.
    pub async fn send_open_packet(&self, connection: &Connection) -> Result<(), Error> {
        self.open(connection, false).await?;
        self.cap_session(connection).await
    }

    async fn open(&self, connection: &Connection, stale: bool) -> Result<(), Error> {
        let id = connection.id();
        if connection.has_expired() {
            return self.disconnect(id).await;
        }
        let open = Blob::new(packet::open(connection.engine, &self.settings));
        // One that is unknown by now is not still being opened: nobody behind it waits for that.
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

    /// Keeps the connections of these namespaces alive: API Gateway closes one that is silent for ten minutes.
    ///
    /// For a schedule of a little less. A client ignores what it is sent, and answers nothing.
    pub async fn keep_alive(&self, namespaces: &[&str]) -> Result<DeliveryReport, Error> {
        let rooms: Vec<_> = namespaces.iter().map(|namespace| Room::of_namespace(namespace)).collect();
        let members = try_join_all(rooms.iter().map(|room| self.connections.members(room))).await?.concat();
        // Once each, however many namespaces it is in.
        let members: BTreeMap<_, _> =
            members.into_iter().map(|member| (member.connection_id.clone(), member)).collect();
        Ok(self.fan_out(members.into_values().collect(), &packet::noop()).await)
    }

    /// Closes the oldest connections of a connection's session, if there are more than the settings allow.
    ///
    /// Which connections there are is read from an index that is a moment behind: of those that are opened in the same
    /// moment some may be missed. The next one that is opened makes up for it.
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

    /// Closes a connection after it was taken out of its namespaces: its client does not come back by itself.
    async fn disconnect_for_good(&self, connection: &Connection) -> Result<(), Error> {
        for namespace in connection.sockets.keys() {
            if self.post(connection.id(), &packet::disconnect(namespace)).await.is_err() {
                break;
            }
        }
        self.disconnect(connection.id()).await
    }

    /// Closes all connections that were opened with a session. Says how many.
    pub async fn end_session(&self, session: &str) -> Result<usize, Error> {
        let connections = self.connections.of_session(session).await?;
        self.all(connections.into_iter().map(|id| async move { self.disconnect(&id).await })).await
    }

    /// Does all of this, so much at a time as the settings say, whatever fails among it. Says how much it was, or what
    /// failed first.
    pub(crate) async fn all<F: Future<Output = Result<(), Error>>>(
        &self,
        acts: impl Iterator<Item = F>,
    ) -> Result<usize, Error> {
        let mut done = stream::iter(acts).buffer_unordered(self.settings.concurrent_posts.max(1));
        let (mut count, mut failed) = (0, None);
        while let Some(act) = done.next().await {
            count += 1;
            failed = failed.or(act.err());
        }
        failed.map_or(Ok(count), Err)
    }

    /// Closes a connection and takes its rows away, without waiting for its `$disconnect`, which may never come.
    ///
    /// One that is said to be gone is closed all the same: were it not, it would stand without rows for ever.
    pub async fn disconnect(&self, id: &ConnectionId) -> Result<(), Error> {
        debug!(connection = %id, "closing");
        self.gateway.close(id).await?;
        self.connections.remove(id).await.map(drop)
    }

    /// Puts a connection's socket out of a namespace, and tells its client.
    pub(crate) async fn kick(&self, id: &ConnectionId, namespace: &str) -> Result<(), Error> {
        let Some(connection) = self.connections.find(id).await? else { return Ok(()) };
        self.connections.exit(&connection, namespace, None).await?;
        match self.post(id, &packet::disconnect(namespace)).await {
            Err(Error::Gone) => self.disconnect(id).await,
            done => done,
        }
    }

    pub(crate) async fn post(&self, id: &ConnectionId, frame: &str) -> Result<(), Error> {
        Ok(self.gateway.post(id, &Blob::new(frame)).await?)
    }
}

/// The connection whose own row a record is of.
fn connection_of(record: &EventRecord) -> Option<ConnectionId> {
    let text = |name: &str| match record.change.keys.get(name) {
        Some(AttributeValue::S(text)) => Some(text),
        _ => None,
    };
    text("connectionId").filter(|id| Some(*id) == text("room")).map(ConnectionId::new)
}

/// Whether a record is so old that its connection's `$connect` has long returned, and its client given up.
fn is_stale(record: &EventRecord) -> bool {
    let written = record.change.approximate_creation_date_time.timestamp();
    // A record that says no time may be new.
    written > 0 && written.unsigned_abs() + LATE < clock::now()
}
