//! Access to sockets from any function.

use aws_config::SdkConfig;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use futures_util::future::join;
use futures_util::stream::{self, StreamExt};
use tracing::debug;

use crate::conflicts::retrying;
use crate::connections::Connections;
use crate::gateway::Gateway;
use crate::{ConnectionId, Error, Settings, packet};

/// The table of connections, and the gateway that holds them. It is cheap to clone.
///
/// Any function can use it: [`of`](Self::of) emits to sockets, [`end_session`](Self::end_session) closes those of a
/// session.
///
/// ```no_run
/// use socketio::{Error, Settings, SocketIo};
///
/// async fn announce() -> Result<(), Error> {
///     let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
///     let io = SocketIo::new(&config, "Connections", Settings::default());
///     io.of("/chat").emit("message", "Hello!").await.map(drop)
/// }
/// ```
#[derive(Debug, Clone)]
pub struct SocketIo {
    pub(crate) connections: Connections,
    pub(crate) gateway: Gateway,
    pub(crate) settings: Settings,
}

impl SocketIo {
    /// Creates clients of a table and of `@connections` from the SDK's configuration.
    ///
    /// The environment variable `AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI` names the WebSocket API's own host and
    /// stage: `https://ID.execute-api.REGION.amazonaws.com/STAGE`. A CDN or a custom domain does not work.
    pub fn new(config: &SdkConfig, table: impl Into<String>, settings: Settings) -> Self {
        Self::with_clients(
            &retrying(&aws_sdk_dynamodb::Client::new(config)),
            &aws_sdk_apigatewaymanagement::Client::new(config),
            table,
            settings,
        )
    }

    /// Uses existing clients. Their configuration says how often and how long they retry.
    ///
    /// The table's client must also retry writes that conflict with a transaction on the same row
    /// (`TransactionConflict`), because several frames of one connection are handled at the same time. The SDK does
    /// not do this by itself.
    pub fn with_clients(
        dynamodb: &aws_sdk_dynamodb::Client,
        gateway: &aws_sdk_apigatewaymanagement::Client,
        table: impl Into<String>,
        settings: Settings,
    ) -> Self {
        let connections = Connections::new(dynamodb, table.into(), settings.room_shards);
        Self { connections, gateway: Gateway::new(gateway, settings.post_deadline), settings }
    }

    /// Opens the connections to the table and the gateway, so that no client waits for them. Call it while the
    /// function starts.
    ///
    /// # Errors
    /// If one of them cannot be reached. The next call connects again, so the function may continue.
    pub async fn warm_up(&self) -> Result<(), Error> {
        let (table, gateway) = join(self.connections.warm_up(), self.gateway.warm_up()).await;
        table.and(gateway)
    }

    /// Closes all connections that were opened with a session, and returns how many they were. It needs the table's
    /// index `by-session`.
    ///
    /// # Errors
    /// If the table or the gateway fails. The other connections are closed all the same.
    pub async fn end_session(&self, session: &str) -> Result<usize, Error> {
        let connections = self.connections.of_session(session).await?;
        self.all(connections.into_iter().map(|id| async move { self.disconnect(&id).await })).await
    }

    /// Runs the futures with bounded concurrency, and returns how many there were. Continues after failures, and
    /// returns the first error.
    pub(crate) async fn all<F: Future<Output = Result<(), Error>>>(
        &self,
        futures: impl Iterator<Item = F>,
    ) -> Result<usize, Error> {
        let mut results = stream::iter(futures).buffer_unordered(self.settings.concurrent_posts.max(1));
        let (mut count, mut failed) = (0, None);
        while let Some(result) = results.next().await {
            count += 1;
            failed = failed.or(result.err());
        }
        failed.map_or(Ok(count), Err)
    }

    /// Closes a connection and deletes its rows, without waiting for its `$disconnect`, which may never come.
    ///
    /// It closes a connection that is said to be gone as well. If it still existed, it would have no rows for the rest
    /// of its life.
    ///
    /// # Errors
    /// If the gateway or the table fails.
    pub async fn disconnect(&self, id: &ConnectionId) -> Result<(), Error> {
        debug!(connection = %id, "closing");
        self.gateway.close(id).await?;
        self.connections.remove(id).await.map(drop)
    }

    /// Disconnects a connection's socket from a namespace, and sends its client a DISCONNECT packet.
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
