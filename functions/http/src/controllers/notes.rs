//! Notes.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use notes::{Draft, Note, NoteKey, TitleRow, Version};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::authentication::SignedIn;
use crate::entity_tag::{self, EntityTags};
use crate::problem::Problem;
use crate::request::NoteKeyInPath;
use crate::request::conditions::{Conditions, Precondition};
use crate::request::json::JsonBody;
use crate::request::query::{self, Query};
use crate::response::NoteResponse;
use crate::schemas;

/// A page of titles.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Titles {
    /// At most `limit` titles.
    #[schema(value_type = Vec<schemas::TitleRow>, max_items = 100)]
    notelist: Vec<TitleRow>,
    /// The cursor of the next page. Absent on the last page.
    #[schema(value_type = Option<schemas::Cursor>, nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

/// The number of notes.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Count {
    count: u64,
}

/// A page of titles, or the number of notes.
#[expect(dead_code, reason = "describes two responses in the OpenAPI document")]
#[derive(ToSchema)]
#[serde(untagged)]
pub(crate) enum Listing {
    /// A page of titles.
    Titles(Titles),
    /// The number of notes.
    Count(Count),
}

/// List the titles, newest change first, or count the notes.
#[utoipa::path(
    get,
    path = "/api/notes",
    operation_id = "listNotes",
    tag = "notes",
    params(schemas::Page, schemas::Selection),
    responses((status = 200, description = "A page of titles, or the number of notes.", body = Listing)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["wrong-values"]))),
)]
pub(crate) async fn list(
    _: SignedIn,
    State(app): State<Arc<App>>,
    Query(listing): Query<query::Listing>,
) -> Result<Response, Problem> {
    match listing {
        query::Listing::Count => Ok(Json(Count { count: app.notes.count().await? }).into_response()),
        query::Listing::Page { limit, cursor } => {
            let page = app.notes.titles(limit, cursor.as_ref()).await?;
            let cursor = page.next.map(|next| next.to_string());
            Ok(Json(Titles { notelist: page.notelist, cursor }).into_response())
        }
    }
}

/// Create a note. The server generates its key.
#[utoipa::path(
    post,
    path = "/api/notes",
    operation_id = "createNote",
    tag = "notes",
    request_body = schemas::Draft,
    responses((
        status = 201,
        description = "Created.",
        body = schemas::Note,
        headers(("etag" = schemas::Tag), ("location" = String)),
    )),
    security(("session" = [])),
    extensions(("x-problems" = json!(["board-full"]))),
)]
pub(crate) async fn create(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
    JsonBody(draft): JsonBody<Draft>,
) -> Result<impl IntoResponse, Problem> {
    Ok(created(app.notes.create(&NoteKey::generate(), &draft, session.username()).await?))
}

/// Create a note with this key (`If-None-Match: *`), or change it (`If-Match`).
///
/// A request may be repeated safely. It takes effect once.
#[utoipa::path(
    put,
    path = "/api/notes/{key}",
    operation_id = "writeNote",
    tag = "notes",
    params(schemas::NoteAddress, schemas::Conditions),
    request_body = schemas::Draft,
    responses(
        (status = 200, description = "Changed.", body = schemas::Note, headers(("etag" = schemas::Tag))),
        (
            status = 201,
            description = "Created.",
            body = schemas::Note,
            headers(("etag" = schemas::Tag), ("location" = String)),
        ),
    ),
    security(("session" = [])),
    extensions(("x-problems" = json!(["no-such-note", "board-full", "key-taken", "stale", "condition-required"]))),
)]
pub(crate) async fn write(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
    NoteKeyInPath(key): NoteKeyInPath,
    conditions: Conditions,
    JsonBody(draft): JsonBody<Draft>,
) -> Result<Response, Problem> {
    match conditions {
        Conditions { if_match: None, if_none_match: Some(EntityTags::Any) } => {
            let note = app.notes.create(&key, &draft, session.username()).await?;
            Ok(created(note).into_response())
        }
        Conditions { if_match: Some(_), .. } => {
            let version = expected_version(&app, &key, &conditions).await?;
            let note = app.notes.update(&key, version, &draft, session.username()).await?;
            Ok(NoteResponse(note).into_response())
        }
        Conditions { if_match: None, .. } => Err(Problem::condition_required(
            "Send If-None-Match: * to create the note, or If-Match with its ETag to change it.",
        )),
    }
}

/// Read a note.
#[utoipa::path(
    get,
    path = "/api/notes/{key}",
    operation_id = "readNote",
    tag = "notes",
    params(schemas::NoteAddress, schemas::Conditions),
    responses(
        (status = 200, description = "The note.", body = schemas::Note, headers(("etag" = schemas::Tag))),
        (status = 304, description = "The client has the current note.", headers(("etag" = schemas::Tag))),
    ),
    security(("session" = [])),
    extensions(("x-problems" = json!(["malformed", "no-such-note", "stale", "wrong-values"]))),
)]
pub(crate) async fn read(
    _: SignedIn,
    State(app): State<Arc<App>>,
    NoteKeyInPath(key): NoteKeyInPath,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let note = app.notes.read(&key).await?.ok_or_else(Problem::no_such_note)?;
    match conditions.evaluate(&note.version.to_string()) {
        Precondition::Passed => Ok(NoteResponse(note).into_response()),
        Precondition::NotModified => {
            Ok((StatusCode::NOT_MODIFIED, [entity_tag::header(note.version)]).into_response())
        }
        Precondition::Failed => Err(Problem::stale(note.into())),
    }
}

/// Delete a note, if it has the version in `If-Match`.
#[utoipa::path(
    delete,
    path = "/api/notes/{key}",
    operation_id = "destroyNote",
    tag = "notes",
    params(schemas::NoteAddress, schemas::Conditions),
    responses((status = 204, description = "Deleted, with its comments.")),
    security(("session" = [])),
    extensions(("x-problems" = json!(["malformed", "no-such-note", "stale", "wrong-values", "condition-required"]))),
)]
pub(crate) async fn destroy(
    _: SignedIn,
    State(app): State<Arc<App>>,
    NoteKeyInPath(key): NoteKeyInPath,
    conditions: Conditions,
) -> Result<impl IntoResponse, Problem> {
    if conditions.if_match.is_none() {
        return Err(Problem::condition_required("Send If-Match with the ETag of the note."));
    }
    let version = expected_version(&app, &key, &conditions).await?;
    app.notes.destroy(&key, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns the version that a write's conditions expect.
///
/// If they name one version, the write itself checks it. Any other conditions (a list, `*`, a weak or unknown tag, both
/// headers) are evaluated against the current note.
async fn expected_version(app: &App, key: &NoteKey, conditions: &Conditions) -> Result<Version, Problem> {
    if let Some(version) = conditions.only_version() {
        return Ok(version);
    }
    let note = app.notes.read(key).await?.ok_or_else(Problem::no_such_note)?;
    match conditions.evaluate(&note.version.to_string()) {
        Precondition::Passed => Ok(note.version),
        Precondition::NotModified | Precondition::Failed => Err(Problem::stale(note.into())),
    }
}

fn created(note: Note) -> impl IntoResponse {
    (StatusCode::CREATED, [(LOCATION, format!("/api/notes/{}", note.key))], NoteResponse(note))
}
