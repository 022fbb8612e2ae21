//! Notes.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use notes::{
    BoardId, CurrentNote, Draft, Note, NoteDocument, NoteEvent, NoteKey, Role, Title, TitleRow, WriteError,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::authentication::{Editor, KeyEditor, NoteEditor, NoteReader, OnBoard, Reader};
use crate::entity_tag::{self, EntityTags};
use crate::problem::{Kind, Problem};
use crate::request::conditions::{Conditions, Precondition};
use crate::request::json::JsonBody;
use crate::request::query::{self, Query};
use crate::request::{FromMembers, Members};
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
    path = "/api/boards/{board}/notes",
    operation_id = "listNotes",
    tag = "notes",
    params(schemas::BoardAddress, schemas::Page, schemas::Selection),
    responses((status = 200, description = "A page of titles, or the number of notes.", body = Listing)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["no-such-board", "wrong-values", "quota-reached"]))),
)]
pub(crate) async fn list(
    Reader(on): Reader,
    State(app): State<Arc<App>>,
    Query(listing): Query<query::Listing>,
) -> Result<Response, Problem> {
    let notes = app.notes.on(on.id());
    match listing {
        query::Listing::Count => {
            on.charge_large_read(&app).await?;
            Ok(Json(Count { count: notes.count().await? }).into_response())
        }
        query::Listing::Page { limit, cursor } => {
            let page = notes.titles(limit, cursor.as_ref()).await?;
            let cursor = page.next.map(|next| next.to_string());
            Ok(Json(Titles { notelist: page.notelist, cursor }).into_response())
        }
    }
}

/// Create a note. The server generates its key.
#[utoipa::path(
    post,
    path = "/api/boards/{board}/notes",
    operation_id = "createNote",
    tag = "notes",
    params(schemas::BoardAddress),
    request_body = schemas::Draft,
    responses((
        status = 201,
        description = "Created.",
        body = schemas::Note,
        headers(("etag" = schemas::Tag), ("location" = String)),
    )),
    security(("session" = [])),
    extensions(("x-problems" = json!(["read-only", "no-such-board", "board-full"]))),
)]
pub(crate) async fn create(
    Editor(on): Editor,
    State(app): State<Arc<App>>,
    JsonBody(draft): JsonBody<Draft>,
) -> Result<impl IntoResponse, Problem> {
    let note = app.notes.on(on.id()).create(&NoteKey::generate(), &draft, on.username()).await?;
    app.pushes.note(|| NoteEvent::Created(on.id().clone(), note.clone()));
    Ok(created(on.id(), note))
}

/// Create a note with this key (`If-None-Match: *`), or change it (`If-Match`).
///
/// A request may be repeated safely. It takes effect once.
#[utoipa::path(
    put,
    path = "/api/boards/{board}/notes/{key}",
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
    extensions(("x-problems" = json!(["read-only", "no-such-board", "no-such-note", "board-full", "key-taken", "stale", "condition-required"]))),
)]
pub(crate) async fn write(
    KeyEditor { on, key, note }: KeyEditor,
    State(app): State<Arc<App>>,
    conditions: Conditions,
    JsonBody(draft): JsonBody<Draft>,
) -> Result<Response, Problem> {
    match conditions {
        Conditions { if_match: None, if_none_match: Some(EntityTags::Any) } => {
            let note = app.notes.on(on.id()).create(&key, &draft, on.username()).await?;
            app.pushes.note(|| NoteEvent::Created(on.id().clone(), note.clone()));
            Ok(created(on.id(), note).into_response())
        }
        Conditions { if_match: Some(_), .. } => {
            let old = note.ok_or_else(Problem::no_such_note)?;
            let document = require_passed(&app, &conditions, &old).await?;
            let new = app.documents.write(on.id(), &old, document, &draft, on.username()).await?;
            app.pushes.note(|| NoteEvent::updated(on.id(), old, new.clone()));
            Ok(NoteResponse(new.into()).into_response())
        }
        Conditions { if_match: None, .. } => Err(Problem::condition_required(
            "Send If-None-Match: * to create the note, or If-Match with its ETag to change it.",
        )),
    }
}

/// A request to change the title of a note.
pub(crate) struct Rename {
    title: Title,
}

impl FromMembers for Rename {
    fn from_members(members: &mut Members) -> Option<Self> {
        Some(Self { title: members.required("title", Title::parse)? })
    }
}

/// Change the title of a note, whatever else has changed in it. The last title wins.
#[utoipa::path(
    patch,
    path = "/api/boards/{board}/notes/{key}",
    operation_id = "renameNote",
    tag = "notes",
    params(schemas::NoteAddress),
    request_body = schemas::Rename,
    responses((status = 200, description = "Changed.", body = schemas::Note, headers(("etag" = schemas::Tag)))),
    security(("session" = [])),
    extensions(("x-problems" = json!(["read-only", "no-such-board", "no-such-note"]))),
)]
pub(crate) async fn rename(
    NoteEditor(on, old): NoteEditor,
    State(app): State<Arc<App>>,
    JsonBody(Rename { title }): JsonBody<Rename>,
) -> Result<impl IntoResponse, Problem> {
    let note = app.notes.on(on.id()).rename(&old, &title, on.username()).await?;
    app.pushes.note(|| NoteEvent::updated(on.id(), old, note.clone()));
    let document = app.documents.open(&note).await?;
    Ok(NoteResponse(CurrentNote::new(&note, &document)))
}

