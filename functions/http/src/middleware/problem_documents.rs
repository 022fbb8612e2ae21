//! Writes the documents of problems, which contain the id of their request.

use std::sync::Arc;

use axum::Json;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::media_type;
use crate::problem::Problem;
use crate::request::id::RequestId;

/// Writes the document into a response that is a [`Problem`].
pub(crate) async fn write(RequestId(id): RequestId, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Arc<Problem>>() else { return response };
    let (parts, _) = response.into_parts();
    let mut response = (parts.status, parts.headers, Json(problem.document(&id))).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type::PROBLEM));
    response
}
