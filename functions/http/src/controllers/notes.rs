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

use crate::app::App;
use crate::conditions::{Conditions, Tags};
use crate::fields::FieldErrors;
use crate::json::{FromJson, FromMembers, Members};
use crate::note_answer::{NoteAnswer, etag};
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
#[derive(Serialize)]
struct Titles {
    notelist: Vec<TitleRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

/// How many notes there are.
#[derive(Serialize)]
struct Count {
    count: u64,
}

/// `GET /api/notes`: the titles, newest change first; or how many there are.
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

/// `POST /api/notes`: create a note under a key of ours.
pub(crate) async fn create(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
    FromJson(draft): FromJson<Draft>,
) -> Result<impl IntoResponse, Problem> {
    Ok(created(app.notes.create(&NoteKey::generate(), &draft, session.username()).await?))
}

/// `PUT /api/notes/{key}`: create a note under this key (`If-None-Match: *`), or change it (`If-Match`).
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
        Conditions { if_match: Some(tags), if_none_match: None } => {
            let version = version_meant(&app, &key, &tags).await?;
            let note = app.notes.update(&key, version, &draft, session.username()).await?;
            Ok(NoteAnswer(note).into_response())
        }
        _ => Err(Problem::condition_required(
            "Send If-None-Match: * to create the note, or If-Match with its ETag to change it.",
        )),
    }
}

/// `GET /api/notes/{key}`: read a note.
pub(crate) async fn read(
    _: SignedIn,
    State(app): State<Arc<App>>,
    Key(key): Key,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let note = app.notes.read(&key).await?.ok_or_else(Problem::no_such_note)?;
    let known = conditions.if_none_match.is_some_and(|tags| tags.match_weakly(note.version));
    if known {
        return Ok((StatusCode::NOT_MODIFIED, [etag(note.version)]).into_response());
    }
    Ok(NoteAnswer(note).into_response())
}

/// `DELETE /api/notes/{key}`: destroy a note, if it is still as the client knew it.
pub(crate) async fn destroy(
    _: SignedIn,
    State(app): State<Arc<App>>,
    Key(key): Key,
    conditions: Conditions,
) -> Result<impl IntoResponse, Problem> {
    let Conditions { if_match: Some(tags), .. } = conditions else {
        return Err(Problem::condition_required("Send If-Match with the ETag of the note."));
    };
    let version = version_meant(&app, &key, &tags).await?;
    app.notes.destroy(&key, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The version that an `If-Match` means. If it names one, the write itself checks it; else (a list, a `*`, a weak or a
/// foreign tag) the note must be looked at first.
async fn version_meant(app: &App, key: &NoteKey, tags: &Tags) -> Result<Version, Problem> {
    if let Some(version) = tags.only_version() {
        return Ok(version);
    }
    let note = app.notes.read(key).await?.ok_or_else(Problem::no_such_note)?;
    if !tags.match_strongly(note.version) {
        return Err(Problem::stale(note.into()));
    }
    Ok(note.version)
}

fn created(note: Note) -> impl IntoResponse {
    (StatusCode::CREATED, [(LOCATION, format!("/api/notes/{}", note.key))], NoteAnswer(note))
}
