//! `@connections`: how a function writes to a socket and closes it.

use std::time::{Duration, Instant};

use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::error::SdkError;
use aws_sdk_apigatewaymanagement::operation::delete_connection::DeleteConnectionError;
use aws_sdk_apigatewaymanagement::operation::post_to_connection::PostToConnectionError;
use aws_sdk_apigatewaymanagement::primitives::Blob;

use crate::{ConnectionId, Error};

/// For how long a connection may answer 410 because its `$connect` is still returning.
const OPENING: Duration = Duration::from_secs(3);

/// API Gateway's `@connections`, for one WebSocket API and stage.
///
/// Throttling and server errors are retried by the SDK, as its configuration says.
#[derive(Debug, Clone)]
pub struct Gateway {
    client: Client,
}

/// Why a frame did not reach its connection.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The connection is gone (410). Its rows can go.
    #[error("the connection is gone")]
    Gone,
    /// The gateway did not take the frame, after all retries.
    #[error(transparent)]
    Failed(Error),
}

impl From<PostError> for Error {
    fn from(error: PostError) -> Self {
        match error {
            PostError::Gone => Self::Gone,
            PostError::Failed(error) => error,
        }
    }
}

impl Gateway {
    /// Posts with a client, whose endpoint is the WebSocket API's own host and stage, never a front door.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Opens the connection to the gateway, so that no client waits for it. Asks for a connection that is not there.
    pub async fn warm_up(&self) {
        let _ = self.client.get_connection().connection_id("-").send().await;
    }

    /// Sends a frame.
    pub async fn post(&self, id: &ConnectionId, frame: &str) -> Result<(), PostError> {
        let post = self.client.post_to_connection().connection_id(id.as_str());
        match post.data(Blob::new(frame)).send().await {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(error)) if is_gone(error.err()) => Err(PostError::Gone),
            Err(error) => Err(PostError::Failed(Error::gateway(error))),
        }
    }

    /// Sends the first frame of a connection, which answers 410 until its `$connect` has returned.
    pub(crate) async fn post_first(&self, id: &ConnectionId, frame: &str) -> Result<(), PostError> {
        let since = Instant::now();
        let mut pause = Duration::from_millis(5);
        loop {
            match self.post(id, frame).await {
                Err(PostError::Gone) if since.elapsed() < OPENING => {
                    tokio::time::sleep(pause.mul_f64(0.5 + fastrand::f64())).await;
                    pause = (pause * 2).min(Duration::from_millis(250));
                }
                answer => return answer,
            }
        }
    }

    /// Closes a connection. One that is gone already is closed.
    pub async fn close(&self, id: &ConnectionId) -> Result<(), Error> {
        match self.client.delete_connection().connection_id(id.as_str()).send().await {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(error))
                if matches!(error.err(), DeleteConnectionError::GoneException(_)) =>
            {
                Ok(())
            }
            Err(error) => Err(Error::gateway(error)),
        }
    }
}

fn is_gone(error: &PostToConnectionError) -> bool {
    matches!(error, PostToConnectionError::GoneException(_))
}
