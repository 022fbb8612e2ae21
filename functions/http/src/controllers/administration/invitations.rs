//! Invitations to the team.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use notes::{Invalid, Invitation, InvitationId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::authentication::Administrator;
use crate::problem::{Kind, Problem};
use crate::request::json::JsonBody;
use crate::request::{FromMembers, Members};
use crate::schemas;

/// The terms of an invitation.
pub(crate) struct InvitationRequest {
    /// The number of times that it can be used.
    pub(crate) uses: u32,
    /// The time until it expires.
    pub(crate) lifetime: Duration,
}

impl FromMembers for InvitationRequest {
    fn from_members(members: &mut Members) -> Option<Self> {
        let uses = members.optional_number("uses", |number| match u32::try_from(number) {
            Ok(uses @ 1..=100) => Ok(uses),
            _ => Err(Invalid::Value("must be a whole number from 1 to 100")),
        });
        let lifetime = members.optional_number("days", |number| match number {
            1..=30 => Ok(Duration::from_hours(24 * number)),
            _ => Err(Invalid::Value("must be a whole number from 1 to 30")),
        });
        Some(Self { uses: uses.unwrap_or(1), lifetime: lifetime.unwrap_or(Duration::from_hours(7 * 24)) })
    }
}

/// The open invitations, newest first.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Invitations {
    #[schema(value_type = Vec<schemas::Invitation>)]
    invitations: Vec<Invitation>,
}

/// A new invitation. Its token is shown only now.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewInvitation {
    #[schema(value_type = schemas::InvitationId)]
    id: InvitationId,
    /// The secret part of the link.
    #[schema(value_type = schemas::InvitationToken)]
    token: String,
    #[schema(value_type = schemas::Timestamp)]
    expires: Timestamp,
    /// The number of accounts that it can make.
    #[schema(minimum = 1, maximum = 100)]
    uses: u32,
}

/// List the open invitations.
#[utoipa::path(
    get,
    path = "/api/admin/invitations",
    operation_id = "listInvitations",
    tag = "administration",
    responses((
        status = 200,
        description = "The open invitations, newest first.",
        body = Invitations,
        links(("revoke" = (operation_id = "revokeInvitation", parameters(("id" = "$response.body#/invitations/0/id"))))),
    )),
    security(("session" = [])),
    extensions(("x-problems" = json!(["not-administrator"]))),
)]
pub(crate) async fn list(
    _: Administrator,
    State(app): State<Arc<App>>,
) -> Result<impl IntoResponse, Problem> {
    let mut invitations = app.invitations.list().await?;
    invitations.sort_by_key(|invitation| std::cmp::Reverse(invitation.created));
    Ok(Json(Invitations { invitations }))
}

/// Invite people to the team. The link `/#/invitations/{token}` lets its readers create accounts.
#[utoipa::path(
    post,
    path = "/api/admin/invitations",
    operation_id = "invite",
    tag = "administration",
    request_body = schemas::InvitationRequest,
    responses((status = 201, description = "The invitation, with its token.", body = NewInvitation)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["not-administrator"]))),
)]
pub(crate) async fn make(
    administrator: Administrator,
    State(app): State<Arc<App>>,
    JsonBody(InvitationRequest { uses, lifetime }): JsonBody<InvitationRequest>,
) -> Result<impl IntoResponse, Problem> {
    let (token, invitation) = app.invitations.make(Some(administrator.username()), uses, lifetime).await?;
    let Invitation { id, expires, uses, .. } = invitation;
    Ok((StatusCode::CREATED, Json(NewInvitation { id, token: token.reveal(), expires, uses })))
}

/// Revoke an invitation. Accounts that it made stay.
#[utoipa::path(
    delete,
    path = "/api/admin/invitations/{id}",
    operation_id = "revokeInvitation",
    tag = "administration",
    params(("id" = schemas::InvitationId, Path, description = "The id of the invitation, from the list.")),
    responses((status = 204, description = "Revoked.")),
    security(("session" = [])),
    extensions(("x-problems" = json!(["not-administrator", "no-such-invitation"]))),
)]
pub(crate) async fn revoke(
    administrator: Administrator,
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let no_such_invitation = || Problem::new(Kind::NoSuchInvitation);
    let id = InvitationId::parse(&id).map_err(|_| no_such_invitation())?;
    if app.invitations.revoke(Some(administrator.username()), &id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(no_such_invitation())
    }
}
