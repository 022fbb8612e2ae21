//! The function behind the HTTP API: the JSON API, accounts, and the page itself.
//!
//! `router` says which handler answers which route; each handler authenticates, fetches, acts, answers. What goes
//! wrong on the way becomes a `Problem`.

mod access_log;
mod app;
mod body;
mod conditions;
mod controllers;
mod event;
#[cfg(test)]
mod faults;
mod fields;
mod header_text;
mod json;
mod methods;
mod ndjson;
mod new_password;
mod note_answer;
mod openapi;
mod page;
mod problem;
mod query;
mod request_id;
mod router;
mod session_cookie;
mod shield;
mod sign_ins;
mod sign_up_code;
mod signed_in;
mod time_budget;
mod used_from;
mod utf8;

use std::sync::Arc;

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use lambda_http::{Adapter, LambdaEvent, Service as _, service_fn};

use metrics::{Unit, describe_histogram};
use telemetry::metrics::Metrics;

use crate::app::App;

pub use crate::app::ENVIRONMENT;

/// The metrics that the function counts.
pub const METRICS: &[&str] = &[access_log::REQUESTS, access_log::DURATION, sign_ins::SIGN_INS_FAILED];

/// Serves invocations until the process is stopped. Clients, and the connection to `DynamoDB`, are made before the
/// first: in Init, where the CPU is whole and nobody waits.
pub async fn run() -> Result<(), lambda_http::Error> {
    telemetry::log::start();
    let metrics = Metrics::start()?;
    describe_histogram!(access_log::DURATION, Unit::Milliseconds, "how long requests took");
    let app = App::from_environment().await?;
    if let Err(error) = app.pseudonyms.warm_up().await {
        aws::log_unreachable(&error);
    }
    let mut requests = Adapter::from(router::router(Arc::new(app)));
    let events = service_fn(move |invocation: LambdaEvent<ApiGatewayV2httpRequest>| {
        let LambdaEvent { payload, context } = invocation;
        let request_id = payload.request_context.request_id.clone().unwrap_or_default();
        let answer = requests.call(LambdaEvent::new(event::fit(payload), context));
        async move { answer.await.inspect(|_| metrics.write(&request_id)) }
    });
    lambda_http::lambda_runtime::run(events).await
}
