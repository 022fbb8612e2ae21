//! Notes the size of each body, for the quota of the user who sends it.

use axum::body::HttpBody as _;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

/// The bytes of a request's body. Lambda receives the whole body before the function, so the size is known.
#[derive(Clone, Copy)]
pub(crate) struct BodySize(pub(crate) u64);

/// Adds the [`BodySize`] to the extensions of a request.
pub(crate) async fn record(mut request: Request, next: Next) -> Response {
    let size = request.body().size_hint();
    request.extensions_mut().insert(BodySize(size.upper().unwrap_or_else(|| size.lower())));
    next.run(request).await
}
