//! The members of a board.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use notes::{Invalid, Member, Role, Username};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::authentication::{Owner, Reader};
use crate::problem::{Kind, Problem};
use crate::request::json::JsonBody;
use crate::request::{FromMembers, Members, PathValues};
use crate::schemas;

/// The members of a board, by username.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MemberList {
    /// At most 1,000. On a board of the team, only people with a role of their own are members.
    #[schema(value_type = Vec<schemas::Member>)]
    members: Vec<Member>,
}

/// A request to give a role.
pub(crate) struct RoleRequest(Role);

impl FromMembers for RoleRequest {
    fn from_members(members: &mut Members) -> Option<Self> {
        members.required("role", role).map(Self)
    }
}

/// Parses the name of a role.
fn role(text: &str) -> Result<Role, Invalid> {
    Role::parse(text).ok_or(Invalid::Value("must be owner, editor or reader"))
}

/// Returns the username in the path. Nobody has an invalid one.
fn username(path: &PathValues, otherwise: Kind) -> Result<Username, Problem> {
    Username::parse(path.get("username")).map_err(|_| Problem::new(otherwise))
}

/// List the members of a board.
#[utoipa::path(
    get,
    path = "/api/boards/{board}/members",
    operation_id = "listMembers",
    tag = "boards",
    params(schemas::BoardAddress),
    responses((status = 200, description = "The members.", body = MemberList)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["no-such-board"]))),
)]
pub(crate) async fn list(
    Reader(on): Reader,
    State(app): State<Arc<App>>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Json(MemberList { members: app.boards.members(on.id()).await? }))
}

/// Give somebody a role on a board, who becomes a member if necessary. Only owners may.
#[utoipa::path(
    put,
    path = "/api/boards/{board}/members/{username}",
    operation_id = "setRole",
    tag = "boards",
    params(schemas::MemberAddress),
    request_body = schemas::RoleRequest,
    responses((status = 204, description = "The person has this role.")),
    security(("session" = [])),
    extensions(("x-problems" = json!([
        "not-owner", "no-such-board", "no-such-user", "last-owner", "too-many-members", "too-many-boards"
    ]))),
)]
pub(crate) async fn set_role(
    Owner(on): Owner,
    State(app): State<Arc<App>>,
    path: PathValues,
    JsonBody(RoleRequest(role)): JsonBody<RoleRequest>,
) -> Result<impl IntoResponse, Problem> {
    let username = username(&path, Kind::NoSuchUser)?;
    app.boards.set_role(on.id(), &username, role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a member, or leave the board. Only owners may remove others.
#[utoipa::path(
    delete,
    path = "/api/boards/{board}/members/{username}",
    operation_id = "removeMember",
    tag = "boards",
    params(schemas::MemberAddress),
    responses((status = 204, description = "The person is no longer a member.")),
    security(("session" = [])),
    extensions(("x-problems" = json!(["not-owner", "no-such-board", "no-such-member", "last-owner"]))),
)]
pub(crate) async fn remove(
    Reader(on): Reader,
    State(app): State<Arc<App>>,
    path: PathValues,
) -> Result<impl IntoResponse, Problem> {
    let username = username(&path, Kind::NoSuchMember)?;
    if username != *on.username() {
        on.require_owner(&app).await?;
    }
    app.boards.remove_member(on.id(), &username).await?;
    Ok(StatusCode::NO_CONTENT)
}
