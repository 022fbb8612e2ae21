//! A response with a note and its entity tag.

use axum::Json;
use axum::response::{IntoResponse, Response};
use notes::CurrentNote;

use crate::entity_tag;

/// A note in JSON, with the name of its state as entity tag.
pub(crate) struct NoteResponse(pub(crate) CurrentNote);

impl IntoResponse for NoteResponse {
    fn into_response(self) -> Response {
        let CurrentNote { note, tag } = self.0;
        ([entity_tag::header(&tag)], Json(note)).into_response()
    }
}
