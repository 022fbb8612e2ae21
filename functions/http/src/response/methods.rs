//! Responses to `OPTIONS` and to methods that a route does not support.

use axum::http::header::ALLOW;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};

use crate::problem::Problem;

/// Returns the response to a method without a handler: 204 for `OPTIONS`, else 405. The router adds `Allow`.
pub(crate) fn unhandled(method: &Method) -> Response {
    if method == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    Problem::method_not_allowed().into_response()
}

/// Adds `OPTIONS`, which every address supports, to the `Allow` header of a response.
pub(crate) async fn allow_options(mut response: Response) -> Response {
    if let Some(allowed) = response.headers().get(ALLOW).and_then(|allowed| allowed.to_str().ok())
        && let Ok(allowed) = HeaderValue::from_str(&format!("{allowed},OPTIONS"))
    {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}
