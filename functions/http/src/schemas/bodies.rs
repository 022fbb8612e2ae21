//! The bodies of requests and responses.

#![expect(dead_code, reason = "only the macros of utoipa read these types")]

use utoipa::ToSchema;

use super::values::{
    Body, CommentId, DisplayName, Message, NoteKey, Password, Timestamp, Title, Username, Version,
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
