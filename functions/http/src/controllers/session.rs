//! Sessions: signing in, out, and who is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use notes::{DisplayName, Invalid, Password, Session, Timestamp, User, Username};
use serde::Serialize;

use crate::app::App;
use crate::json::{FromJson, FromMembers, Members};
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// What somebody who signs in says. A username or password that nobody can have is as wrong as any other.
pub(crate) struct Credentials {
    username: Result<Username, Invalid>,
    password: Result<Password, Invalid>,
}

impl FromMembers for Credentials {
    fn from_members(members: &mut Members) -> Option<Self> {
        let username = members.required("username", |text| Ok(Username::parse(text)));
        let password = members.required("password", |text| Ok(Password::parse(text)));
        Some(Self { username: username?, password: password? })
    }
}

/// Who is signed in, and until when.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WhoAmI {
    username: Username,
    display_name: DisplayName,
    expires: Timestamp,
}

impl From<Session> for WhoAmI {
    fn from(session: Session) -> Self {
        let Session { username, display_name, expires, .. } = session;
        Self { username, display_name, expires }
    }
}

/// `POST /api/session`: sign in.
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    FromJson(credentials): FromJson<Credentials>,
) -> Result<impl IntoResponse, Problem> {
    let (Ok(username), Ok(password)) = (credentials.username, credentials.password) else {
        return Err(Problem::wrong_credentials());
    };
    let user = app.users.verify(&username, &password).await?.ok_or_else(Problem::wrong_credentials)?;
    begin(&app, &headers, &user).await
}

/// `GET /api/session`: who am I?
pub(crate) async fn show(SignedIn(session): SignedIn) -> impl IntoResponse {
    Json(WhoAmI::from(session))
}

/// `DELETE /api/session`: sign out.
pub(crate) async fn sign_out(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
) -> Result<impl IntoResponse, Problem> {
    app.sessions.end(&session.id).await?;
    Ok((StatusCode::NO_CONTENT, [app.cookie.clear()]))
}

/// Begins a session for a user who has just proved to be one, and ends the one that the request came with: no token
/// from before the proof is worth anything after it.
pub(super) async fn begin(
    app: &App,
    headers: &HeaderMap,
    user: &User,
) -> Result<impl IntoResponse + use<>, Problem> {
    let (token, session) = app.sessions.create(user).await?;
    if let Some(former) = app.cookie.token(headers) {
        app.sessions.end(&former.id()).await?;
    }
    Ok(([app.cookie.set(&token)], Json(WhoAmI::from(session))))
}
