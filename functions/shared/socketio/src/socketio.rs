//! What any function can do to sockets, with none at hand.

use aws_config::SdkConfig;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use futures_util::future::join;
use futures_util::stream::{self, StreamExt};
use tracing::debug;

use crate::conflicts::retrying;
use crate::connections::Connections;
use crate::gateway::Gateway;
use crate::{ConnectionId, Error, Settings, packet};

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
