//! The client of `@connections`, which writes to connections and closes them.

use std::time::Duration;

use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::config::Config;
use aws_sdk_apigatewaymanagement::config::interceptors::InterceptorContext;
use aws_sdk_apigatewaymanagement::config::retry::{
    ClassifyRetry, RetryAction, RetryConfig, RetryPartition, TokenBucket,
};
use aws_sdk_apigatewaymanagement::error::SdkError;
use aws_sdk_apigatewaymanagement::operation::delete_connection::DeleteConnectionError;
use aws_sdk_apigatewaymanagement::operation::post_to_connection::{
    PostToConnectionError, PostToConnectionOutput,
};
use aws_sdk_apigatewaymanagement::primitives::Blob;
use tokio::time::timeout;

use crate::{ConnectionId, Error};

/// The client of `@connections` for one WebSocket API and stage.
///
/// The client's configuration says how calls are retried, until a deadline. Only the retry budget is changed: the SDK
/// shares it between calls, and a thousand throttled posts would use it up.
#[derive(Debug, Clone)]
pub(crate) struct Gateway {
    client: Client,
    deadline: Duration,
}

/// Explains why a frame did not reach its connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PostError {
    /// The connection is gone (410). Its rows can be deleted.
    #[error("the connection is gone")]
    Gone,
    /// The gateway did not accept the frame, after all retries.
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
    /// Creates a client with a deadline for each frame.
    pub(crate) fn new(client: &Client, deadline: Duration) -> Self {
        let retries = RetryPartition::custom("posts").token_bucket(TokenBucket::unlimited()).build();
        let config = client.config().to_builder().retry_partition(retries);
        Self { client: Client::from_conf(config.build()), deadline }
    }

    /// Opens the connection to the gateway by asking for a connection that does not exist.
    pub(crate) async fn warm_up(&self) -> Result<(), Error> {
        match self.client.get_connection().connection_id("-").send().await {
            Err(error) if error.as_service_error().is_none() => Err(Error::gateway(error)),
            _ => Ok(()),
        }
    }

    /// Posts a frame.
    pub(crate) async fn post(&self, id: &ConnectionId, frame: &Blob) -> Result<(), PostError> {
        let post = self.client.post_to_connection().connection_id(id.as_str()).data(frame.clone());
        self.posted(post.send()).await
    }

    /// Posts the first frame of a connection. The gateway responds with 410 until `$connect` has returned, so 410 is
    /// retried.
    pub(crate) async fn post_first(&self, id: &ConnectionId, frame: &Blob) -> Result<(), PostError> {
        let post = self.client.post_to_connection().connection_id(id.as_str()).data(frame.clone());
        let opening = Config::builder().retry_classifier(Opening);
        self.posted(post.customize().config_override(opening).send()).await
    }

    /// Posts a frame without retries.
    pub(crate) async fn post_once(&self, id: &ConnectionId, frame: &Blob) -> Result<(), PostError> {
        let post = self.client.post_to_connection().connection_id(id.as_str()).data(frame.clone());
        let once = Config::builder().retry_config(RetryConfig::disabled());
        self.posted(post.customize().config_override(once).send()).await
    }

    async fn posted(
        &self,
        post: impl Future<Output = Result<PostToConnectionOutput, SdkError<PostToConnectionError>>>,
    ) -> Result<(), PostError> {
        match timeout(self.deadline, post).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(SdkError::ServiceError(error))) if is_gone(error.err()) => Err(PostError::Gone),
            Ok(Err(error)) => Err(PostError::Failed(Error::gateway(error))),
            Err(late) => Err(PostError::Failed(Error::gateway(late))),
        }
    }

    /// Closes a connection. A connection that is gone counts as closed.
    pub(crate) async fn close(&self, id: &ConnectionId) -> Result<(), Error> {
        let delete = self.client.delete_connection().connection_id(id.as_str());
        match timeout(self.deadline, delete.send()).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(SdkError::ServiceError(error)))
                if matches!(error.err(), DeleteConnectionError::GoneException(_)) =>
            {
                Ok(())
            }
            Ok(Err(error)) => Err(Error::gateway(error)),
            Err(late) => Err(Error::gateway(late)),
        }
    }
}

/// Retries 410, because the connection may still be opening.
#[derive(Debug)]
struct Opening;

impl ClassifyRetry for Opening {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let failed = context.output_or_error().and_then(Result::err);
        let error = failed.and_then(|error| error.as_operation_error()?.downcast_ref());
        if error.is_some_and(is_gone) {
            RetryAction::transient_error()
        } else {
            RetryAction::NoActionIndicated
        }
    }

    fn name(&self) -> &'static str {
        "connections that are being opened"
    }
}

fn is_gone(error: &PostToConnectionError) -> bool {
    matches!(error, PostToConnectionError::GoneException(_))
}

#[cfg(test)]
mod tests {
    use aws_sdk_apigatewaymanagement::config::{BehaviorVersion, Credentials, Region};
    use tokio::time::Instant;

    use super::*;

    /// The paused clock advances when all tasks wait.
    #[tokio::test(start_paused = true)]
    async fn a_gateway_that_hangs_is_given_up_while_there_is_time_to_close() {
        // The system accepts connections, and no program responds.
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("test", "secret", None, None, "test"))
            .endpoint_url(format!("http://{}", nobody.local_addr().unwrap()));
        let gateway = Gateway::new(&Client::from_conf(config.build()), Duration::from_secs(5));
        let began = Instant::now();
        let posted = gateway.post(&ConnectionId::new("a="), &Blob::new("2")).await;
        assert!(matches!(posted, Err(PostError::Failed(_))), "{posted:?}");
        assert!(began.elapsed() <= Duration::from_secs(9), "{:?}", began.elapsed());
    }
}
