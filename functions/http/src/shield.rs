//! What stands before and behind every handler: no changes at another site's word, and headers that bind the browser.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, Entry, ORIGIN, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::app::App;
use crate::problem::Problem;

/// The page may load from here, and from nowhere else; nobody may frame it.
///
/// A browser that requires Trusted Types starts no worker whose address is a mere text. `own-workers` is the one policy by
/// which the page may vouch for any: for the addresses of its own shared worker and service worker. It makes neither
/// HTML nor script of a text, and no other policy can be created, nor this one a second time.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; \
                      trusted-types own-workers";

/// What a page may not ask a browser for: we need none of it.
const PERMISSIONS: &str = "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), \
                           gyroscope=(), hid=(), identity-credentials-get=(), magnetometer=(), microphone=(), \
                           midi=(), payment=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

pub(crate) const SECURITY_HEADERS: [(HeaderName, &str); 7] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// What browsers say of where a request comes from: another site, or another origin of this one.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A change that a page of another origin sends is refused, whatever cookies it carries. Browsers say where such a request
/// comes from; what doesn't is no browser, and has no cookies but its own.
pub(crate) async fn refuse_foreign_origins(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let foreign = headers.get_all(ORIGIN).iter().any(|origin| origin != app.origin.as_str())
        || headers.get_all(SEC_FETCH_SITE).iter().any(|site| site != "same-origin" && site != "none");
    if foreign && !request.method().is_safe() {
        return Problem::foreign_origin().into_response();
    }
    next.run(request).await
}

/// Adds the security headers to every answer. What does not say how long it may be kept is somebody's own: it is not kept,
/// and another cookie has another answer.
pub(crate) async fn add_security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in SECURITY_HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Entry::Vacant(unsaid) = headers.entry(CACHE_CONTROL) {
        unsaid.insert(HeaderValue::from_static("no-store"));
        headers.append(VARY, HeaderValue::from_static("cookie"));
    }
    response
}
