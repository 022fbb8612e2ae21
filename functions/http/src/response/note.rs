//! A response with a note and its entity tag.

use axum::Json;
use axum::response::{IntoResponse, Response};
use notes::Note;

use crate::entity_tag;

/// A note in JSON, with its version as entity tag.
pub(crate) struct NoteResponse(pub(crate) Note);

impl IntoResponse for NoteResponse {
    fn into_response(self) -> Response {
        ([entity_tag::header(self.0.version)], Json(self.0)).into_response()
    }
}
