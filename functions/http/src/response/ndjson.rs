//! A response of newline-delimited JSON.

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::media_type;

/// Lines of JSON.
pub(crate) struct Ndjson(pub(crate) String);

impl IntoResponse for Ndjson {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, media_type::NDJSON)], self.0).into_response()
    }
}
