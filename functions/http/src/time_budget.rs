//! How long a request may take.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::time::timeout;
use tracing::error;

use crate::app::App;
use crate::problem::Problem;

/// Less than the function's own timeout (20 s), whose end nobody answers, and the gateway's (30 s), which would answer in
/// its own words. More than the longest call of DynamoDB, so that one that hangs is named in the log.
pub(crate) const BUDGET: Duration = Duration::from_secs(15);

/// Answers 503 for what takes longer than the budget, and leaves it where it is. As after any 503, a change may have been
/// made, or half of it: each operation of more than one write says how it is then left.
pub(crate) async fn keep(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    timeout(app.budget, next.run(request)).await.unwrap_or_else(|_| {
        let seconds = app.budget.as_secs_f32();
        error!(seconds, "not done in {seconds} s");
        Problem::overloaded().into_response()
    })
}
