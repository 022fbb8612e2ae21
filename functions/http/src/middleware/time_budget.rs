//! Limits the time of a request.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::time::timeout;
use tracing::error;

use crate::app::App;
use crate::problem::Problem;

/// Responds with 503 when a request exceeds the time budget, and cancels its handler.
///
/// As after any 503, a change may have been made, in whole or in part. Each operation with several writes documents the
/// states in which it can end.
pub(crate) async fn enforce(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    timeout(app.time_budget, next.run(request)).await.unwrap_or_else(|_| {
        let seconds = app.time_budget.as_secs_f32();
        error!(seconds, "request canceled after {seconds} s");
        Problem::overloaded().into_response()
    })
}
