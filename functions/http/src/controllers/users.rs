//! Accounts.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use notes::{DisplayName, Password, User, Username};

use super::session::begin;
use crate::app::App;
use crate::json::{FromJson, FromMembers, Members};
use crate::problem::Problem;

/// Somebody who wants an account.
pub(crate) struct Newcomer {
    user: User,
    password: Password,
}

impl FromMembers for Newcomer {
    fn from_members(members: &mut Members) -> Option<Self> {
        let username = members.required("username", Username::parse);
        let password = members.required("password", Password::parse);
        let display_name = members.optional("displayName", DisplayName::parse);
        let username = username?;
        let display_name = display_name.unwrap_or_else(|| DisplayName::from(&username));
        Some(Self { user: User { username, display_name }, password: password? })
    }
}

/// `POST /api/users`: make an account, and sign in.
pub(crate) async fn sign_up(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    FromJson(newcomer): FromJson<Newcomer>,
) -> Result<impl IntoResponse, Problem> {
    app.users.create(&newcomer.user, &newcomer.password).await?;
    Ok((StatusCode::CREATED, begin(&app, &headers, &newcomer.user).await?))
}
