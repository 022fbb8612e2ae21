//! Comments on notes. Clients write them over Socket.IO, and read older ones here.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use notes::{Comment, CommentId, Thread};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::authentication::NoteReader;
use crate::problem::Problem;
use crate::request::query::{Page, Query};
use crate::schemas;

/// A page of comments.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Comments {
    /// At most `limit` comments.
    #[schema(value_type = Vec<schemas::Comment>, max_items = 100)]
    comments: Vec<Comment>,
    /// The cursor of the next page. Absent on the last page.
    #[schema(value_type = Option<schemas::Cursor>, nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<CommentId>,
}

/// List the comments on a note, newest first.
#[utoipa::path(
    get,
    path = "/api/boards/{board}/notes/{key}/comments",
    operation_id = "listComments",
    tag = "notes",
    params(schemas::NoteAddress, schemas::Page),
    responses((status = 200, description = "A page of comments.", body = Comments)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["malformed", "no-such-board", "no-such-note", "wrong-values"]))),
)]
pub(crate) async fn list(
    NoteReader(on, note): NoteReader,
    State(app): State<Arc<App>>,
    Query(Page { limit, cursor }): Query<Page<CommentId>>,
) -> Result<impl IntoResponse, Problem> {
    let page = app.comments.page(&Thread::of(on.id(), &note), limit, cursor.as_ref()).await?;
    Ok(Json(Comments { comments: page.comments, cursor: page.next }))
}
