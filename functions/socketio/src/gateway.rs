//! `@connections`: how a function writes to a socket and closes it.

use std::time::Duration;

use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::config::http::HttpResponse;
use aws_sdk_apigatewaymanagement::config::retry::RetryConfig;
use aws_sdk_apigatewaymanagement::config::timeout::TimeoutConfig;
use aws_sdk_apigatewaymanagement::error::SdkError;
use aws_sdk_apigatewaymanagement::operation::delete_connection::DeleteConnectionError;
use aws_sdk_apigatewaymanagement::operation::post_to_connection::PostToConnectionError;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use tokio::time::{Instant, sleep};

use crate::{ConnectionId, Error};

/// For how long a connection may answer 410 because its `$connect` is still returning.
const OPENING: Duration = Duration::from_secs(3);

/// The first pause between two tries, and the longest.
const PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How long it takes to connect, and how long one try takes, at most: without these one that hangs would outlive every
/// deadline. A frame whose answer was too late may be posted twice.
const CONNECT: Duration = Duration::from_secs(1);
const TRY: Duration = Duration::from_secs(3);

/// API Gateway's `@connections`, for one WebSocket API and stage.
///
/// What is throttled or fails is tried again until a deadline, with jitter, so that a thousand posts that were
/// throttled together do not come back together. The SDK's own retries would stop earlier: they share one budget.
#[derive(Debug, Clone)]
pub(crate) struct Gateway {
    client: Client,
    deadline: Duration,
}

/// Why a frame did not reach its connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PostError {
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
    /// Posts with a client, but for its retries and timeouts.
    pub(crate) fn new(client: &Client, deadline: Duration) -> Self {
        let timeouts =
            TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout(TRY).build();
        let config =
            client.config().to_builder().retry_config(RetryConfig::disabled()).timeout_config(timeouts);
        Self { client: Client::from_conf(config.build()), deadline }
    }

    /// Opens the connection to the gateway, so that no client waits for it. Asks for a connection that is not there.
    pub(crate) async fn warm_up(&self) {
        let _ = self.client.get_connection().connection_id("-").send().await;
    }

    /// Sends a frame.
    pub(crate) async fn post(&self, id: &ConnectionId, frame: &Blob) -> Result<(), PostError> {
        let post = || self.client.post_to_connection().connection_id(id.as_str()).data(frame.clone()).send();
        match self.retrying(post).await {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(error)) if is_gone(error.err()) => Err(PostError::Gone),
            Err(error) => Err(PostError::Failed(Error::gateway(error))),
        }
    }

    /// Sends the first frame of a connection, which answers 410 until its `$connect` has returned.
    pub(crate) async fn post_first(&self, id: &ConnectionId, frame: &Blob) -> Result<(), PostError> {
        let (since, mut pauses) = (Instant::now(), Pauses::default());
        loop {
            match self.post(id, frame).await {
                Err(PostError::Gone) if since.elapsed() < OPENING => pauses.pause().await,
                answer => return answer,
            }
        }
    }

    /// Closes a connection. One that is gone already is closed.
    pub(crate) async fn close(&self, id: &ConnectionId) -> Result<(), Error> {
        match self.retrying(|| self.client.delete_connection().connection_id(id.as_str()).send()).await {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(error))
                if matches!(error.err(), DeleteConnectionError::GoneException(_)) =>
            {
                Ok(())
            }
            Err(error) => Err(Error::gateway(error)),
        }
    }

    /// Calls until it is answered, in whatever way, or the deadline is over.
    async fn retrying<T, E, F>(&self, call: impl Fn() -> F) -> Result<T, SdkError<E, HttpResponse>>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let (since, mut pauses) = (Instant::now(), Pauses::default());
        loop {
            match call().await {
                Err(error) if may_pass(&error) && since.elapsed() < self.deadline => pauses.pause().await,
                answer => return answer,
            }
        }
    }
}

/// Pauses that grow, each of a length that nobody else has.
struct Pauses {
    next: Duration,
}

impl Default for Pauses {
    fn default() -> Self {
        Self { next: PAUSE }
    }
}

impl Pauses {
    async fn pause(&mut self) {
        sleep(self.next.mul_f64(fastrand::f64())).await;
        self.next = (self.next * 2).min(LONGEST_PAUSE);
    }
}

/// Whether a call that failed may succeed when it is made again: it was throttled, failed in the gateway, or never
/// got there.
fn may_pass<E>(error: &SdkError<E, HttpResponse>) -> bool {
    match error {
        SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) | SdkError::ResponseError(_) => true,
        SdkError::ServiceError(error) => matches!(error.raw().status().as_u16(), 429 | 500..),
        _ => false,
    }
}

fn is_gone(error: &PostToConnectionError) -> bool {
    matches!(error, PostToConnectionError::GoneException(_))
}

#[cfg(test)]
mod tests {
    use aws_sdk_apigatewaymanagement::config::{BehaviorVersion, Config, Credentials, Region};

    use super::*;

    /// Time is the test's own here: it passes when nothing else is left to do.
    #[tokio::test(start_paused = true)]
    async fn a_gateway_that_hangs_is_given_up_while_there_is_time_to_close() {
        // Connections are taken by the system, and nobody ever looks at them.
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