/// Read a note.
#[utoipa::path(
    get,
    path = "/api/boards/{board}/notes/{key}",
    operation_id = "readNote",
    tag = "notes",
    params(schemas::NoteAddress, schemas::Conditions),
    responses(
        (status = 200, description = "The note.", body = schemas::Note, headers(("etag" = schemas::Tag))),
        (status = 304, description = "The client has the current note.", headers(("etag" = schemas::Tag))),
    ),
    security(("session" = [])),
    extensions(("x-problems" = json!(["malformed", "no-such-board", "no-such-note", "stale", "wrong-values"]))),
)]
pub(crate) async fn read(
    NoteReader(_, note): NoteReader,
    State(app): State<Arc<App>>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let note = CurrentNote::new(&note, &app.documents.open(&note).await?);
    match conditions.evaluate(&note.tag) {
        Precondition::Passed => Ok(NoteResponse(note).into_response()),
        Precondition::NotModified => {
            Ok((StatusCode::NOT_MODIFIED, [entity_tag::header(&note.tag)]).into_response())
        }
        Precondition::Failed => Err(Problem::stale(note.into())),
    }
}

/// Delete a note, if it has the version in `If-Match`. It stays in the trash of the board for 30 days.
#[utoipa::path(
    delete,
    path = "/api/boards/{board}/notes/{key}",
    operation_id = "destroyNote",
    tag = "notes",
    params(schemas::NoteAddress, schemas::Conditions),
    responses((status = 204, description = "Deleted. The note and its comments are in the trash.")),
    security(("session" = [])),
    extensions(("x-problems" = json!([
        "malformed", "read-only", "no-such-board", "no-such-note", "board-full", "stale", "wrong-values", "condition-required"
    ]))),
)]
pub(crate) async fn destroy(
    KeyEditor { on, note, .. }: KeyEditor,
    State(app): State<Arc<App>>,
    conditions: Conditions,
) -> Result<impl IntoResponse, Problem> {
    if conditions.if_match.is_none() {
        return Err(Problem::condition_required("Send If-Match with the ETag of the note."));
    }
    let mut note = note.ok_or_else(Problem::no_such_note)?;
    loop {
        require_passed(&app, &conditions, &note).await?;
        match app.notes.on(on.id()).destroy(&note, on.username()).await {
            // Edits were merged in the meantime. The conditions may hold for that, too.
            Err(WriteError::Stale(current)) => note = current.note,
            destroyed => {
                destroyed?;
                app.pushes.note(|| NoteEvent::destroyed(on.id(), note, None));
                return Ok(StatusCode::NO_CONTENT);
            }
        }
    }
}

/// A request to move a note.
pub(crate) struct Move {
    board: BoardId,
}

impl FromMembers for Move {
    fn from_members(members: &mut Members) -> Option<Self> {
        Some(Self { board: members.required("board", BoardId::parse)? })
    }
}

/// Move a note to another board, if it has the version in `If-Match`. Its comments follow.
#[utoipa::path(
    post,
    path = "/api/boards/{board}/notes/{key}/move",
    operation_id = "moveNote",
    tag = "notes",
    params(schemas::NoteAddress, schemas::Conditions),
    request_body = schemas::Move,
    responses((
        status = 200,
        description = "Moved.",
        body = schemas::Note,
        headers(("etag" = schemas::Tag), ("location" = String)),
    )),
    security(("session" = [])),
    extensions(("x-problems" = json!([
        "read-only", "no-such-board", "no-such-note", "board-full", "key-taken", "stale", "condition-required"
    ]))),
)]
pub(crate) async fn move_to(
    NoteEditor(on, note): NoteEditor,
    State(app): State<Arc<App>>,
    conditions: Conditions,
    JsonBody(Move { board: to }): JsonBody<Move>,
) -> Result<impl IntoResponse, Problem> {
    if conditions.if_match.is_none() {
        return Err(Problem::condition_required("Send If-Match with the ETag of the note."));
    }
    require_passed(&app, &conditions, &note).await?;
    if to == *on.id() {
        return Ok(located(&to, note));
    }
    require_editor_of(&app, &on, &to).await?;
    let moved = app.notes.on(on.id()).move_to(&note, note.version, &to, on.username()).await?;
    app.pushes.note(|| NoteEvent::destroyed(on.id(), note, Some(to.clone())));
    app.pushes.note(|| NoteEvent::Created(to.clone(), moved.clone()));
    Ok(located(&to, moved))
}

/// Returns 404 or 403 unless the user may also write on another board.
async fn require_editor_of(app: &App, on: &OnBoard, to: &BoardId) -> Result<(), Problem> {
    match app.boards.access(on.username(), to).await? {
        None => Err(Problem::new(Kind::NoSuchBoard)),
        Some(access) if access.role < Role::Editor => Err(Problem::new(Kind::ReadOnly)),
        Some(_) => Ok(()),
    }
}

/// Returns the document of a note, or 412 with the current note unless the conditions hold for it. The write itself fails if
/// the note changes after this.
async fn require_passed(app: &App, conditions: &Conditions, note: &Note) -> Result<NoteDocument, Problem> {
    let document = app.documents.open(note).await?;
    let current = CurrentNote::new(note, &document);
    match conditions.evaluate(&current.tag) {
        Precondition::Passed => Ok(document),
        Precondition::NotModified | Precondition::Failed => Err(Problem::stale(current.into())),
    }
}

fn created(board: &BoardId, note: Note) -> impl IntoResponse + use<> {
    (StatusCode::CREATED, located(board, note))
}

fn located(board: &BoardId, note: Note) -> impl IntoResponse + use<> {
    ([(LOCATION, format!("/api/boards/{board}/notes/{}", note.key))], NoteResponse(note.into()))
}
