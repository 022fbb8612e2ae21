//! A note as an answer, with its entity tag.

use axum::Json;
use axum::http::header::ETAG;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use notes::{Note, Version};

/// A note, in JSON, with its version as its entity tag.
pub(crate) struct NoteAnswer(pub(crate) Note);

impl IntoResponse for NoteAnswer {
    fn into_response(self) -> Response {
        ([etag(self.0.version)], Json(self.0)).into_response()
    }
}

/// The header that tells a note's version: `ETag: "3"`.
pub(crate) fn etag(version: Version) -> (HeaderName, HeaderValue) {
    let tag =
        HeaderValue::from_str(&format!("\"{version}\"")).expect("digits and quotes may stand in a header");
    (ETAG, tag)
}
