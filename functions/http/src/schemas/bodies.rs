//! The bodies of requests and responses.

#![expect(dead_code, reason = "only the macros of utoipa read these types")]

use utoipa::ToSchema;

use super::values::{
    AuditId, Body, CommentId, DisplayName, InvitationId, InvitationToken, Message, NoteKey, Password,
    Timestamp, Title, Username, Version,
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

/// The current password, which confirms a deletion.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirmation {
    password: Password,
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
