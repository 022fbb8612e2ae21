//! Invitations to a board.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use notes::{BoardInvitation, BoardInvitationToken, Invalid, InvitationId, Role, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::with_tag;
use crate::app::App;
use crate::authentication::{Owner, SignedIn};
use crate::controllers::administration::invitations::InvitationRequest;
use crate::problem::{Kind, Problem};
use crate::request::json::JsonBody;
use crate::request::{FromMembers, Members, PathValues};
use crate::schemas;

/// The open invitations to a board, newest first.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BoardInvitations {
    #[schema(value_type = Vec<schemas::BoardInvitation>)]
    invitations: Vec<BoardInvitation>,
}

/// A new invitation to a board. Its token is shown only now.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewBoardInvitation {
    #[schema(value_type = schemas::InvitationId)]
    id: InvitationId,
    /// The secret part of the link.
    #[schema(value_type = schemas::BoardInvitationToken)]
    token: String,
    #[schema(value_type = schemas::TeamRole)]
    role: Role,
    #[schema(value_type = schemas::Timestamp)]
    expires: Timestamp,
    /// The number of members that it can make.
    #[schema(minimum = 1, maximum = 100)]
    uses: u32,
}

/// A request to invite people to a board.
pub(crate) struct BoardInvitationRequest {
    role: Role,
    terms: InvitationRequest,
}

impl FromMembers for BoardInvitationRequest {
    fn from_members(members: &mut Members) -> Option<Self> {
        let role = members.optional("role", |text| match Role::parse(text) {
            Some(role) if role < Role::Owner => Ok(role),
            _ => Err(Invalid::Value("must be editor or reader")),
        });
        let terms = InvitationRequest::from_members(members)?;
        Some(Self { role: role.unwrap_or(Role::Editor), terms })
    }
}

/// The token of an invitation link.
pub(crate) struct Acceptance(BoardInvitationToken);

impl FromMembers for Acceptance {
    fn from_members(members: &mut Members) -> Option<Self> {
        members.required("token", BoardInvitationToken::parse).map(Self)
    }
}

/// List the open invitations to a board. Only owners may.
#[utoipa::path(
    get,
    path = "/api/boards/{board}/invitations",
    operation_id = "listBoardInvitations",
    tag = "boards",
    params(schemas::BoardAddress),
    responses((status = 200, description = "The open invitations, newest first.", body = BoardInvitations)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["not-owner", "no-such-board"]))),
)]
pub(crate) async fn list(
    Owner(on): Owner,
    State(app): State<Arc<App>>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Json(BoardInvitations { invitations: app.boards.invitations(on.id()).await? }))
}

/// Invite people to a board. The link `/#/join/{token}` lets people with an account become members. Only owners may.
#[utoipa::path(
    post,
    path = "/api/boards/{board}/invitations",
    operation_id = "inviteToBoard",
    tag = "boards",
    params(schemas::BoardAddress),
    request_body = schemas::BoardInvitationRequest,
    responses((status = 201, description = "The invitation, with its token.", body = NewBoardInvitation)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["not-owner", "no-such-board"]))),
)]
pub(crate) async fn make(
    Owner(on): Owner,
    State(app): State<Arc<App>>,
    JsonBody(BoardInvitationRequest { role, terms }): JsonBody<BoardInvitationRequest>,
) -> Result<impl IntoResponse, Problem> {
    let InvitationRequest { uses, lifetime } = terms;
    let (token, invitation) = app.boards.invite(on.id(), on.username(), role, uses, lifetime).await?;
    let BoardInvitation { id, role, expires, uses, .. } = invitation;
    Ok((StatusCode::CREATED, Json(NewBoardInvitation { id, token: token.reveal(), role, expires, uses })))
}

/// Revoke an invitation to a board. Members that it made stay. Only owners may.
#[utoipa::path(
    delete,
    path = "/api/boards/{board}/invitations/{id}",
    operation_id = "revokeBoardInvitation",
    tag = "boards",
    params(
        schemas::BoardAddress,
        ("id" = schemas::InvitationId, Path, description = "The id of the invitation, from the list."),
    ),
    responses((status = 204, description = "Revoked.")),
    security(("session" = [])),
    extensions(("x-problems" = json!(["not-owner", "no-such-board", "no-such-invitation"]))),
)]
pub(crate) async fn revoke(
    Owner(on): Owner,
    State(app): State<Arc<App>>,
    path: PathValues,
) -> Result<impl IntoResponse, Problem> {
    let no_such_invitation = || Problem::new(Kind::NoSuchInvitation);
    let id = InvitationId::parse(path.get("id")).map_err(|_| no_such_invitation())?;
    if app.boards.revoke(on.id(), &id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(no_such_invitation())
    }
}

/// Join a board with an invitation. The token is in the body, because addresses are logged. Somebody who has the invitation's
/// role already uses nothing.
#[utoipa::path(
    post,
    path = "/api/boards/join",
    operation_id = "joinBoard",
    tag = "boards",
    request_body = schemas::Acceptance,
    responses((
        status = 200,
        description = "The board.",
        body = super::BoardView,
        headers(("etag" = schemas::Tag)),
    )),
    security(("session" = [])),
    extensions(("x-problems" = json!(["no-such-invitation", "too-many-members", "too-many-boards"]))),
)]
pub(crate) async fn join(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
    JsonBody(Acceptance(token)): JsonBody<Acceptance>,
) -> Result<impl IntoResponse, Problem> {
    Ok(with_tag(app.boards.join(&token, session.username()).await?))
}
