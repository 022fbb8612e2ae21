//! The Lambda function behind the HTTP API: the JSON API, accounts, and the page itself.
//!
//! `router` maps routes to handlers. Each handler in `controllers` authenticates, fetches, acts and responds.
//! Every error becomes a `problem::Problem`.
//!
//! Modules import each other in one direction, from the first line to the last:
//!
//! - `router` → `controllers`, `middleware`, `page`
//! - `controllers`, `middleware` → `authentication` → `app` → `security`
//! - all of these → `request`, `response` → `problem` → `entity_tag`, `media_type`, `schemas`

mod app;
mod authentication;
mod controllers;
#[cfg(test)]
mod dynamodb_failures;
mod entity_tag;
mod media_type;
mod middleware;
#[cfg(test)]
mod openapi;
mod page;
mod problem;
mod request;
mod response;
mod router;
mod schemas;
mod security;

use std::sync::Arc;

use after::After;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use lambda_http::lambda_runtime::Runtime;
use lambda_http::{Adapter, LambdaEvent, Service as _, service_fn};
use metrics::{Unit, describe_histogram};
use telemetry::metrics::Metrics;

use crate::app::App;
use crate::authentication::failed_sign_ins;
use crate::middleware::access_log;
use crate::request::event;

pub use crate::app::ENVIRONMENT;
pub use crate::middleware::security_headers::SECURITY_HEADERS;

/// The metrics that the function counts itself. It makes [`pushes`], too.
pub const METRICS: &[&str] = &[access_log::REQUESTS, access_log::DURATION, failed_sign_ins::SIGN_INS_FAILED];

/// Serves invocations until the process is stopped.
///
/// Creates the clients and connects to `DynamoDB` before the first invocation, because Lambda's Init phase has a full
/// CPU and no request waits for it.
///
/// # Errors
///
/// Returns an error if an environment variable is missing or invalid, if the metrics cannot be started, or if the
/// Lambda runtime API fails.
pub async fn run() -> Result<(), lambda_http::Error> {
    telemetry::log::start();
    let metrics = Metrics::start()?;
    describe_histogram!(access_log::DURATION, Unit::Milliseconds, "how long requests took");
    pushes::metrics::describe();
    let written = move |request_id: &str| metrics.write(request_id);
    let after = After::default();
    let app = connected(after.clone()).await?;
    let mut requests = Adapter::from(router::router(Arc::new(app)));
    let events = service_fn(move |invocation: LambdaEvent<ApiGatewayV2httpRequest>| {
        let LambdaEvent { payload, context } = invocation;
        let request_id = payload.request_context.request_id.clone().unwrap_or_default();
        let response = requests.call(LambdaEvent::new(event::normalize(payload), context));
        async move { response.await.inspect(|_| metrics.write(&request_id)) }
    });
    after::serve(Runtime::new(events), &after, written).await
}

/// Creates the state, and connects to `DynamoDB`.
async fn connected(after: After) -> Result<App, lambda_http::Error> {
    let app = App::from_environment(after)?;
    if let Err(error) = app.pseudonyms.warm_up().await {
        aws::log_unreachable(&error);
    }
    Ok(app)
}
