//! The extension in the function's own process that does the work.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, try_join};
use lambda_extension::{Extension, InvokeEvent, LambdaEvent, NextEvent, service_fn};
use lambda_runtime::layers::TracingLayer;
use lambda_runtime::tower::Service;
use lambda_runtime::tower::util::MapResultLayer;
use lambda_runtime::{Error, LambdaInvocation, Runtime};
use tokio::sync::Notify;
use tracing::warn;

use crate::TIME_LIMIT;
use crate::queue::Queue;

/// The name of the extension. One in the function's process has no file, so that any name does.
const NAME: &str = "after";

/// The time before the function's timeout that remains for the extension's next request.
const RESERVE: Duration = Duration::from_secs(1);

/// Does the work after each response.
#[must_use = "the work only runs if the worker serves the runtime"]
pub struct Worker {
    extension: Option<LocalBoxFuture<'static, Result<(), Error>>>,
    responded: Arc<Notify>,
}

/// Registers an extension with Lambda, which does the work of a queue. Call it while the function starts, before the runtime asks for
/// its first event.
///
/// After the work of an invocation, if there was any, it calls `done` with Lambda's id of the request.
///
/// If Lambda refuses the extension, or there is none, it logs a warning and closes the queue.
pub async fn register(queue: &Queue, done: impl Fn(&str) + Clone + 'static) -> Worker {
    let responded = Arc::new(Notify::new());
    let (work, response) = (queue.clone(), responded.clone());
    let on_event = service_fn(move |event: LambdaEvent| {
        let (work, response, done) = (work.clone(), response.clone(), done.clone());
        async move {
            if let NextEvent::Invoke(invocation) = event.next {
                response.notified().await;
                if work.finish(time_for(&invocation)).await {
                    done(&invocation.request_id);
                }
            }
            Ok::<_, Error>(())
        }
    });
    let extension =
        Extension::new().with_extension_name(NAME).with_events(&["INVOKE"]).with_events_processor(on_event);
    match extension.register().await {
        Ok(extension) => {
            let extension = Some(extension.run().boxed_local());
            Worker { extension, responded }
        }
        Err(error) => {
            warn!(error, "no work runs after responses, because no extension could be registered: {error}");
            Worker::without_extension(queue)
        }
    }
}

impl Worker {
    /// Closes the queue, so that no work runs. The worker only serves the runtime. An extension takes a request at each invocation.
    pub fn without_extension(queue: &Queue) -> Self {
        queue.close();
        Self { extension: None, responded: Arc::default() }
    }

    /// Serves invocations until the process is stopped.
    ///
    /// # Errors
    /// If the Runtime API or the Extensions API fails.
    pub async fn serve<'a, S>(self, runtime: Runtime<S>) -> Result<(), Error>
    where
        S: Service<LambdaInvocation, Response = (), Error = Error> + 'a,
        S::Future: 'a,
    {
        // Each invocation has one response, also if its handler fails.
        let responded = self.responded;
        let respond = MapResultLayer::new(move |result| {
            responded.notify_one();
            result
        });
        // Boxed, because the types of layers are long.
        let runtime: LocalBoxFuture<'a, _> =
            runtime.layer(TracingLayer::new()).layer(respond).run().boxed_local();
        match self.extension {
            Some(extension) => try_join(runtime, extension).await.map(|_| ()),
            None => runtime.await,
        }
    }
}

/// Returns how long the work of an invocation may take.
fn time_for(invocation: &InvokeEvent) -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let remaining = Duration::from_millis(invocation.deadline_ms).saturating_sub(now);
    TIME_LIMIT.min(remaining.saturating_sub(RESERVE))
}

#[cfg(test)]
mod tests {
    use lambda_extension::Tracing;

    use super::*;

    #[test]
    fn work_ends_a_second_before_the_functions_timeout() {
        let time_for = |seconds: u64| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            let deadline_ms = u64::try_from((now + Duration::from_secs(seconds)).as_millis()).unwrap();
            let (request_id, invoked_function_arn) = ("r".to_owned(), "arn".to_owned());
            time_for(&InvokeEvent {
                deadline_ms,
                request_id,
                invoked_function_arn,
                tracing: Tracing::default(),
            })
        };
        assert_eq!(time_for(20), TIME_LIMIT);
        assert!(
            (Duration::from_millis(3900)..=Duration::from_secs(4)).contains(&time_for(5)),
            "{:?}",
            time_for(5)
        );
        assert_eq!(time_for(1), Duration::ZERO);
        assert_eq!(time_for(0), Duration::ZERO);
    }
}
