//! The types of the OpenAPI document. Their doc comments are its descriptions.
//!
//! `tests/openapi` sends valid and invalid values of these types, and checks the responses.

mod bodies;
mod parameters;
mod values;

pub(crate) use self::bodies::{
    AuditRecord, Comment, Confirmation, Credentials, DisplayNameChange, Draft, Invitation, InvitationRequest,
    Note, PasswordByLink, PasswordChange, Person, SignUpRequest, TitleRow,
};
pub(crate) use self::parameters::{
    Conditions, Continuation, NoteAddress, Page, PeoplePage, Selection, Usernames,
};
#[cfg(test)]
pub(crate) use self::values::{BareUsername, Tags};
pub(crate) use self::values::{
    Cursor, DisplayName, InvitationId, InvitationToken, PasswordLinkToken, Tag, Timestamp, Username,
};
