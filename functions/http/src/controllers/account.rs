//! The account of who asks: another password, or an end.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use notes::{Password, SignInError};

use super::session::begin;
use crate::app::App;
use crate::fields::FieldErrors;
use crate::json::{FromJson, FromMembers, Members};
use crate::new_password::NewPassword;
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

/// `PUT /api/account/password`: set another password. A new session begins, and all others end.
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

/// `POST /api/account/deletion`: delete the account. Its notes stay.
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
