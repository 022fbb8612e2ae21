//! The single values of the domain, with the limits that `notes` sets.

#![expect(dead_code, reason = "only the macros of utoipa read these types")]

use utoipa::ToSchema;

/// The name of an account. White space around it is removed, and upper case becomes lower case.
#[derive(ToSchema)]
#[schema(
    pattern = r"^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*[A-Za-z0-9_-]{3,32}[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*$",
    examples("ada")
)]
pub(crate) struct Username(String);

/// The name of an account, without white space around it.
#[derive(ToSchema)]
#[schema(pattern = "^[A-Za-z0-9_-]{3,32}$", examples("ada"))]
pub(crate) struct BareUsername(String);

/// The name that other users see: 1 to 64 characters in Unicode's normalization form C, after white space around it is
/// removed and white space inside it becomes single spaces. No control characters, no characters that change the direction of
/// text, no invisible characters except those that emoji and scripts need, at most four accents on one character, and none at
/// the beginning.
#[derive(ToSchema)]
#[schema(
    pattern = r"^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0d\uffa0\ufff9-\ufffb\ufeff](?:[^\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0d\uffa0\ufff9-\ufffb\ufeff]*[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0d\uffa0\ufff9-\ufffb\ufeff])?[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*$",
    examples("Ada Lovelace")
)]
pub(crate) struct DisplayName(String);

/// A password: 8 to 128 characters of any kind, counted in Unicode's normalization form C. The server normalizes it. A new
/// password must be hard to guess: its estimated strength (`POST /api/password-strength`) must be at least 2.
#[derive(ToSchema)]
#[schema(min_length = 8, max_length = 128, format = Password, examples("correct horse"))]
pub(crate) struct Password(String);

/// The id of a board: `team`, which every deployment has, or a UUID.
#[derive(ToSchema)]
#[schema(
    pattern = "^(?:team|[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$",
    examples("team")
)]
pub(crate) struct BoardId(String);

/// The id of the document that the text of a note is.
#[derive(ToSchema)]
#[schema(
    pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
    examples("019ab2b5-8e30-7c4b-9d52-3f1c0e6a7b88")
)]
pub(crate) struct DocumentId(String);

/// An update of Yjs in format 1, in base64. It inserts and deletes characters of the root type `text`, and does nothing else. At
/// most 300 KiB.
#[derive(ToSchema)]
#[schema(
    max_length = 409_600,
    pattern = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    examples("AAA=")
)]
pub(crate) struct Update(String);

/// The name of a board: 1 to 80 characters after white space around it is removed, and no control characters.
#[derive(ToSchema)]
#[schema(
    pattern = r"^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff](?:[^\u0000-\u001f\u007f-\u009f]{0,78}[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff])?[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*$",
    examples("Plans")
)]
pub(crate) struct BoardName(String);

/// The name of a passkey: 1 to 80 characters after white space around it is removed, and no control characters.
#[derive(ToSchema)]
#[schema(
    pattern = r"^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff](?:[^\u0000-\u001f\u007f-\u009f]{0,78}[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff])?[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*$",
    examples("Phone")
)]
pub(crate) struct PasskeyName(String);

/// The id of a passkey. It is not secret.
#[derive(ToSchema)]
#[schema(pattern = "^[A-Za-z0-9_-]{43}$")]
pub(crate) struct PasskeyId(String);

/// The visibility of a board: every signed-in user, or its members only.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum Visibility {
    Team,
    Private,
}

/// A right on a board. An editor may also do what a reader may, and an owner everything.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum Role {
    Owner,
    Editor,
    Reader,
}

/// A right that a board can give to everybody, and an invitation to its users.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum TeamRole {
    Editor,
    Reader,
}

/// The secret part of a link to a board.
#[derive(ToSchema)]
#[schema(
    pattern = "^(?:team|[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})[.][A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$",
    examples("team.2T0Zo0dSYBVpcK_xgdoTOYrhkcSTI4vvCJsFUN8ULTs")
)]
pub(crate) struct BoardInvitationToken(String);

/// The key of a note, which is part of its address. Not `.` or `..`.
#[derive(ToSchema)]
#[schema(pattern = r"^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$", examples("shopping"))]
pub(crate) struct NoteKey(String);

/// The id of a note in the trash: its key and the time of its creation.
#[derive(ToSchema)]
#[schema(
    pattern = r"^(?!\.{1,2}@)[A-Za-z0-9._~-]{1,128}@\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
    examples("shopping@2026-11-23T20:15:00.000Z")
)]
pub(crate) struct TrashId(String);

/// The title of a note: 1 to 200 characters after white space around it is removed, and no control characters.
#[derive(ToSchema)]
#[schema(
    pattern = r"^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff](?:[^\u0000-\u001f\u007f-\u009f]{0,198}[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff])?[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*$",
    examples("Shopping")
)]
pub(crate) struct Title(String);

/// The body of a note: at most 256 KiB (262,144 bytes) of UTF-8.
#[derive(ToSchema)]
#[schema(max_length = 262_144, examples("Milk"))]
pub(crate) struct Body(String);

/// The number of times that a note was written: 1 for a new one. If the key belonged to a deleted note, versions continue
/// from its last one. The entity tag is the version in quotes.
#[derive(ToSchema)]
#[schema(minimum = 1, examples(3))]
pub(crate) struct Version(u64);

/// The version after which a page begins, from an earlier response.
#[derive(ToSchema)]
#[schema(pattern = "^[1-9][0-9]{0,17}$", examples("3"))]
pub(crate) struct VersionCursor(String);

/// A time in UTC, with milliseconds.
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

/// Entity tags, or `*` for any existing note (RFC 9110, section 13.1).
#[derive(ToSchema)]
#[schema(pattern = "^(?:\\*|(?:W/)?\"[!#-~]*\"(?:, ?(?:W/)?\"[!#-~]*\"){0,3})$", examples("\"3\"", "*"))]
pub(crate) struct Tags(String);

/// The position after which a page begins, from an earlier response. It does not expire.
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

/// The text of a comment: 1 to 1024 characters.
#[derive(ToSchema)]
#[schema(min_length = 1, max_length = 1024, examples("Oat milk?"))]
pub(crate) struct Message(String);

/// The id of an invitation. It is not secret, unlike the token in its link.
#[derive(ToSchema)]
#[schema(pattern = "^[A-Za-z0-9_-]{43}$")]
pub(crate) struct InvitationId(String);

/// The secret part of an invitation link.
#[derive(ToSchema)]
#[schema(examples("2T0Zo0dSYBVpcK_xgdoTOYrhkcSTI4vvCJsFUN8ULTs"))]
pub(crate) struct InvitationToken(String);

/// The secret part of a link to set a new password.
#[derive(ToSchema)]
#[schema(examples("ada.2T0Zo0dSYBVpcK_xgdoTOYrhkcSTI4vvCJsFUN8ULTs"))]
pub(crate) struct PasswordLinkToken(String);

/// The id of an audit record.
#[derive(ToSchema)]
#[schema(pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
pub(crate) struct AuditId(String);
