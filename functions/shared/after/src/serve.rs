//! The runtime that does the work between a response and its request for the next event.

use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use futures_util::future::{BoxFuture, FutureExt as _};
use lambda_runtime::layers::TracingLayer;
use lambda_runtime::tower::Service;
use lambda_runtime::tower::layer::layer_fn;
use lambda_runtime::{Error, LambdaInvocation, Runtime};

use crate::{After, TIME_LIMIT};

/// The time before the function's timeout that remains for the runtime's next request.
const RESERVE: Duration = Duration::from_secs(1);

/// Serves invocations until the process is stopped, and does the work of each after its response.
///
/// After the work of an invocation, if there was any, it calls `done` with Lambda's id of the request.
///
/// # Errors
/// If the Runtime API fails.
pub async fn serve<'a, S, D>(runtime: Runtime<S>, after: &'a After, done: D) -> Result<(), Error>
where
    S: Service<LambdaInvocation, Response = (), Error = Error>,
    S::Future: Send + 'a,
    D: Fn(&str) + Clone + Send + 'a,
{
    let work = layer_fn(|respond| WorkAfterwards { respond, after, done: done.clone() });
    // Boxed, because the types of layers are long.
    runtime.layer(TracingLayer::new()).layer(work).run().boxed_local().await
}

/// Responds to an invocation, and then does the work.
struct WorkAfterwards<'a, S, D> {
    respond: S,
    after: &'a After,
    done: D,
}

impl<'a, S, D> Service<LambdaInvocation> for WorkAfterwards<'a, S, D>
where
    S: Service<LambdaInvocation, Response = (), Error = Error>,
    S::Future: Send + 'a,
    D: Fn(&str) + Clone + Send + 'a,
{
    type Response = ();
    type Error = Error;
    type Future = BoxFuture<'a, Result<(), Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.respond.poll_ready(context)
    }

    fn call(&mut self, invocation: LambdaInvocation) -> Self::Future {
        let (request_id, deadline) = (invocation.context.request_id.clone(), invocation.context.deadline());
        let (after, done) = (self.after, self.done.clone());
        let responded = self.respond.call(invocation);
        async move {
            responded.await?;
            if after.finish(time_until(deadline)).await {
                done(&request_id);
            }
            Ok(())
        }
        .boxed()
    }
}

/// Returns how long the work may take if the function's timeout is at this time.
fn time_until(deadline: SystemTime) -> Duration {
    let remaining = deadline.duration_since(SystemTime::now()).unwrap_or_default();
    TIME_LIMIT.min(remaining.saturating_sub(RESERVE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_ends_a_second_before_the_functions_timeout() {
        let time_for = |seconds| time_until(SystemTime::now() + Duration::from_secs(seconds));
        assert_eq!(time_for(20), TIME_LIMIT);
        let about_4_seconds = Duration::from_millis(3900)..=Duration::from_secs(4);
        assert!(about_4_seconds.contains(&time_for(5)), "{:?}", time_for(5));
        assert_eq!(time_for(1), Duration::ZERO);
        assert_eq!(time_for(0), Duration::ZERO);
    }
}
