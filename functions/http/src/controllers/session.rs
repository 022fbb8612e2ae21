//! The session of who asks: signing in, out, and who is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use notes::{DisplayName, Invalid, Password, Session, SessionToken, SignInError, Timestamp, Username};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::json::{FromJson, FromMembers, Members};
use crate::openapi::schemas;
use crate::problem::Problem;
use crate::sign_ins;
use crate::signed_in::SignedIn;
use crate::used_from::UsedFrom;

/// What somebody who signs in says. A username or password that nobody can have is as wrong as any other.
pub(crate) struct Credentials {
    typed: String,
    username: Result<Username, Invalid>,
    password: Result<Password, Invalid>,
}

impl FromMembers for Credentials {
    fn from_members(members: &mut Members) -> Option<Self> {
        let username = members.required("username", |text| Ok((text.to_owned(), Username::parse(text))));
        let password = members.required("password", |text| Ok(Password::parse(text)));
        let (typed, username) = username?;
        Some(Self { typed, username, password: password? })
    }
}

/// Who is signed in, and until when, if it is not used before.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WhoAmI {
    #[schema(value_type = schemas::Username)]
    username: Username,
    #[schema(value_type = schemas::DisplayName)]
    display_name: DisplayName,
    #[schema(value_type = schemas::Timestamp)]
    expires: Timestamp,
}

impl From<Session> for WhoAmI {
    fn from(session: Session) -> Self {
        let Session { id, display_name, expires, .. } = session;
        Self { username: id.username().clone(), display_name, expires }
    }
}

/// Sign in.
///
/// Any session that the request came with ends. After five failures of one account each further try waits, from a second
/// up to a quarter of an hour.
#[utoipa::path(
    post,
    path = "/api/session",
    operation_id = "signIn",
    tag = "accounts",
    request_body = schemas::Credentials,
    responses((status = 200, description = "Signed in.", body = WhoAmI, headers(("set-cookie" = String)))),
    extensions(("x-problems" = json!(["wrong-credentials", "too-many-attempts"]))),
)]
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    from: UsedFrom,
    headers: HeaderMap,
    FromJson(Credentials { typed, username, password }): FromJson<Credentials>,
) -> Result<impl IntoResponse, Problem> {
    let begun = match (username, password) {
        (Ok(username), Ok(password)) => app.accounts.sign_in(&username, &password, &from.0).await,
        _ => Err(SignInError::Wrong),
    };
    let begun = match begun {
        Ok(begun) => begun,
        Err(error) => {
            sign_ins::failed(&app, &typed, &from, &error).await;
            return Err(error.into());
        }
    };
    telemetry::log::user(begun.1.username());
    end_former(&app, &headers).await?;
    Ok(begin(&app, begun))
}

/// Tell who is signed in.
#[utoipa::path(
    get,
    path = "/api/session",
    operation_id = "showSession",
    tag = "accounts",
    responses((status = 200, description = "Who is signed in.", body = WhoAmI)),
    security(("session" = [])),
)]
pub(crate) async fn show(SignedIn(session): SignedIn) -> impl IntoResponse {
    Json(WhoAmI::from(session))
}

/// Sign out.
#[utoipa::path(
    delete,
    path = "/api/session",
    operation_id = "signOut",
    tag = "accounts",
    responses((status = 204, description = "Signed out; the cookie is cleared.", headers(("set-cookie" = String)))),
    security(("session" = [])),
)]
pub(crate) async fn sign_out(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
) -> Result<impl IntoResponse, Problem> {
    app.sessions.end(&session.id).await?;
    Ok((StatusCode::NO_CONTENT, [app.cookie.clear()]))
}

/// The answer that begins a session: the cookie, and who is signed in.
pub(super) fn begin(app: &App, (token, session): (SessionToken, Session)) -> impl IntoResponse + use<> {
    ([app.cookie.set(&token)], Json(WhoAmI::from(session)))
}

/// Ends the session that a request came with, of who has just proved to be somebody: no token from before the proof is
/// worth anything after it. If it dies before this, that session lasts until it expires.
pub(super) async fn end_former(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    if let Some(former) = app.cookie.token(headers) {
        app.sessions.end(&former.id()).await?;
    }
    Ok(())
}
