//! The parameters of requests, in paths, headers and queries.

#![expect(dead_code, reason = "only the macros of utoipa read these types")]

use utoipa::{IntoParams, ToSchema};

use super::values::{BareUsername, BoardId, Cursor, NoteKey, Tags, VersionCursor};

/// The note in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct NoteAddress {
    /// The board's id.
    board: BoardId,
    /// The note's key.
    key: NoteKey,
}

/// The board in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct BoardAddress {
    /// The board's id.
    board: BoardId,
}

/// The member of a board in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct MemberAddress {
    /// The board's id.
    board: BoardId,
    /// The username.
    username: BareUsername,
}

/// The condition of a request on the board (RFC 9110, section 13).
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct BoardConditions {
    /// Act only if the board has one of these tags.
    #[param(rename = "if-match", nullable = false)]
    if_match: Option<Tags>,
}

/// The conditions of a request on the note (RFC 9110, section 13).
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct Conditions {
    /// Act only if the note has one of these tags.
    #[param(rename = "if-match", nullable = false)]
    if_match: Option<Tags>,
    /// Act only if the note has none of these tags.
    #[param(rename = "if-none-match", nullable = false)]
    if_none_match: Option<Tags>,
}

/// The page of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// The maximum number of entries. The default is 100, and 20 for comments.
    #[param(minimum = 1, maximum = 100, nullable = false)]
    limit: Option<u8>,
    /// The cursor in the previous page.
    #[param(nullable = false)]
    cursor: Option<Cursor>,
}

/// The page of a history.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct VersionPage {
    /// The maximum number of versions. The default is 50.
    #[param(minimum = 1, maximum = 100, nullable = false)]
    limit: Option<u8>,
    /// The cursor in the previous page.
    #[param(nullable = false)]
    cursor: Option<VersionCursor>,
}

/// The page of the links to a note.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BacklinkPage {
    /// The maximum number of notes. The default is 100.
    #[param(minimum = 1, maximum = 100, nullable = false)]
    limit: Option<u8>,
    /// The cursor in the previous page.
    #[param(nullable = false)]
    cursor: Option<NoteKey>,
}

/// What a page has of a document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Vector {
    /// The state vector of the page's document, as Yjs encodes it, in base64 for addresses. Without it, the response has the
    /// whole document.
    #[param(nullable = false, example = "AA==")]
    vector: Option<String>,
}

/// The page of a list of people.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PeoplePage {
    /// The maximum number of people. The default is 100.
    #[param(minimum = 1, maximum = 100, nullable = false)]
    limit: Option<u8>,
    /// The cursor in the previous page.
    #[param(nullable = false)]
    cursor: Option<BareUsername>,
}

/// The page of an export.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Continuation {
    /// The cursor in the `Link` header of the previous page.
    #[param(nullable = false)]
    cursor: Option<Cursor>,
}

/// A request for something other than a page of titles.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Selection {
    /// `count` requests only the number of notes. It cannot be combined with other parameters.
    #[param(nullable = false, inline)]
    select: Option<Select>,
}

/// The alternatives to a page of titles.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum Select {
    /// The number of notes.
    Count,
}

/// The users to look up.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, style = Form)]
pub(crate) struct Usernames {
    /// A username. Repeat the parameter for each user.
    #[param(explode, min_items = 1, max_items = 100)]
    username: Vec<BareUsername>,
}
