//! The account of the signed-in user: change its display name or its password, delete it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use notes::{DisplayName, Password, Session, SignInError};

use super::session::{WhoAmI, session_response};
use crate::app::App;
use crate::authentication::{Client, SignedIn};
use crate::problem::Problem;
use crate::request::fields::FieldErrors;
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

/// The current password, which confirms a deletion.
pub(crate) struct Confirmation {
    password: Password,
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
    let mut errors = FieldErrors::default();
    let new = errors.check("newPassword", change.new.different_from(session.username()));
    let new = errors.finish(new)?;
    let changed = app.accounts.change_password(&session, &change.password, &new, &device).await;
    Ok(session_response(&app, changed.map_err(wrong_password)?))
}

/// Delete the account. Ends its sessions and keeps its notes. The username cannot be used again.
#[utoipa::path(
    post,
    path = "/api/account/deletion",
    operation_id = "deleteAccount",
    tag = "accounts",
    request_body = schemas::Confirmation,
    responses((status = 204, description = "Deleted. The cookie is cleared.", headers(("set-cookie" = String)))),
    security(("session" = [])),
    extensions(("x-problems" = json!(["wrong-password", "too-many-attempts"]))),
)]
pub(crate) async fn delete(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
    JsonBody(Confirmation { password }): JsonBody<Confirmation>,
) -> Result<impl IntoResponse, Problem> {
    app.accounts.delete(&session, &password).await.map_err(wrong_password)?;
    Ok((StatusCode::NO_CONTENT, [app.cookie.clear()]))
}

/// Turns a wrong password into 403 instead of 401, because the user is signed in.
fn wrong_password(error: SignInError) -> Problem {
    match error {
        SignInError::Wrong => Problem::wrong_password(),
        error => error.into(),
    }
}
