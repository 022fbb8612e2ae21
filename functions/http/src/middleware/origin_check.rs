//! Refuses changes that pages of other origins send (cross-site request forgery).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderName;
use axum::http::header::ORIGIN;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::app::App;
use crate::problem::Problem;

/// The header in which browsers say whether a request comes from the same origin.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Responds with 403 to an unsafe method from another origin, with any cookies.
///
/// Browsers send the origin of such a request. A client without these headers is not a browser, so no page of another
/// origin can use its cookies.
pub(crate) async fn refuse_foreign_origins(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let is_foreign = headers.get_all(ORIGIN).iter().any(|origin| origin != app.origin.as_str())
        || headers.get_all(SEC_FETCH_SITE).iter().any(|site| site != "same-origin" && site != "none");
    if is_foreign && !request.method().is_safe() {
        return Problem::foreign_origin().into_response();
    }
    next.run(request).await
}
