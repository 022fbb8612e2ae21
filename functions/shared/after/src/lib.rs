//! Work of a Lambda function after its response, for which no client waits.
//!
//! A handler hands over a future. It starts when the response was sent, and Lambda keeps the environment awake until it is done:
//! the function registers an internal extension, and Lambda freezes the environment only when the runtime *and* all extensions have
//! asked for the next event. Lambda returns the response to the caller before that.
//! (<https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-invoke>)
//!
//! The work may be lost: the process can end at any moment. Use it for work that somebody else does later if it is missing.
//!
//! ```no_run
//! use after::Queue;
//! use lambda_runtime::{Error, LambdaEvent, Runtime, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Error> {
//! let queue = Queue::default();
//! let (after, worker) = (queue.after(), after::register(&queue, |_request_id| {}).await);
//! let handler = service_fn(move |event: LambdaEvent<String>| {
//!     let after = after.clone();
//!     async move {
//!         after.run("a greeting", async move {
//!             println!("Nobody waits for this: {}", event.payload);
//!             Ok(())
//!         });
//!         Ok::<_, Error>("Hello")
//!     }
//! });
//! worker.serve(Runtime::new(handler)).await
//! # }
//! ```

mod queue;
mod worker;

pub use queue::{After, Error, Queue};
pub use worker::{Worker, register};

/// The longest that the work of one invocation may take. The rest is dropped.
///
/// The environment serves no request meanwhile. The function's timeout may be sooner: the work ends a second before it.
pub const TIME_LIMIT: std::time::Duration = std::time::Duration::from_secs(10);
