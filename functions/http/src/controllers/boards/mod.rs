//! Boards.

pub(crate) mod invitations;
pub(crate) mod members;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use notes::{Access, Board, BoardId, BoardName, Invalid, Role, Timestamp, Version, Visibility};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::authentication::{Owner, Reader, SignedIn};
use crate::entity_tag;
use crate::problem::{Kind, Problem};
use crate::request::conditions::{Conditions, Precondition};
use crate::request::json::JsonBody;
use crate::request::{FromMembers, Members};
use crate::schemas;

/// A board, and the role that the user has on it.
#[derive(Serialize, ToSchema)]
#[schema(as = Board)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BoardView {
    #[schema(value_type = schemas::BoardId)]
    id: BoardId,
    #[schema(value_type = schemas::BoardName)]
    name: BoardName,
    #[schema(value_type = schemas::Visibility)]
    visibility: &'static str,
    /// The role of everybody who is signed in. Absent if the board is private.
    #[schema(value_type = Option<schemas::TeamRole>, nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    team_role: Option<Role>,
    /// The role of the user.
    #[schema(value_type = schemas::Role)]
    role: Role,
    /// The number of times that name and visibility were written. The entity tag is this number in quotes.
    #[schema(value_type = schemas::Version)]
    version: Version,
    #[schema(value_type = schemas::Timestamp)]
    created: Timestamp,
    /// When a note was changed, to within 15 seconds. Absent before the first change.
    #[schema(value_type = Option<schemas::Timestamp>, nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<Timestamp>,
}

impl From<Access> for BoardView {
    fn from(Access { board, role, .. }: Access) -> Self {
        let Board { id, name, visibility, version, created, changed } = board;
        let (visibility, team_role) = match visibility {
            Visibility::Team(role) => ("team", Some(role)),
            Visibility::Private => ("private", None),
        };
        Self { id, name, visibility, team_role, role, version, created, changed }
    }
}

/// The boards of the user.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BoardList {
    /// The first board of the team, then the others by name.
    boards: Vec<BoardView>,
}

/// The name and the visibility of a board, as a client writes them.
pub(crate) struct BoardRequest {
    name: BoardName,
    visibility: Visibility,
}

impl FromMembers for BoardRequest {
    fn from_members(members: &mut Members) -> Option<Self> {
        let name = members.required("name", BoardName::parse);
        let visibility = members.optional("visibility", |text| match text {
            "team" => Ok(true),
            "private" => Ok(false),
            _ => Err(Invalid::Value("must be team or private")),
        });
        let team_role = members.optional("teamRole", |text| match Role::parse(text) {
            Some(role) if role < Role::Owner => Ok(role),
            _ => Err(Invalid::Value("must be editor or reader")),
        });
        let visibility = match (visibility.unwrap_or(false), team_role) {
            (true, role) => Ok(Visibility::Team(role.unwrap_or(Role::Editor))),
            (false, None) => Ok(Visibility::Private),
            (false, Some(_)) => Err(Invalid::Value("must be absent on a private board")),
        };
        let visibility = members.check("teamRole", visibility);
        Some(Self { name: name?, visibility: visibility? })
    }
}

/// List the user's boards: those of the team, and those of which the user is a member.
#[utoipa::path(
    get,
    path = "/api/boards",
    operation_id = "listBoards",
    tag = "boards",
    responses((status = 200, description = "The boards.", body = BoardList)),
    security(("session" = [])),
)]
pub(crate) async fn list(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
) -> Result<impl IntoResponse, Problem> {
    let username = session.username();
    let (boards, is_administrator) =
        tokio::try_join!(app.boards.of(username), app.people.is_administrator(username))?;
    let boards = boards.into_iter().map(|access| {
        let role = if is_administrator && access.board.is_team() { Role::Owner } else { access.role };
        BoardView::from(Access { role, ..access })
    });
    Ok(Json(BoardList { boards: boards.collect() }))
}

