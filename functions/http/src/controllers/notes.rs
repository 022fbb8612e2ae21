//! Notes.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use notes::{Body, Draft, Note, NoteKey, Title, TitleRow, Version};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::conditions::{Conditions, Tags, Verdict};
use crate::fields::FieldErrors;
use crate::json::{FromJson, FromMembers, Members};
use crate::note_answer::{NoteAnswer, etag};
use crate::openapi::schemas;
use crate::problem::Problem;
use crate::query::Listing;
use crate::signed_in::SignedIn;

/// The note that the path names.
pub(crate) struct Key(pub(crate) NoteKey);

impl FromRequestParts<Arc<App>> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let Ok(Path(key)) = Path::<String>::from_request_parts(parts, app).await else {
            return Err(Problem::malformed("The path is not UTF-8."));
        };
        let mut errors = FieldErrors::default();
        let key = errors.check("key", NoteKey::parse(&key));
        errors.finish(key).map(Self)
    }
}

impl FromMembers for Draft {
    fn from_members(members: &mut Members) -> Option<Self> {
        let title = members.required("title", Title::parse);
        let body = members.required("body", Body::parse);
        Some(Self { title: title?, body: body? })
    }
}

/// A page of the list.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Titles {
    /// At most as many as were asked for.
    #[schema(value_type = Vec<schemas::TitleRow>, max_items = 100)]
    notelist: Vec<TitleRow>,
    /// Not there on the last page.
    #[schema(value_type = Option<schemas::Cursor>, nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

/// How many notes there are.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Count {
    count: u64,
}

/// List the titles, newest change first; or tell how many notes there are.
#[utoipa::path(
    get,
    path = "/api/notes",
    operation_id = "listNotes",
    tag = "notes",
    params(schemas::Place, schemas::Selection),
    responses((status = 200, description = "A page of titles, or the count.", body = schemas::Listing)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["wrong-values"]))),
)]
pub(crate) async fn list(
    _: SignedIn,
    State(app): State<Arc<App>>,
    listing: Listing,
) -> Result<Response, Problem> {
    match listing {
        Listing::Count => Ok(Json(Count { count: app.notes.count().await? }).into_response()),
        Listing::Page { limit, cursor } => {
            let page = app.notes.titles(limit, cursor.as_ref()).await?;
            let cursor = page.next.map(|next| next.to_string());
            Ok(Json(Titles { notelist: page.notelist, cursor }).into_response())
        }
    }
}

/// Create a note under a key of ours.
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
    FromJson(draft): FromJson<Draft>,
) -> Result<impl IntoResponse, Problem> {
    Ok(created(app.notes.create(&NoteKey::generate(), &draft, session.username()).await?))
}

/// Create a note under this key (`If-None-Match: *`), or change it (`If-Match`).
///
/// Either may be repeated: it is done once.
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
    Key(key): Key,
    conditions: Conditions,
    FromJson(draft): FromJson<Draft>,
) -> Result<Response, Problem> {
    match conditions {
        Conditions { if_match: None, if_none_match: Some(Tags::Any) } => {
            let note = app.notes.create(&key, &draft, session.username()).await?;
            Ok(created(note).into_response())
        }
        Conditions { if_match: Some(_), .. } => {
            let version = version_meant(&app, &key, &conditions).await?;
            let note = app.notes.update(&key, version, &draft, session.username()).await?;
            Ok(NoteAnswer(note).into_response())
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
        (status = 304, description = "The client has it.", headers(("etag" = schemas::Tag))),
    ),
    security(("session" = [])),
    extensions(("x-problems" = json!(["malformed", "no-such-note", "stale", "wrong-values"]))),
)]
pub(crate) async fn read(
    _: SignedIn,
    State(app): State<Arc<App>>,
    Key(key): Key,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let note = app.notes.read(&key).await?.ok_or_else(Problem::no_such_note)?;
    match conditions.judge(&note.version.to_string()) {
        Verdict::Hold => Ok(NoteAnswer(note).into_response()),
        Verdict::Known => Ok((StatusCode::NOT_MODIFIED, [etag(note.version)]).into_response()),
        Verdict::Other => Err(Problem::stale(note.into())),
    }
}

/// Destroy a note, if it is still as the client knew it.
#[utoipa::path(
    delete,
    path = "/api/notes/{key}",
    operation_id = "destroyNote",
    tag = "notes",
    params(schemas::NoteAddress, schemas::Conditions),
    responses((status = 204, description = "Destroyed, with its comments.")),
    security(("session" = [])),
    extensions(("x-problems" = json!(["malformed", "no-such-note", "stale", "wrong-values", "condition-required"]))),
)]
pub(crate) async fn destroy(
    _: SignedIn,
    State(app): State<Arc<App>>,
    Key(key): Key,
    conditions: Conditions,
) -> Result<impl IntoResponse, Problem> {
    if conditions.if_match.is_none() {
        return Err(Problem::condition_required("Send If-Match with the ETag of the note."));
    }
    let version = version_meant(&app, &key, &conditions).await?;
    app.notes.destroy(&key, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The version that a write's conditions mean. If they name one, the write itself checks it; else (a list, a `*`, a weak or
/// a foreign tag, two conditions) the note must be looked at first.
async fn version_meant(app: &App, key: &NoteKey, conditions: &Conditions) -> Result<Version, Problem> {
    if let Some(version) = conditions.only_version() {
        return Ok(version);
    }
    let note = app.notes.read(key).await?.ok_or_else(Problem::no_such_note)?;
    match conditions.judge(&note.version.to_string()) {
        Verdict::Hold => Ok(note.version),
        Verdict::Other | Verdict::Known => Err(Problem::stale(note.into())),
    }
}

fn created(note: Note) -> impl IntoResponse {
    (StatusCode::CREATED, [(LOCATION, format!("/api/notes/{}", note.key))], NoteAnswer(note))
}
