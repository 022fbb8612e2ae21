//! The account of who asks: another password, or an end.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use notes::{Password, SignInError};

use super::session::{WhoAmI, begin};
use crate::app::App;
use crate::fields::FieldErrors;
use crate::json::{FromJson, FromMembers, Members};
use crate::new_password::NewPassword;
use crate::openapi::schemas;
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use crate::used_from::UsedFrom;

/// The password of who asks, and the one to come.
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

/// The password of who asks.
pub(crate) struct Confirmation {
    password: Password,
}

impl FromMembers for Confirmation {
    fn from_members(members: &mut Members) -> Option<Self> {
        Some(Self { password: members.required("password", Password::parse)? })
    }
}

/// Set another password. A new session begins, and all others end.
#[utoipa::path(
    put,
    path = "/api/account/password",
    operation_id = "changePassword",
    tag = "accounts",
    request_body = schemas::PasswordChange,
    responses((status = 200, description = "Set; here is the new session.", body = WhoAmI, headers(("set-cookie" = String)))),
    security(("session" = [])),
    extensions(("x-problems" = json!(["wrong-password", "too-many-attempts"]))),
)]
pub(crate) async fn change_password(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
    UsedFrom(device): UsedFrom,
    FromJson(change): FromJson<PasswordChange>,
) -> Result<impl IntoResponse, Problem> {
    let mut errors = FieldErrors::default();
    let new = errors.check("newPassword", change.new.unlike(session.username()));
    let new = errors.finish(new)?;
    let changed = app.accounts.change_password(&session, &change.password, &new, &device).await;
    Ok(begin(&app, changed.map_err(wrong_password)?))
}

/// Delete one's account. Its sessions end, its notes stay, and nobody can have its name again.
#[utoipa::path(
    post,
    path = "/api/account/deletion",
    operation_id = "deleteAccount",
    tag = "accounts",
    request_body = schemas::Confirmation,
    responses((status = 204, description = "Deleted; the cookie is cleared.", headers(("set-cookie" = String)))),
    security(("session" = [])),
    extensions(("x-problems" = json!(["wrong-password", "too-many-attempts"]))),
)]
pub(crate) async fn delete(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
    FromJson(Confirmation { password }): FromJson<Confirmation>,
) -> Result<impl IntoResponse, Problem> {
    app.accounts.delete(&session, &password).await.map_err(wrong_password)?;
    Ok((StatusCode::NO_CONTENT, [app.cookie.clear()]))
}

/// Who is signed in is not asked to sign in.
fn wrong_password(error: SignInError) -> Problem {
    match error {
        SignInError::Wrong => Problem::wrong_password(),
        error => error.into(),
    }
}
