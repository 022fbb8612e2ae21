//! The function behind the HTTP API: the JSON API, accounts, and the page itself.
//!
//! `router` says which handler answers which route; each handler authenticates, fetches, acts, answers. What goes
//! wrong on the way becomes a `Problem`.

mod app;
mod conditions;
mod controllers;
mod event;
mod fields;
mod json;
mod ndjson;
mod new_password;
mod note_answer;
mod page;
mod problem;
mod query;
mod request_id;
mod router;
mod session_cookie;
mod shield;
mod sign_up_code;
mod signed_in;
mod used_from;

use std::sync::Arc;

use lambda_http::{Adapter, LambdaEvent, Service as _, service_fn};

use crate::app::App;

/// Serves invocations until the process is stopped. Clients, and the connection to `DynamoDB`, are made before the
/// first: in Init, where the CPU is whole and nobody waits.
pub async fn run() -> Result<(), lambda_http::Error> {
    lambda_http::tracing::init_default_subscriber();
    let app = App::from_environment().await?;
    app.sessions.warm_up().await;
    let mut requests = Adapter::from(router::router(Arc::new(app)));
    let events = service_fn(move |invocation: LambdaEvent<_>| {
        requests.call(LambdaEvent::new(event::fit(invocation.payload), invocation.context))
    });
    lambda_http::lambda_runtime::run(events).await
}
