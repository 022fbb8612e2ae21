//! The text of a note as a document of Yjs, for pages that edit it together.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use notes::{DocumentId, Edit};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::authentication::{NoteEditor, NoteReader};
use crate::problem::Problem;
use crate::request::json::JsonBody;
use crate::request::query::{self, Query};
use crate::request::{FromMembers, Members};
use crate::schemas;

/// What a page lacks of a document.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DocumentUpdate {
    /// The id of the document.
    #[schema(value_type = schemas::DocumentId)]
    document: DocumentId,
    /// An update of Yjs, in format 1 and base64.
    #[schema(value_type = schemas::Update)]
    update: String,
}

/// Read the text of a note as a document of Yjs, or what a page lacks of it.
#[utoipa::path(
    get,
    path = "/api/boards/{board}/notes/{key}/document",
    operation_id = "readDocument",
    tag = "notes",
    params(schemas::NoteAddress, schemas::Vector),
    responses((status = 200, description = "The document.", body = DocumentUpdate)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["malformed", "no-such-board", "no-such-note", "wrong-values"]))),
)]
pub(crate) async fn read(
    NoteReader(_, note): NoteReader,
    State(app): State<Arc<App>>,
    Query(query::Known(vector)): Query<query::Known>,
) -> Result<impl IntoResponse, Problem> {
    let update = app.documents.open(&note).await?.missing(&vector)?;
    Ok(Json(DocumentUpdate { document: note.document, update }))
}

/// A request to edit a document.
pub(crate) struct EditRequest {
    document: DocumentId,
    update: Edit,
}

impl FromMembers for EditRequest {
    fn from_members(members: &mut Members) -> Option<Self> {
        let document = members.required("document", DocumentId::parse);
        let update = members.required("update", Edit::parse);
        Some(Self { document: document?, update: update? })
    }
}

/// Edit the text of a note. An edit may be sent more than once: it takes effect once.
///
/// Pages send short edits over Socket.IO. This is for long ones, and for what was written while the page was offline.
#[utoipa::path(
    post,
    path = "/api/boards/{board}/notes/{key}/edits",
    operation_id = "editNote",
    tag = "notes",
    params(schemas::NoteAddress),
    request_body = schemas::Edit,
    responses((status = 204, description = "Stored.")),
    security(("session" = [])),
    extensions(("x-problems" = json!(["read-only", "no-such-board", "no-such-note", "too-large", "wrong-values"]))),
)]
pub(crate) async fn edit(
    NoteEditor(on, note): NoteEditor,
    State(app): State<Arc<App>>,
    JsonBody(EditRequest { document, update }): JsonBody<EditRequest>,
) -> Result<impl IntoResponse, Problem> {
    if document != note.document {
        return Err(Problem::no_such_note());
    }
    app.documents.append(on.id(), &note, &update, on.username(), None).await?;
    Ok(StatusCode::NO_CONTENT)
}
