//! Work of a Lambda function after its response, for which no client waits.
//!
//! A handler hands over a future. It starts when the response was sent, and the runtime asks for the next event when it is done. Lambda
//! returns the response to the caller before that, and freezes the environment only when the runtime has asked. Until then, the
//! environment serves no other request, and the time counts for the invocation: for its duration, and for the function's timeout.
//! (<https://aws.amazon.com/blogs/compute/running-code-after-returning-a-response-from-an-aws-lambda-function/>, "custom runtime". AWS's
//! runtime for Swift does so, too: <https://github.com/awslabs/swift-aws-lambda-runtime/pull/334>)
//!
//! The work may be lost: the process can end at any moment. Use it for work that somebody else does later if it is missing.
//!
//! ```no_run
//! use after::After;
//! use lambda_runtime::{Error, LambdaEvent, Runtime, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Error> {
//! let after = &After::default();
//! let handler = service_fn(|event: LambdaEvent<String>| async move {
//!     after.run("a greeting", async move {
//!         println!("Nobody waits for this: {}", event.payload);
//!         Ok(())
//!     });
//!     Ok::<_, Error>("Hello")
//! });
//! after::serve(Runtime::new(handler), after, |_request_id| {}).await
//! # }
//! ```

mod serve;
mod work;

pub use serve::serve;
pub use work::{After, Error};

/// The longest that the work of one invocation may take. The rest is dropped.
///
/// The environment serves no request meanwhile. The function's timeout may be sooner: the work ends a second before it.
pub const TIME_LIMIT: std::time::Duration = std::time::Duration::from_secs(10);
