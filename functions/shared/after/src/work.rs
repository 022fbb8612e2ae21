//! The work that waits for the response.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _, join_all};
use tokio::time::timeout;
use tracing::{Instrument as _, Span, warn};

/// An error of work. It is logged, and nobody else receives it.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Takes work that runs after the response to the current invocation. Clones share it. Tests use it without Lambda.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let after = after::After::default();
/// after.run("a greeting", async {
///     println!("Hello");
///     Ok(())
/// });
/// assert!(after.finish(after::TIME_LIMIT).await);
/// # }
/// ```
#[derive(Clone, Default)]
pub struct After(Arc<Mutex<Vec<Work>>>);

/// A future, and its name for the log.
struct Work {
    name: &'static str,
    work: BoxFuture<'static, Result<(), Error>>,
}

impl After {
    /// Runs a future after the response to the current invocation, beside the others of it.
    ///
    /// Its log lines belong to the current span. If it fails or takes longer than [`TIME_LIMIT`](crate::TIME_LIMIT), a warning
    /// with its name is logged.
    pub fn run(&self, name: &'static str, work: impl Future<Output = Result<(), Error>> + Send + 'static) {
        self.work().push(Work { name, work: work.instrument(Span::current()).boxed() });
    }

    /// Takes all work, and does it for at most this time. Returns whether there was any.
    pub async fn finish(&self, limit: Duration) -> bool {
        let work = mem::take(&mut *self.work());
        let any = !work.is_empty();
        join_all(work.into_iter().map(|work| work.finish(limit))).await;
        any
    }

    fn work(&self) -> MutexGuard<'_, Vec<Work>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Work {
    async fn finish(self, limit: Duration) {
        let Self { name, work } = self;
        match timeout(limit, work).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => warn!(name, error, "work after a response failed: {name}: {error}"),
            Err(_) => warn!(name, "work after a response took longer than {} s: {name}", limit.as_secs_f32()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    use tokio::time::sleep;

    use super::*;

    fn counted() -> (Arc<AtomicU32>, impl Fn() -> BoxFuture<'static, Result<(), Error>>) {
        let done = Arc::new(AtomicU32::new(0));
        let counter = done.clone();
        let work = move || {
            let counter = counter.clone();
            async move {
                sleep(Duration::from_millis(100)).await;
                counter.fetch_add(1, Relaxed);
                Ok(())
            }
            .boxed()
        };
        (done, work)
    }

    #[tokio::test(start_paused = true)]
    async fn work_runs_once_when_it_is_finished_and_not_before() {
        let (after, (done, work)) = (After::default(), counted());
        assert!(!after.finish(crate::TIME_LIMIT).await, "there is none");
        after.run("a", work());
        after.clone().run("b", work());
        sleep(Duration::from_secs(1)).await;
        assert_eq!(done.load(Relaxed), 0);
        assert!(after.finish(Duration::from_millis(150)).await, "both run at the same time");
        assert_eq!(done.load(Relaxed), 2);
        assert!(!after.finish(crate::TIME_LIMIT).await);
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_fails_or_takes_too_long_stops_no_other() {
        let (after, (done, work)) = (After::default(), counted());
        after.run("fails", async { Err("no".into()) });
        after.run("hangs", std::future::pending());
        after.run("works", work());
        assert!(after.finish(Duration::from_millis(150)).await);
        assert_eq!(done.load(Relaxed), 1);
    }
}
