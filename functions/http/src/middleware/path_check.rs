//! Refuses paths that were percent-encoded twice.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::problem::Problem;

/// Responds with 404 to a path with a percent sign.
///
/// No address has one: the gateway decodes the path once, so a remaining percent sign means that it was encoded twice.
pub(crate) async fn refuse_percent_signs(request: Request, next: Next) -> Response {
    if request.uri().path().contains("%25") {
        return Problem::no_such_route().into_response();
    }
    next.run(request).await
}
