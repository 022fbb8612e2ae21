//! The values of the domain, as the OpenAPI document describes them: each limit that `notes` sets.
//!
//! `tests/openapi` sends what these allow and what they forbid, and holds the answers to them.

#![expect(dead_code, reason = "read by the macros of utoipa alone")]
// What the document says of a value is its doc comment here.

use utoipa::{IntoParams, ToSchema};

use crate::controllers::notes;

/// The name of an account. White space around it is removed, and upper case is lowered.
#[derive(ToSchema)]
#[schema(
    pattern = r"^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*[A-Za-z0-9_-]{3,32}[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*$",
    examples("ada")
)]
pub(crate) struct Username(String);

/// What a person is called: 1 to 64 characters once trimmed of white space, none of them a control character.
#[derive(ToSchema)]
#[schema(
    pattern = r"^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff](?:[^\u0000-\u001f\u007f-\u009f]{0,62}[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff])?[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*$",
    examples("Ada Lovelace")
)]
pub(crate) struct DisplayName(String);

/// A password: 8 to 128 characters of any kind, in Unicode's normalization form C, which the server makes of what was
/// typed. A new one must not be common, nor the username.
#[derive(ToSchema)]
#[schema(min_length = 8, max_length = 128, format = Password, examples("correct horse"))]
pub(crate) struct Password(String);

/// A note's name on the board, and in its address. Not `.` or `..`.
#[derive(ToSchema)]
#[schema(pattern = r"^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$", examples("shopping"))]
pub(crate) struct NoteKey(String);

/// A note's title: 1 to 200 characters once trimmed of white space, none of them a control character.
#[derive(ToSchema)]
#[schema(
    pattern = r"^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff](?:[^\u0000-\u001f\u007f-\u009f]{0,198}[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff])?[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*$",
    examples("Shopping")
)]
pub(crate) struct Title(String);

/// A note's body: at most 256 KiB (262,144 bytes) of UTF-8.
#[derive(ToSchema)]
#[schema(max_length = 262_144, examples("Milk"))]
pub(crate) struct Body(String);

/// How often a note was written: 1 when it is new. Under the key of a note that was deleted, versions go on from its
/// last one. The entity tag is this, in quotes.
#[derive(ToSchema)]
#[schema(minimum = 1, examples(3))]
pub(crate) struct Version(u64);

/// A moment in UTC, to the millisecond.
#[derive(ToSchema)]
#[schema(
    format = DateTime,
    pattern = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
    examples("2026-11-23T20:15:00.000Z")
)]
pub(crate) struct Timestamp(String);

/// An entity tag.
#[derive(ToSchema)]
#[schema(pattern = "^\"[0-9]+\"$", examples("\"3\""))]
pub(crate) struct Tag(String);

/// Entity tags, or `*` for whatever is there (RFC 9110, 13.1).
#[derive(ToSchema)]
#[schema(pattern = "^(?:\\*|(?:W/)?\"[!#-~]*\"(?:, ?(?:W/)?\"[!#-~]*\"){0,3})$", examples("\"3\"", "*"))]
pub(crate) struct Tags(String);

/// Where the next page begins: what an earlier answer said. It lasts, and names a place only.
#[derive(ToSchema)]
#[schema(pattern = "^[A-Za-z0-9_-]+$")]
pub(crate) struct Cursor(String);

/// The id of a comment.
#[derive(ToSchema)]
#[schema(
    pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
    examples("01932f6e-5b2a-7c11-8d2e-0f6b5a4c3d2e")
)]
pub(crate) struct CommentId(String);

/// What a comment says: 1 to 1024 characters.
#[derive(ToSchema)]
#[schema(min_length = 1, max_length = 1024, examples("Oat milk?"))]
pub(crate) struct Message(String);

/// Somebody who wants an account.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[serde(deny_unknown_fields)]
pub(crate) struct Newcomer {
    username: Username,
    password: Password,
    /// The username, if it is left out.
    #[schema(nullable = false)]
    display_name: Option<DisplayName>,
    /// The team's sign-up code, where it wants one.
    #[schema(nullable = false)]
    code: Option<String>,
}

/// What one signs in with.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    username: String,
    password: String,
}

/// The password, and the one to come.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    password: Password,
    new_password: Password,
}

/// The password, said again.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirmation {
    password: Password,
}

/// What a writer says of a note.
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
    /// Who created it.
    author: Username,
    /// Who changed it last.
    editor: Username,
    version: Version,
    created: Timestamp,
    updated: Timestamp,
    /// The user who imported it, if it was imported: author and times of creation are this user's word.
    #[schema(nullable = false)]
    importer: Option<Username>,
}

/// The note that the path names.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct NoteAddress {
    /// The note's key.
    key: NoteKey,
}

/// What a request wants to be true of the note (RFC 9110, 13).
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct Conditions {
    /// Act if the note is one of these.
    #[param(rename = "if-match", nullable = false)]
    if_match: Option<Tags>,
    /// Act if the note is none of these.
    #[param(rename = "if-none-match", nullable = false)]
    if_none_match: Option<Tags>,
}

/// Which part of a list is wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Place {
    /// How many at most. If nobody says, it is 100 titles, or 20 comments.
    #[param(minimum = 1, maximum = 100, nullable = false)]
    limit: Option<u8>,
    /// After which: what the page before said.
    #[param(nullable = false)]
    cursor: Option<Cursor>,
}

/// Where an export goes on.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Continuation {
    /// After what: `Link` of the page before holds it.
    #[param(nullable = false)]
    cursor: Option<Cursor>,
}

/// What is wanted of the list other than its titles.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Selection {
    /// Only the count. It goes with no other parameter.
    #[param(nullable = false, inline)]
    select: Option<Select>,
}

/// Parts of the list that can be had alone.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum Select {
    /// How many there are.
    Count,
}

/// A page of titles, or how many there are.
#[derive(ToSchema)]
#[serde(untagged)]
pub(crate) enum Listing {
    /// A page of titles.
    Titles(notes::Titles),
    /// How many there are.
    Count(notes::Count),
}

/// What the list shows of a note.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TitleRow {
    key: NoteKey,
    title: Title,
    updated: Timestamp,
    /// Who changed it last.
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
    /// The user who imported it, if it was imported: everything else is this user's word.
    #[schema(nullable = false)]
    importer: Option<Username>,
}
