//! The sessions of the signed-in user: list and end them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use notes::{Session, SessionId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::authentication::SignedIn;
use crate::problem::{Kind, Problem};
use crate::schemas;

/// The user's sessions, the most recently used first.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Sessions {
    sessions: Vec<OwnSession>,
}

/// A session, as its user sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OwnSession {
    /// The id of the session. It is not secret, unlike the token in the cookie.
    #[schema(pattern = "^[A-Za-z0-9_-]{43}$")]
    id: String,
    #[schema(value_type = schemas::Timestamp)]
    created: Timestamp,
    /// The last use, accurate to five minutes.
    #[schema(value_type = schemas::Timestamp)]
    last_seen: Timestamp,
    #[schema(value_type = schemas::Timestamp)]
    expires: Timestamp,
    /// The network address of the last use.
    address: String,
    /// The user agent of the last use.
    #[schema(max_length = 256)]
    agent: String,
    /// Whether this is the session of the request.
    current: bool,
}

/// List the user's sessions.
#[utoipa::path(
    get,
    path = "/api/sessions",
    operation_id = "listSessions",
    tag = "accounts",
    responses((
        status = 200,
        description = "The user's sessions, the most recently used first.",
        body = Sessions,
        links(("end" = (operation_id = "endSession", parameters(("id" = "$response.body#/sessions/0/id"))))),
    )),
    security(("session" = [])),
)]
pub(crate) async fn list(
    SignedIn(current): SignedIn,
    State(app): State<Arc<App>>,
) -> Result<impl IntoResponse, Problem> {
    let sessions = app.sessions.of(current.username()).await?;
    let own = |session: Session| OwnSession {
        id: session.id.digest().to_owned(),
        created: session.created,
        last_seen: session.last_seen,
        expires: session.expires,
        address: session.device.address,
        agent: session.device.agent,
        current: session.id == current.id,
    };
    Ok(Json(Sessions { sessions: sessions.into_iter().map(own).collect() }))
}

/// End one of the user's sessions. Its Socket.IO connections close.
#[utoipa::path(
    delete,
    path = "/api/sessions/{id}",
    operation_id = "endSession",
    tag = "accounts",
    params(("id" = String, Path, description = "The id of the session, from the list.")),
    responses((
        status = 204,
        description = "Ended. If it was the session of the request, the cookie is cleared.",
        headers(("set-cookie" = Option<String>)),
    )),
    security(("session" = [])),
    extensions(("x-problems" = json!(["no-such-session"]))),
)]
pub(crate) async fn end(
    SignedIn(current): SignedIn,
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let no_such_session = || Problem::new(Kind::NoSuchSession);
    let id = SessionId::of(current.username().clone(), &id).map_err(|_| no_such_session())?;
    if !app.sessions.end(&id).await? {
        return Err(no_such_session());
    }
    if id == current.id {
        return Ok((StatusCode::NO_CONTENT, [app.cookie.clear()]).into_response());
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// End all other sessions of the user. Their Socket.IO connections close.
#[utoipa::path(
    delete,
    path = "/api/sessions",
    operation_id = "endOtherSessions",
    tag = "accounts",
    responses((status = 204, description = "Ended.")),
    security(("session" = [])),
)]
pub(crate) async fn end_others(
    SignedIn(current): SignedIn,
    State(app): State<Arc<App>>,
) -> Result<impl IntoResponse, Problem> {
    app.sessions.end_all(current.username(), Some(&current.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
