//! The sessions of who asks: on which devices they are signed in.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use notes::{Device, Session, SessionId, Timestamp};
use serde::Serialize;

use crate::app::App;
use crate::problem::{Kind, Problem};
use crate::signed_in::SignedIn;

/// One's sessions, the one used last first.
#[derive(Serialize)]
struct Sessions {
    sessions: Vec<OwnSession>,
}

/// A session, to its user.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OwnSession {
    id: String,
    created: Timestamp,
    last_seen: Timestamp,
    expires: Timestamp,
    #[serde(flatten)]
    device: Device,
    /// Whether it is the one that asks.
    current: bool,
}

/// `GET /api/sessions`: when, and from what, one is signed in.
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
        device: session.device,
        current: session.id == current.id,
    };
    Ok(Json(Sessions { sessions: sessions.into_iter().map(own).collect() }))
}

/// `DELETE /api/sessions/{id}`: end one of them.
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

/// `DELETE /api/sessions`: end all of them but the one that asks.
pub(crate) async fn end_others(
    SignedIn(current): SignedIn,
    State(app): State<Arc<App>>,
) -> Result<impl IntoResponse, Problem> {
    app.sessions.end_all(current.username(), Some(&current.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
