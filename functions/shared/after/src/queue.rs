//! The work that waits for the response.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _, join_all};
use tokio::time::timeout;
use tracing::{Instrument as _, Span, warn};

/// An error of work. It is logged, and nobody else receives it.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Takes work that runs after the response. It is cheap to clone.
#[derive(Clone)]
pub struct After {
    queue: Queue,
}

impl After {
    /// Returns whether work runs at all. If not, [`run`](Self::run) drops it.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.queue.work().is_some()
    }

    /// Runs a future after the response to the current invocation, beside the others of it.
    ///
    /// Its log lines belong to the current span. If it fails or takes longer than [`TIME_LIMIT`](crate::TIME_LIMIT), a warning
    /// with its name is logged.
    pub fn run(&self, name: &'static str, work: impl Future<Output = Result<(), Error>> + Send + 'static) {
        if let Some(queued) = &mut *self.queue.work() {
            queued.push(Work { name, work: work.instrument(Span::current()).boxed() });
        }
    }
}

/// A future, and its name for the log.
struct Work {
    name: &'static str,
    work: BoxFuture<'static, Result<(), Error>>,
}

/// The work of the current invocation. Clones share it. Tests use it without Lambda.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let queue = after::Queue::default();
/// queue.after().run("a greeting", async {
///     println!("Hello");
///     Ok(())
/// });
/// assert!(queue.finish(after::TIME_LIMIT).await);
/// # }
/// ```
#[derive(Clone)]
pub struct Queue(Arc<Mutex<Option<Vec<Work>>>>);

impl Default for Queue {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Some(Vec::new()))))
    }
}

impl Queue {
    /// Returns the way to add work.
    #[must_use]
    pub fn after(&self) -> After {
        After { queue: self.clone() }
    }

    /// Drops all work, also what is added later.
    pub fn close(&self) {
        *self.work() = None;
    }

    fn work(&self) -> MutexGuard<'_, Option<Vec<Work>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes all work, and does it for at most this time. Returns whether there was any.
    pub async fn finish(&self, limit: Duration) -> bool {
        let work = self.work().as_mut().map(mem::take).unwrap_or_default();
        let any = !work.is_empty();
        join_all(work.into_iter().map(|work| work.finish(limit))).await;
        any
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
        let (queue, (done, work)) = (Queue::default(), counted());
        let after = queue.after();
        assert!(!queue.finish(crate::TIME_LIMIT).await, "there is none");
        after.run("a", work());
        after.clone().run("b", work());
        sleep(Duration::from_secs(1)).await;
        assert_eq!(done.load(Relaxed), 0);
        assert!(queue.finish(Duration::from_millis(150)).await, "both run at the same time");
        assert_eq!(done.load(Relaxed), 2);
        assert!(!queue.finish(crate::TIME_LIMIT).await);
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_fails_or_takes_too_long_stops_no_other() {
        let (queue, (done, work)) = (Queue::default(), counted());
        let after = queue.after();
        after.run("fails", async { Err("no".into()) });
        after.run("hangs", std::future::pending());
        after.run("works", work());
        assert!(queue.finish(Duration::from_millis(150)).await);
        assert_eq!(done.load(Relaxed), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn work_is_dropped_where_none_runs() {
        let (queue, (done, work)) = (Queue::default(), counted());
        let after = queue.after();
        assert!(after.is_available());
        after.run("a", work());
        queue.close();
        assert!(!after.is_available());
        after.run("b", work());
        assert!(!queue.finish(crate::TIME_LIMIT).await);
        assert_eq!(done.load(Relaxed), 0);
    }
}
