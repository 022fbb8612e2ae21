//! The description of the API, for programs.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

/// What `crate::openapi` makes of the handlers; a test holds it to that. Made here, it would cost every cold start.
const DOCUMENT: &str = include_str!("../../openapi.json");

/// The description of the API: this document.
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
