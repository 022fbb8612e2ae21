//! The account of the signed-in user: show it, change its display name or its password, delete it. A link sets a new
//! password without signing in.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use notes::{
    DeleteAccountError, DisplayName, Invalid, Password, PasswordLink, Session, SignInError, Username,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::session::{WhoAmI, end_previous_session, session_response};
use crate::app::App;
use crate::authentication::{Client, SignedIn};
use crate::problem::{Kind, Problem};
use crate::request::json::JsonBody;
use crate::request::{FromMembers, Members};
use crate::schemas;
use crate::security::NewPassword;

/// The new display name.
pub(crate) struct DisplayNameChange {
    display_name: DisplayName,
}

impl FromMembers for DisplayNameChange {
    fn from_members(members: &mut Members) -> Option<Self> {
        Some(Self { display_name: members.required("displayName", DisplayName::parse)? })
    }
}

/// The current password and the new one.
pub(crate) struct PasswordChange {
    password: Password,
    new: NewPassword,
}

impl FromMembers for PasswordChange {
    fn from_members(members: &mut Members) -> Option<Self> {
        let password = members.required("password", Password::parse);
        let new = members.required("newPassword", NewPassword::parse);
        Some(Self { password: password?, new: new? })
    }
}

/// The token of a link, and a new password.
pub(crate) struct PasswordByLink {
    link: Result<PasswordLink, Invalid>,
    new: NewPassword,
}

impl FromMembers for PasswordByLink {
    fn from_members(members: &mut Members) -> Option<Self> {
        // An invalid token is refused as an unknown one is.
        let link = members.required("token", |text| Ok(PasswordLink::parse(text)));
        let new = members.required("newPassword", NewPassword::parse);
        Some(Self { link: link?, new: new? })
    }
}

/// The account of the signed-in user.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OwnAccount {
    #[schema(value_type = schemas::Username)]
    username: Username,
    #[schema(value_type = schemas::DisplayName)]
    display_name: DisplayName,
    /// Whether the user is an administrator.
    administrator: bool,
}

/// Show the account of the signed-in user.
#[utoipa::path(
    get,
    path = "/api/account",
    operation_id = "showAccount",
    tag = "accounts",
    responses((status = 200, description = "The account.", body = OwnAccount)),
    security(("session" = [])),
)]
pub(crate) async fn show(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
) -> Result<impl IntoResponse, Problem> {
    let administrator = app.people.is_administrator(session.username()).await?;
    let username = session.username().clone();
    Ok(Json(OwnAccount { username, display_name: session.display_name, administrator }))
}

/// The current password, which confirms a deletion or a new passkey.
pub(crate) struct Confirmation {
    pub(super) password: Password,
}

impl FromMembers for Confirmation {
    fn from_members(members: &mut Members) -> Option<Self> {
        Some(Self { password: members.required("password", Password::parse)? })
    }
}

/// Change the display name. All sessions of the user show it.
///
/// If no response arrives, send the same request again.
#[utoipa::path(
    put,
    path = "/api/account/display-name",
    operation_id = "changeDisplayName",
    tag = "accounts",
    request_body = schemas::DisplayNameChange,
    responses((status = 200, description = "Changed.", body = WhoAmI)),
    security(("session" = [])),
)]
pub(crate) async fn change_display_name(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
    JsonBody(DisplayNameChange { display_name }): JsonBody<DisplayNameChange>,
) -> Result<impl IntoResponse, Problem> {
    if !app.accounts.change_display_name(&session, &display_name).await? {
        // The account was deleted at this moment, and its sessions with it.
        return Err(Problem::not_signed_in());
    }
    Ok(Json(WhoAmI::from(Session { display_name, ..session })))
}

/// Change the password. Ends all sessions and begins a new one.
///
/// The account forgets all other devices. After five wrong passwords in a session, each further one must wait, from one
/// second up to 15 minutes.
#[utoipa::path(
    put,
    path = "/api/account/password",
    operation_id = "changePassword",
    tag = "accounts",
    request_body = schemas::PasswordChange,
    responses((status = 200, description = "Changed. The response contains the new session.", body = WhoAmI, headers(("set-cookie" = String)))),
    security(("session" = [])),
    extensions(("x-problems" = json!(["wrong-password", "too-many-attempts"]))),
)]
pub(crate) async fn change_password(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
    Client(device): Client,
    JsonBody(change): JsonBody<PasswordChange>,
) -> Result<impl IntoResponse, Problem> {
    let known = app.known_words([session.username().as_str(), session.display_name.as_str()]);
    let new = change.new.hard_to_guess("newPassword", &known)?;
    let changed = app.accounts.change_password(&session, &change.password, &new, &device).await;
    Ok(session_response(&app, changed.map_err(wrong_password)?))
}

/// Set a new password with the link that an administrator made. Ends all sessions and begins a new one.
///
/// The account forgets all other devices, and its passkeys.
#[utoipa::path(
    post,
    path = "/api/account/new-password",
    operation_id = "usePasswordLink",
    tag = "accounts",
    request_body = schemas::PasswordByLink,
    responses((status = 200, description = "Set. The response contains the new session.", body = WhoAmI, headers(("set-cookie" = String)))),
    extensions(("x-problems" = json!(["invalid-link"]))),
)]
pub(crate) async fn use_password_link(
    State(app): State<Arc<App>>,
    Client(device): Client,
    headers: HeaderMap,
    JsonBody(PasswordByLink { link, new }): JsonBody<PasswordByLink>,
) -> Result<impl IntoResponse, Problem> {
    let link = link.map_err(|_| Problem::new(Kind::InvalidLink))?;
    let known = app.known_words([link.username().as_str(), ""]);
    let new = new.hard_to_guess("newPassword", &known)?;
    let begun = app.accounts.use_password_link(&link, &new, &device).await?;
    telemetry::log::user(begun.session.username());
    end_previous_session(&app, &headers).await?;
    Ok(session_response(&app, begun))
}

/// Delete the account. Ends its sessions, deletes its passkeys and keeps its notes. The username cannot be used again.
#[utoipa::path(
    post,
    path = "/api/account/deletion",
    operation_id = "deleteAccount",
    tag = "accounts",
    request_body = schemas::Confirmation,
    responses((status = 204, description = "Deleted. The cookie is cleared.", headers(("set-cookie" = String)))),
    security(("session" = [])),
    extensions(("x-problems" = json!(["wrong-password", "last-administrator", "too-many-attempts"]))),
)]
pub(crate) async fn delete(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
    JsonBody(Confirmation { password }): JsonBody<Confirmation>,
) -> Result<impl IntoResponse, Problem> {
    app.accounts.delete(&session, &password).await.map_err(|error| match error {
        DeleteAccountError::Password(error) => wrong_password(error),
        DeleteAccountError::LastAdministrator => Problem::new(Kind::LastAdministrator),
    })?;
    Ok((StatusCode::NO_CONTENT, [app.cookie.clear()]))
}

/// Turns a wrong password into 403 instead of 401, because the user is signed in.
pub(super) fn wrong_password(error: SignInError) -> Problem {
    match error {
        SignInError::Wrong => Problem::wrong_password(),
        error => error.into(),
    }
}
