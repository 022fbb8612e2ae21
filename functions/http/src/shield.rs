//! What stands before and behind every handler: no changes at another site's word, and headers that bind the browser.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::app::App;
use crate::problem::Problem;

/// The page may load from here, and from nowhere else; nobody may frame it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'; object-src 'none'";

const SECURITY_HEADERS: [(HeaderName, &str); 3] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
];

/// A change that a page of another origin sends is refused, whatever cookies it carries. Browsers name the origin with
/// every such request; what names none is no browser, and has no cookies but its own.
pub(crate) async fn refuse_foreign_origins(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let foreign = request.headers().get_all(ORIGIN).iter().any(|origin| origin != app.origin.as_str());
    if foreign && !request.method().is_safe() {
        return Problem::foreign_origin().into_response();
    }
    next.run(request).await
}

/// Adds the security headers to every answer; and what does not say how long it may be kept is not kept.
pub(crate) async fn add_security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in SECURITY_HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
