//! The session of the client: sign in, sign out, show it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse};
use notes::{DisplayName, Invalid, NewSession, Password, Session, SignInError, Timestamp, Username};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::authentication::{Client, SignedIn, failed_sign_ins};
use crate::problem::Problem;
use crate::request::json::JsonBody;
use crate::request::{FromMembers, Members};
use crate::schemas;
use crate::security::device_cookie;

/// The credentials of a sign-in. An invalid username or password is as wrong as any other.
pub(crate) struct Credentials {
    /// The username as it was typed, for the log's pseudonym.
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

/// The signed-in user, and when the session expires unless it is used.
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
/// Ends the session of the request, if it has one. After five failures at an account, each further attempt must wait, from
/// one second up to 15 minutes. Failures are counted for each network, and for each device that has signed in to the
/// account before. Its cookie identifies a device. Other devices together have 100 failures per account and hour.
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
    client: Client,
    headers: HeaderMap,
    JsonBody(Credentials { typed, username, password }): JsonBody<Credentials>,
) -> Result<impl IntoResponse, Problem> {
    let result = match (username, password) {
        (Ok(username), Ok(password)) => {
            let device_token = device_cookie::token(&headers);
            app.accounts.sign_in(&username, &password, &client.0, device_token).await
        }
        _ => Err(SignInError::Wrong),
    };
    let begun = match result {
        Ok(begun) => begun,
        Err(error) => {
            failed_sign_ins::record(&app, &typed, &client, &error).await;
            return Err(error.into());
        }
    };
    telemetry::log::user(begun.session.username());
    end_previous_session(&app, &headers).await?;
    Ok(session_response(&app, begun))
}

/// Show the signed-in user.
#[utoipa::path(
    get,
    path = "/api/session",
    operation_id = "showSession",
    tag = "accounts",
    responses((status = 200, description = "The signed-in user.", body = WhoAmI)),
    security(("session" = [])),
)]
pub(crate) async fn show(SignedIn(session): SignedIn) -> impl IntoResponse {
    Json(WhoAmI::from(session))
}

/// Sign out.
///
/// The account still knows the device, so its cookie stays.
#[utoipa::path(
    delete,
    path = "/api/session",
    operation_id = "signOut",
    tag = "accounts",
    responses((status = 204, description = "Signed out. The cookie is cleared.", headers(("set-cookie" = String)))),
    security(("session" = [])),
)]
pub(crate) async fn sign_out(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
) -> Result<impl IntoResponse, Problem> {
    app.sessions.end(&session.id).await?;
    Ok((StatusCode::NO_CONTENT, [app.cookie.clear()]))
}

/// Returns the response that begins a session: its cookie, its device's, and its user.
pub(super) fn session_response(app: &App, begun: NewSession) -> impl IntoResponse + use<> {
    let cookies = [app.cookie.set(&begun.token), device_cookie::set(&begun.device_token)];
    (AppendHeaders(cookies), Json(WhoAmI::from(begun.session)))
}

/// Ends the session of a request after a successful sign-in or sign-up, so that its token is worthless (session fixation).
///
/// If the function is killed before this, that session lasts until it expires.
pub(super) async fn end_previous_session(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    if let Some(token) = app.cookie.token(headers) {
        app.sessions.end(&token.id()).await?;
    }
    Ok(())
}