/// Create a board. The user is its owner.
#[utoipa::path(
    post,
    path = "/api/boards",
    operation_id = "createBoard",
    tag = "boards",
    request_body = schemas::BoardRequest,
    responses((
        status = 201,
        description = "Created.",
        body = BoardView,
        headers(("etag" = schemas::Tag), ("location" = String)),
        links(
            ("read" = (operation_id = "readBoard", parameters(("board" = "$response.body#/id")))),
            ("write" = (operation_id = "changeBoard", parameters(("board" = "$response.body#/id")))),
            ("createNote" = (operation_id = "createNote", parameters(("board" = "$response.body#/id")))),
            ("invite" = (operation_id = "inviteToBoard", parameters(("board" = "$response.body#/id")))),
        ),
    )),
    security(("session" = [])),
    extensions(("x-problems" = json!(["too-many-boards"]))),
)]
pub(crate) async fn create(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
    JsonBody(BoardRequest { name, visibility }): JsonBody<BoardRequest>,
) -> Result<impl IntoResponse, Problem> {
    let access = app.boards.create(&name, visibility, session.username()).await?;
    let location = [(LOCATION, format!("/api/boards/{}", access.board.id))];
    Ok((StatusCode::CREATED, location, with_tag(access)))
}

/// Read a board.
#[utoipa::path(
    get,
    path = "/api/boards/{board}",
    operation_id = "readBoard",
    tag = "boards",
    params(schemas::BoardAddress),
    responses((status = 200, description = "The board.", body = BoardView, headers(("etag" = schemas::Tag)))),
    security(("session" = [])),
    extensions(("x-problems" = json!(["no-such-board"]))),
)]
pub(crate) async fn show(
    Reader(on): Reader,
    State(app): State<Arc<App>>,
) -> Result<impl IntoResponse, Problem> {
    let role = if on.is_owner(&app).await? { Role::Owner } else { on.access().role };
    Ok(with_tag(Access { role, ..on.access().clone() }))
}

/// Change the name and the visibility of a board, if it has the version in `If-Match`. Only its owners may.
#[utoipa::path(
    put,
    path = "/api/boards/{board}",
    operation_id = "changeBoard",
    tag = "boards",
    params(schemas::BoardAddress, schemas::BoardConditions),
    request_body = schemas::BoardRequest,
    responses((status = 200, description = "Changed.", body = BoardView, headers(("etag" = schemas::Tag)))),
    security(("session" = [])),
    extensions(("x-problems" = json!([
        "not-owner", "permanent-board", "no-such-board", "last-owner", "board-changed", "condition-required"
    ]))),
)]
pub(crate) async fn change(
    Owner(on): Owner,
    State(app): State<Arc<App>>,
    conditions: Conditions,
    JsonBody(BoardRequest { name, visibility }): JsonBody<BoardRequest>,
) -> Result<impl IntoResponse, Problem> {
    let version = expected_version(on.board(), &conditions)?;
    let board = app.boards.change(on.board(), version, &name, visibility).await?;
    Ok(with_tag(Access { board, role: Role::Owner, ..on.access().clone() }))
}

/// Delete a board with its notes, if it has the version in `If-Match`. Only its owners may.
#[utoipa::path(
    delete,
    path = "/api/boards/{board}",
    operation_id = "deleteBoard",
    tag = "boards",
    params(schemas::BoardAddress, schemas::BoardConditions),
    responses((status = 204, description = "Deleted, with its notes.")),
    security(("session" = [])),
    extensions(("x-problems" = json!([
        "malformed", "not-owner", "permanent-board", "no-such-board", "board-changed", "condition-required"
    ]))),
)]
pub(crate) async fn delete(
    Owner(on): Owner,
    State(app): State<Arc<App>>,
    conditions: Conditions,
) -> Result<impl IntoResponse, Problem> {
    let version = expected_version(on.board(), &conditions)?;
    app.boards.delete(on.id(), version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns the version on which a change is conditional.
fn expected_version(board: &Board, conditions: &Conditions) -> Result<Version, Problem> {
    if conditions.if_match.is_none() {
        return Err(Problem::condition_required("Send If-Match with the ETag of the board."));
    }
    match conditions.evaluate(&board.version.to_string()) {
        Precondition::Passed => Ok(board.version),
        Precondition::NotModified | Precondition::Failed => Err(Problem::new(Kind::BoardChanged)),
    }
}

fn with_tag(access: Access) -> impl IntoResponse {
    ([entity_tag::header(&access.board.version.to_string())], Json(BoardView::from(access)))
}
