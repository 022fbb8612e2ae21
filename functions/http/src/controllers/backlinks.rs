//! The links to a note, from other notes of its board.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use notes::{Backlink, NoteKey, Title};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::authentication::NoteReader;
use crate::problem::Problem;
use crate::request::query::{Page, Query};
use crate::schemas;

/// A note that links to another one.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LinkingNote {
    #[schema(value_type = schemas::NoteKey)]
    key: NoteKey,
    #[schema(value_type = schemas::Title)]
    title: Title,
}

/// A page of the links to a note.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Backlinks {
    /// At most `limit` notes, by their keys.
    #[schema(max_items = 100)]
    notes: Vec<LinkingNote>,
    /// The cursor of the next page. Absent on the last page.
    #[schema(value_type = Option<schemas::NoteKey>, nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<NoteKey>,
}

impl From<Backlink> for LinkingNote {
    fn from(Backlink { key, title }: Backlink) -> Self {
        Self { key, title }
    }
}

/// List the other notes of the board that link to a note by its title, as `[[title]]`.
///
/// The case of letters does not matter. A link appears a moment after it was written. Of each note, its first hundred links
/// count, sorted by title.
#[utoipa::path(
    get,
    path = "/api/boards/{board}/notes/{key}/backlinks",
    operation_id = "listBacklinks",
    tag = "notes",
    params(schemas::NoteAddress, schemas::BacklinkPage),
    responses((status = 200, description = "A page of the links.", body = Backlinks)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["malformed", "no-such-board", "no-such-note", "wrong-values"]))),
)]
pub(crate) async fn list(
    NoteReader(on, note): NoteReader,
    State(app): State<Arc<App>>,
    Query(Page { limit, cursor }): Query<Page<NoteKey>>,
) -> Result<impl IntoResponse, Problem> {
    let page = app.links.page(&on.board().id, &note.title, limit, cursor.as_ref()).await?;
    let others = page.links.into_iter().filter(|link| link.key != note.key);
    let notes = others.map(LinkingNote::from).collect();
    Ok(Json(Backlinks { notes, cursor: page.next }))
}
