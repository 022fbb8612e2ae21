//! The bodies of requests and responses.

#![expect(dead_code, reason = "only the macros of utoipa read these types")]

use utoipa::ToSchema;

use super::values::{
    AuditId, BoardId, BoardInvitationToken, BoardName, Body, CommentId, DisplayName, DocumentId,
    InvitationId, InvitationToken, Message, NoteKey, PasskeyName, Password, Role, TeamRole, Timestamp, Title,
    Update, Username, Version, Visibility,
};

/// A request to create an account.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[serde(deny_unknown_fields)]
pub(crate) struct SignUpRequest {
    username: Username,
    password: Password,
    /// The default is the username.
    #[schema(nullable = false)]
    display_name: Option<DisplayName>,
    /// The team's sign-up code, if it has one.
    #[schema(nullable = false)]
    code: Option<String>,
    /// The token of an invitation link. It replaces the code.
    #[schema(nullable = false)]
    invitation: Option<InvitationToken>,
}

/// A password, and the names that its user has or wants to have. All of them may be incomplete.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[serde(deny_unknown_fields)]
pub(crate) struct StrengthRequest {
    #[schema(format = Password, examples("correct horse"))]
    password: String,
    #[schema(nullable = false, examples("ada"))]
    username: Option<String>,
    #[schema(nullable = false, examples("Ada Lovelace"))]
    display_name: Option<String>,
}

/// A request to invite people.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitationRequest {
    /// The number of accounts that the invitation can make. The default is 1.
    #[schema(minimum = 1, maximum = 100, nullable = false)]
    uses: Option<u32>,
    /// The number of days until it expires. The default is 7.
    #[schema(minimum = 1, maximum = 30, nullable = false)]
    days: Option<u32>,
}

/// An invitation, without its token.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Invitation {
    id: InvitationId,
    /// The administrator who made it. Absent for the operator's command.
    #[schema(nullable = false)]
    by: Option<Username>,
    created: Timestamp,
    expires: Timestamp,
    /// The number of accounts that it can still make.
    #[schema(minimum = 1, maximum = 100)]
    uses: u32,
}

/// The name and the visibility of a board.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[serde(deny_unknown_fields)]
pub(crate) struct BoardRequest {
    name: BoardName,
    /// The default is `private`.
    #[schema(nullable = false)]
    visibility: Option<Visibility>,
    /// The role of everybody, if the visibility is `team`. The default is `editor`. Absent on a private board.
    #[schema(nullable = false)]
    team_role: Option<TeamRole>,
}

/// A member of a board.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Member {
    username: Username,
    role: Role,
    since: Timestamp,
}

/// A role on a board.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleRequest {
    role: Role,
}

/// A request to invite people to a board.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BoardInvitationRequest {
    /// The role of the new members. The default is `editor`.
    #[schema(nullable = false)]
    role: Option<TeamRole>,
    /// The number of members that the invitation can make. The default is 1.
    #[schema(minimum = 1, maximum = 100, nullable = false)]
    uses: Option<u32>,
    /// The number of days until it expires. The default is 7.
    #[schema(minimum = 1, maximum = 30, nullable = false)]
    days: Option<u32>,
}

/// An invitation to a board, without its token.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BoardInvitation {
    id: InvitationId,
    role: TeamRole,
    /// The owner who made it.
    by: Username,
    created: Timestamp,
    expires: Timestamp,
    /// The number of members that it can still make.
    #[schema(minimum = 1, maximum = 100)]
    uses: u32,
}

/// The acceptance of an invitation to a board.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acceptance {
    token: BoardInvitationToken,
}

/// A request to change the title of a note.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rename {
    title: Title,
}

/// An edit of the text of a note.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edit {
    document: DocumentId,
    update: Update,
}

/// The board to which a note moves.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Move {
    board: BoardId,
}

/// A person with an account.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    username: Username,
    display_name: DisplayName,
    /// Whether the person is an administrator.
    administrator: bool,
    /// Whether the account is disabled.
    disabled: bool,
    created: Timestamp,
    /// The last use, accurate to five minutes.
    #[schema(nullable = false)]
    last_seen: Option<Timestamp>,
}

/// A record of the audit.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuditRecord {
    id: AuditId,
    at: Timestamp,
    /// The user who did it. Absent for the operator's command, and for the first account.
    #[schema(nullable = false)]
    by: Option<Username>,
    action: Action,
    /// The user to whom it was done.
    #[schema(nullable = false)]
    target: Option<Username>,
}

/// A recorded action.
#[derive(ToSchema)]
#[schema(rename_all = "kebab-case")]
pub(crate) enum Action {
    CreateAdministrator,
    Invite,
    RevokeInvitation,
    Join,
    Disable,
    Enable,
    Remove,
    Grant,
    Withdraw,
    MakePasswordLink,
    UsePasswordLink,
}

/// The token of a link, and a new password.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordByLink {
    /// The secret part of the link.
    token: String,
    new_password: Password,
}

/// The credentials of a sign-in.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    username: String,
    password: String,
}

/// The new display name.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[serde(deny_unknown_fields)]
pub(crate) struct DisplayNameChange {
    display_name: DisplayName,
}

/// The current password and the new one.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    password: Password,
    new_password: Password,
}

/// The current password, which confirms a deletion or a new passkey.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirmation {
    password: Password,
}

/// A new passkey.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeyRequest {
    name: PasskeyName,
    /// The result of `navigator.credentials.create` in its JSON form (`RegistrationResponseJSON`).
    #[schema(value_type = Object)]
    credential: (),
}

/// The credentials of a sign-in with a passkey.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeyCredentials {
    /// The result of `navigator.credentials.get` in its JSON form (`AuthenticationResponseJSON`).
    #[schema(value_type = Object)]
    credential: (),
}

/// The parts of a note that a client writes.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    title: Title,
    body: Body,
}

/// A note.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Note {
    key: NoteKey,
    title: Title,
    body: Body,
    /// The user who created it.
    author: Username,
    /// The user who changed it last.
    editor: Username,
    version: Version,
    created: Timestamp,
    updated: Timestamp,
    /// The user who imported it, if it was imported. Its author and the time of its creation are then not verified.
    #[schema(nullable = false)]
    importer: Option<Username>,
}

/// A note in the list.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TitleRow {
    key: NoteKey,
    title: Title,
    /// When it was last written, as far as the list knows: at most two minutes before the note's own `updated`.
    updated: Timestamp,
    /// The user who changed it last.
    editor: Username,
}

/// A comment on a note.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Comment {
    id: CommentId,
    /// The note's key.
    key: NoteKey,
    author: Username,
    message: Message,
    created: Timestamp,
    /// The user who imported it, if it was imported. Everything else is then not verified.
    #[schema(nullable = false)]
    importer: Option<Username>,
}
