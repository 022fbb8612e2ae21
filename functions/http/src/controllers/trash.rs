//! The trash of a board: its deleted notes, for 30 days. Editors may restore them, or delete them for good.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use notes::{CurrentNote, NoteEvent, NoteKey, Timestamp, Title, TrashCursor, TrashId, Username, WriteError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::authentication::Editor;
use crate::problem::{Kind, Problem};
use crate::request::PathValues;
use crate::request::query::{Page, Query};
use crate::response::NoteResponse;
use crate::schemas;

/// A note in the trash.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TrashedNote {
    #[schema(value_type = schemas::TrashId)]
    id: TrashId,
    #[schema(value_type = schemas::NoteKey)]
    key: NoteKey,
    #[schema(value_type = schemas::Title)]
    title: Title,
    /// When it was deleted. It goes for good 30 days later.
    #[schema(value_type = schemas::Timestamp)]
    deleted: Timestamp,
    /// The user who deleted it.
    #[schema(value_type = schemas::Username)]
    deleted_by: Username,
}

/// A page of the trash.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Trash {
    /// At most `limit` notes.
    #[schema(max_items = 100)]
    notes: Vec<TrashedNote>,
    /// The cursor of the next page. Absent on the last page.
    #[schema(value_type = Option<schemas::Cursor>, nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

impl From<notes::TrashedNote> for TrashedNote {
    fn from(note: notes::TrashedNote) -> Self {
        let notes::TrashedNote { id, title, deleted, deleted_by, .. } = note;
        Self { key: id.key.clone(), id, title, deleted, deleted_by }
    }
}

/// List the trash of a board, newest deletion first. Only those who may write on the board may.
#[utoipa::path(
    get,
    path = "/api/boards/{board}/trash",
    operation_id = "listTrash",
    tag = "notes",
    params(schemas::BoardAddress, schemas::Page),
    responses((status = 200, description = "A page of the trash.", body = Trash)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["read-only", "no-such-board", "wrong-values"]))),
)]
pub(crate) async fn list(
    Editor(on): Editor,
    State(app): State<Arc<App>>,
    Query(Page { limit, cursor }): Query<Page<TrashCursor>>,
) -> Result<impl IntoResponse, Problem> {
    let page = app.trash.on(on.id()).page(limit, cursor.as_ref()).await?;
    let cursor = page.next.map(|next| next.to_string());
    Ok(Json(Trash { notes: page.notes.into_iter().map(TrashedNote::from).collect(), cursor }))
}

/// Restore a note from the trash, with its comments.
///
/// A request may be repeated safely. It takes effect once.
#[utoipa::path(
    post,
    path = "/api/boards/{board}/trash/{id}/restore",
    operation_id = "restoreNote",
    tag = "notes",
    params(
        schemas::BoardAddress,
        ("id" = schemas::TrashId, Path, description = "The id of the note, from the list."),
    ),
    responses((status = 200, description = "Restored.", body = schemas::Note, headers(("etag" = schemas::Tag)))),
    security(("session" = [])),
    extensions(("x-problems" = json!(["read-only", "no-such-board", "not-in-trash", "board-full", "key-taken"]))),
)]
pub(crate) async fn restore(
    Editor(on): Editor,
    State(app): State<Arc<App>>,
    path: PathValues,
) -> Result<impl IntoResponse, Problem> {
    let restored = app.trash.on(on.id()).restore(&trash_id(&path)?, on.username()).await;
    let note = restored.map_err(|error| match error {
        WriteError::NotFound => not_in_trash(),
        error => error.into(),
    })?;
    app.pushes.note(|| NoteEvent::Created(on.id().clone(), note.clone()));
    let document = app.documents.open(&note).await?;
    Ok(NoteResponse(CurrentNote::new(&note, &document)))
}

/// Delete a note in the trash for good, with its comments. Succeeds if it is not there any more.
#[utoipa::path(
    delete,
    path = "/api/boards/{board}/trash/{id}",
    operation_id = "deleteNoteForGood",
    tag = "notes",
    params(
        schemas::BoardAddress,
        ("id" = schemas::TrashId, Path, description = "The id of the note, from the list."),
    ),
    responses((status = 204, description = "Deleted for good.")),
    security(("session" = [])),
    extensions(("x-problems" = json!(["read-only", "no-such-board", "not-in-trash"]))),
)]
pub(crate) async fn delete(
    Editor(on): Editor,
    State(app): State<Arc<App>>,
    path: PathValues,
) -> Result<impl IntoResponse, Problem> {
    app.trash.on(on.id()).delete(&trash_id(&path)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns the id in the path.
fn trash_id(path: &PathValues) -> Result<TrashId, Problem> {
    TrashId::parse(path.get("id")).map_err(|_| not_in_trash())
}

fn not_in_trash() -> Problem {
    Problem::new(Kind::NotInTrash)
}
