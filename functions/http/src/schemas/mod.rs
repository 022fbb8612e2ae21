//! The types of the OpenAPI document. Their doc comments are its descriptions.
//!
//! `tests/openapi` sends valid and invalid values of these types, and checks the responses.

mod bodies;
mod parameters;
mod values;

pub(crate) use self::bodies::{
    Acceptance, AuditRecord, BoardInvitation, BoardInvitationRequest, BoardRequest, Comment, Confirmation,
    Credentials, DisplayNameChange, Draft, Edit, Invitation, InvitationRequest, Member, Move, Note,
    PasskeyCredentials, PasskeyRequest, PasswordByLink, PasswordChange, Person, Rename, RoleRequest,
    SignUpRequest, StrengthRequest, TitleRow,
};
pub(crate) use self::parameters::{
    BacklinkPage, BoardAddress, BoardConditions, Conditions, Continuation, MemberAddress, NoteAddress, Page,
    PeoplePage, Selection, Usernames, Vector, VersionPage,
};
#[cfg(test)]
pub(crate) use self::values::{BareUsername, Tags};
pub(crate) use self::values::{
    BoardId, BoardInvitationToken, BoardName, Body, Cursor, DisplayName, DocumentId, InvitationId,
    InvitationToken, NoteKey, PasskeyId, PasskeyName, PasswordLinkToken, Role, Tag, TeamRole, Timestamp,
    Title, TrashId, Update, Username, Version, VersionCursor, Visibility,
};
