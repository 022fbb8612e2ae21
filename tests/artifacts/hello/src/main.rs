//! A bare `lambda_http` function that returns "Hello". Its cold start is the baseline for ours.

use lambda_http::{Error, Request, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_http::run(service_fn(async |_: Request| Ok::<_, Error>("Hello"))).await
}
