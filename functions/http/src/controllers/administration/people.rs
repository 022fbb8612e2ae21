//! The people with accounts.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use notes::{Person, Timestamp, Username};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::authentication::Administrator;
use crate::problem::{Kind, Problem};
use crate::request::query::{Page, Query};
use crate::schemas;

/// A page of people, sorted by username.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct People {
    /// At most `limit` people.
    #[schema(value_type = Vec<schemas::Person>, max_items = 100)]
    users: Vec<Person>,
    /// The cursor of the next page. Absent on the last page.
    #[schema(value_type = Option<schemas::Username>, nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<Username>,
}

/// A link to set a new password. Its token is shown only now.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPasswordLink {
    /// The secret part of the link.
    #[schema(value_type = schemas::PasswordLinkToken)]
    token: String,
    #[schema(value_type = schemas::Timestamp)]
    expires: Timestamp,
}

/// List the people with accounts, sorted by username.
#[utoipa::path(
    get,
    path = "/api/admin/users",
    operation_id = "listPeople",
    tag = "administration",
    params(schemas::PeoplePage),
    responses((status = 200, description = "A page of people.", body = People)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["not-administrator", "wrong-values"]))),
)]
pub(crate) async fn list(
    _: Administrator,
    State(app): State<Arc<App>>,
    Query(Page { limit, cursor }): Query<Page<Username>>,
) -> Result<impl IntoResponse, Problem> {
    let (users, more) = app.people.page(cursor.as_ref(), limit).await?;
    let cursor = users.last().filter(|_| more).map(|last| last.username.clone());
    Ok(Json(People { users, cursor }))
}

/// Disable an account. Its sessions end, its Socket.IO connections close, and nobody can sign in to it. Its notes stay.
///
/// An administrator loses that role.
#[utoipa::path(
    post,
    path = "/api/admin/users/{username}/disable",
    operation_id = "disableUser",
    tag = "administration",
    params(("username" = schemas::Username, Path, description = "The username of the account.")),
    responses((status = 204, description = "Disabled.")),
    security(("session" = [])),
    extensions(("x-problems" = json!(["not-administrator", "no-such-user", "last-administrator"]))),
)]
pub(crate) async fn disable(
    administrator: Administrator,
    State(app): State<Arc<App>>,
    Path(username): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    app.people.disable(Some(administrator.username()), &parse(&username)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enable a disabled account.
#[utoipa::path(
    post,
    path = "/api/admin/users/{username}/enable",
    operation_id = "enableUser",
    tag = "administration",
    params(("username" = schemas::Username, Path, description = "The username of the account.")),
    responses((status = 204, description = "Enabled.")),
    security(("session" = [])),
    extensions(("x-problems" = json!(["not-administrator", "no-such-user"]))),
)]
pub(crate) async fn enable(
    administrator: Administrator,
    State(app): State<Arc<App>>,
    Path(username): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    app.people.enable(Some(administrator.username()), &parse(&username)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete an account. Its sessions end, its notes stay, and its username cannot be used again.
#[utoipa::path(
    delete,
    path = "/api/admin/users/{username}",
    operation_id = "removeUser",
    tag = "administration",
    params(("username" = schemas::Username, Path, description = "The username of the account.")),
    responses((status = 204, description = "Deleted.")),
    security(("session" = [])),
    extensions(("x-problems" = json!(["not-administrator", "no-such-user", "last-administrator"]))),
)]
pub(crate) async fn remove(
    administrator: Administrator,
    State(app): State<Arc<App>>,
    Path(username): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    app.people.remove(Some(administrator.username()), &parse(&username)?, &app.boards).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a link with which somebody can set a new password. It is valid once, for 24 hours, and replaces an earlier one.
///
/// The link is `/#/password/{token}`.
#[utoipa::path(
    post,
    path = "/api/admin/users/{username}/password-link",
    operation_id = "makePasswordLink",
    tag = "administration",
    params(("username" = schemas::Username, Path, description = "The username of the account.")),
    responses((status = 201, description = "The token of the link.", body = NewPasswordLink)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["not-administrator", "no-such-user"]))),
)]
pub(crate) async fn make_password_link(
    administrator: Administrator,
    State(app): State<Arc<App>>,
    Path(username): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let by = Some(administrator.username());
    let (link, expires) = app.people.make_password_link(by, &parse(&username)?).await?;
    Ok((StatusCode::CREATED, Json(NewPasswordLink { token: link.reveal(), expires })))
}

/// Make somebody an administrator. That enables a disabled account.
#[utoipa::path(
    put,
    path = "/api/admin/administrators/{username}",
    operation_id = "grantAdministrator",
    tag = "administration",
    params(("username" = schemas::Username, Path, description = "The username of the account.")),
    responses((status = 204, description = "An administrator.")),
    security(("session" = [])),
    extensions(("x-problems" = json!(["not-administrator", "no-such-user"]))),
)]
pub(crate) async fn grant(
    administrator: Administrator,
    State(app): State<Arc<App>>,
    Path(username): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    app.people.grant(Some(administrator.username()), &parse(&username)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Withdraw the role of an administrator. The last one keeps it.
#[utoipa::path(
    delete,
    path = "/api/admin/administrators/{username}",
    operation_id = "withdrawAdministrator",
    tag = "administration",
    params(("username" = schemas::Username, Path, description = "The username of the account.")),
    responses((status = 204, description = "No administrator.")),
    security(("session" = [])),
    extensions(("x-problems" = json!(["not-administrator", "no-such-user", "last-administrator"]))),
)]
pub(crate) async fn withdraw(
    administrator: Administrator,
    State(app): State<Arc<App>>,
    Path(username): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    app.people.withdraw(Some(administrator.username()), &parse(&username)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Parses the username in a path. An invalid one is nobody's.
fn parse(username: &str) -> Result<Username, Problem> {
    Username::parse(username).map_err(|_| Problem::new(Kind::NoSuchUser))
}
