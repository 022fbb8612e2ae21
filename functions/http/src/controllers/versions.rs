//! The history of a note: its earlier versions. Editors may read them. To restore one, a client writes its text again.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use notes::{Body, PastNote, PastVersion, Timestamp, Title, Username, Version};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::authentication::NoteEditor;
use crate::problem::{Kind, Problem};
use crate::request::PathValues;
use crate::request::query::{Page, Query};
use crate::schemas;

/// An earlier version of a note, without its text.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoteVersion {
    #[schema(value_type = schemas::Version)]
    version: Version,
    #[schema(value_type = schemas::Title)]
    title: Title,
    /// The user who had made the last change.
    #[schema(value_type = schemas::Username)]
    editor: Username,
    /// When that was.
    #[schema(value_type = schemas::Timestamp)]
    updated: Timestamp,
}

/// A page of the history of a note.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoteHistory {
    /// At most `limit` versions.
    #[schema(max_items = 100)]
    versions: Vec<NoteVersion>,
    /// The cursor of the next page. Absent on the last page.
    #[schema(value_type = Option<schemas::VersionCursor>, nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

/// An earlier version of a note, with its text.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PastText {
    #[schema(value_type = schemas::Version)]
    version: Version,
    #[schema(value_type = schemas::Title)]
    title: Title,
    #[schema(value_type = schemas::Body)]
    body: Body,
    /// The user who had made the last change.
    #[schema(value_type = schemas::Username)]
    editor: Username,
    /// When that was.
    #[schema(value_type = schemas::Timestamp)]
    updated: Timestamp,
}

impl From<PastVersion> for NoteVersion {
    fn from(PastVersion { version, title, editor, updated, .. }: PastVersion) -> Self {
        Self { version, title, editor, updated }
    }
}

impl From<PastNote> for PastText {
    fn from(PastNote { version, title, body, editor, updated, .. }: PastNote) -> Self {
        Self { version, title, body, editor, updated }
    }
}

/// List earlier versions of a note, newest first. Only those who may write on the board may.
///
/// A version is kept for a day if it was the last of its five minutes, for a week if it was the last of its hour, and for 90
/// days (or what the deployment says) if it was the last of its day, or if the change after it removed more than half of the
/// text.
#[utoipa::path(
    get,
    path = "/api/boards/{board}/notes/{key}/versions",
    operation_id = "listVersions",
    tag = "notes",
    params(schemas::NoteAddress, schemas::VersionPage),
    responses((status = 200, description = "A page of the history.", body = NoteHistory)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["malformed", "read-only", "no-such-board", "no-such-note", "wrong-values"]))),
)]
pub(crate) async fn list(
    NoteEditor(_, note): NoteEditor,
    State(app): State<Arc<App>>,
    Query(Page { limit, cursor }): Query<Page<Version>>,
) -> Result<impl IntoResponse, Problem> {
    let page = app.history.page(&note.document, limit, cursor).await?;
    let cursor = page.next.map(|next| next.to_string());
    Ok(Json(NoteHistory { versions: page.versions.into_iter().map(NoteVersion::from).collect(), cursor }))
}

/// Read an earlier version of a note. Only those who may write on the board may. To restore it, write its title and its text
/// again.
#[utoipa::path(
    get,
    path = "/api/boards/{board}/notes/{key}/versions/{version}",
    operation_id = "readVersion",
    tag = "notes",
    params(
        schemas::NoteAddress,
        ("version" = schemas::Version, Path, description = "The version, from the list."),
    ),
    responses((status = 200, description = "The version.", body = PastText)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["malformed", "read-only", "no-such-board", "no-such-note", "no-such-version", "wrong-values"]))),
)]
pub(crate) async fn read(
    NoteEditor(_, note): NoteEditor,
    State(app): State<Arc<App>>,
    path: PathValues,
) -> Result<impl IntoResponse, Problem> {
    let no_such_version = || Problem::new(Kind::NoSuchVersion);
    let version = Version::parse(path.get("version")).map_err(|_| no_such_version())?;
    let past = app.history.find(&note.document, version).await?.ok_or_else(no_such_version)?;
    Ok(Json(PastText::from(past)))
}
