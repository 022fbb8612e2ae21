//! Users: who wants to be one, and who is.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use notes::{Account, DisplayName, Password, User, Username};
use serde::Serialize;
use utoipa::ToSchema;

use super::session::{WhoAmI, begin, end_former};
use crate::app::App;
use crate::json::{FromJson, FromMembers, Members};
use crate::new_password::NewPassword;
use crate::openapi::schemas;
use crate::problem::{Kind, Problem};
use crate::signed_in::SignedIn;
use crate::used_from::UsedFrom;

/// Somebody who wants an account.
pub(crate) struct Newcomer {
    user: User,
    password: Password,
    code: Option<String>,
}

impl FromMembers for Newcomer {
    fn from_members(members: &mut Members) -> Option<Self> {
        let username = members.required("username", Username::parse);
        let password = members.required("password", NewPassword::parse);
        let display_name = members.optional("displayName", DisplayName::parse);
        let code = members.optional("code", |text| Ok(text.to_owned()));
        let username = username?;
        let password = members.check("password", password?.unlike(&username));
        let display_name = display_name.unwrap_or_else(|| DisplayName::from(&username));
        Some(Self { user: User { username, display_name }, password: password?, code })
    }
}

/// Who has a username: an account, or nobody any more.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct About {
    #[schema(value_type = schemas::Username)]
    username: Username,
    /// Not there if the account is gone.
    #[schema(value_type = Option<schemas::DisplayName>, nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<DisplayName>,
    /// Whether the account was deleted.
    #[schema(required = false)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    gone: bool,
}

/// Make an account, and sign in.
///
/// So many may be tried to make from one address in an hour; a wrong code counts as well, or it could be guessed.
#[utoipa::path(
    post,
    path = "/api/users",
    operation_id = "signUp",
    tag = "accounts",
    request_body = schemas::Newcomer,
    responses((
        status = 201,
        description = "Made, and signed in.",
        body = WhoAmI,
        headers(("location" = String), ("set-cookie" = String)),
    )),
    extensions(("x-problems" = json!(["username-taken", "wrong-sign-up-code", "too-many-attempts"]))),
)]
pub(crate) async fn sign_up(
    State(app): State<Arc<App>>,
    from: UsedFrom,
    headers: HeaderMap,
    FromJson(newcomer): FromJson<Newcomer>,
) -> Result<impl IntoResponse, Problem> {
    app.accounts.count_sign_up(&from.network(), app.sign_ups_per_hour).await?;
    if !app.sign_up_code.opens(newcomer.code.as_deref()) {
        return Err(Problem::wrong_sign_up_code());
    }
    let begun = app.accounts.sign_up(&newcomer.user, &newcomer.password, &from.0).await?;
    // With the first account, so that nobody waits for it who signs in.
    if let Err(error) = app.pseudonyms.make_key().await {
        tracing::warn!(%error, "no key for pseudonyms yet: {error}");
    }
    telemetry::log::user(&newcomer.user.username);
    end_former(&app, &headers).await?;
    let location = [(LOCATION, format!("/api/users/{}", newcomer.user.username))];
    Ok((StatusCode::CREATED, location, begin(&app, begun)))
}

/// Tell who has a username: who wrote that note.
#[utoipa::path(
    get,
    path = "/api/users/{username}",
    operation_id = "showUser",
    tag = "accounts",
    params(("username" = schemas::Username, Path, description = "The account's name.")),
    responses((status = 200, description = "Who has it, or had.", body = About)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["no-such-user"]))),
)]
pub(crate) async fn show(
    _: SignedIn,
    State(app): State<Arc<App>>,
    Path(username): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let no_such_user = || Problem::new(Kind::NoSuchUser);
    let username = Username::parse(&username).map_err(|_| no_such_user())?;
    let person = app.accounts.account(&username).await?.ok_or_else(no_such_user)?;
    Ok(Json(match person {
        Account::Active(User { username, display_name }) => {
            About { username, display_name: Some(display_name), gone: false }
        }
        Account::Deleted => About { username, display_name: None, gone: true },
    }))
}
