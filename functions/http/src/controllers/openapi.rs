//! The OpenAPI document.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

/// The document that `crate::openapi` generates from the handlers. A test checks that the file is up to date, because
/// generating the document here would slow down every cold start.
const DOCUMENT: &str = include_str!("../../openapi.json");

/// Describe the API: this document.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    operation_id = "describeApi",
    tag = "about",
    responses((status = 200, description = "An OpenAPI 3.1 document.", content_type = "application/json", body = Object)),
)]
pub(crate) async fn show() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=300")], DOCUMENT)
}
