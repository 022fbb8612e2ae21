//! The domain of the functions: boards, notes, comments, users, sessions and their tables.
//!
//! Input is parsed once, at the edge, into a [`NoteKey`], a [`Title`] or a [`Username`]. These types hold only valid
//! values. This crate knows nothing of HTTP, except the cookies with tokens of sessions and devices, and nothing of sockets.

mod account;
mod account_row;
mod accounts;
mod administrators;
mod archive;
mod attempts;
mod audit;
mod batch;
mod board_size;
mod boards;
mod comment;
mod comment_event;
mod comments;
mod contents;
mod cookies;
mod device_token;
mod display_name;
mod documents;
mod dynamodb;
mod error;
mod hasher;
mod history;
mod invalid;
mod invitations;
mod links;
pub mod live;
mod note;
mod note_event;
mod note_key;
mod notes_store;
mod passkeys;
mod password;
mod password_link;
mod people;
mod places;
mod pseudonyms;
mod quota;
mod secret;
mod session_token;
mod sessions;
pub mod tables;
mod text;
mod thread;
mod timestamp;
mod titles;
mod tombstone;
mod transaction;
mod trash;

pub use account::{Account, User, Username};
pub use accounts::{Accounts, Admission, NewSession};
pub use archive::{
    Archive, ArchiveCursor, ArchivePage, ArchivedComment, Imported, Line, NotReached, Refusal,
};
pub use audit::{Action, Audit, AuditId, AuditRecord};
pub use board_size::METRICS;
pub use boards::{
    ACTIVITY_PRECISION, Access, Board, BoardChange, BoardId, BoardInvitation, BoardInvitationToken,
    BoardName, Boards, Found, Lookup, MOST_BOARDS, MOST_MEMBERS, Member, Role, Visibility,
};
pub use comment::{Comment, CommentId, Message};
pub use comment_event::CommentEvent;
pub use comments::{CommentPage, Comments};
pub use contents::Contents;
pub use device_token::DeviceToken;
pub use display_name::DisplayName;
pub use documents::{CurrentNote, DocumentId, Documents, Edit, Merged, NoteDocument, StoredEdit, Vector};
pub use dynamodb::dynamodb;
pub use error::{
    BoardError, CreateCommentError, DeleteAccountError, DeleteCommentError, EditError, PasskeyError,
    PasswordLinkError, PersonError, SignInError, SignUpError, StoreError, WriteError,
};
pub use history::{History, HistoryPage, PastNote, PastVersion};
pub use invalid::Invalid;
pub use invitations::{Invitation, InvitationId, InvitationToken, Invitations};
pub use links::{Backlink, BacklinkPage, LinkChanges, Links};
pub use note::{Body, Draft, Note, Title, Version};
pub use note_event::{LeftNote, NoteEvent, changes_list};
pub use note_key::NoteKey;
pub use notes_store::NotesStore;
pub use passkeys::{Challenge, Credential, Passkey, PasskeyId, PasskeyName, Passkeys, Purpose};
pub use password::Password;
pub use password_link::PasswordLink;
pub use people::{People, Person};
pub use pseudonyms::Pseudonyms;
pub use quota::{Quota, Writes};
pub use session_token::{SessionId, SessionToken};
pub use sessions::{Device, Session, Sessions};
pub use text::nfc;
pub use thread::Thread;
pub use timestamp::Timestamp;
pub use titles::{Cursor, TitlePage, TitleRow};
pub use trash::{Trash, TrashCursor, TrashId, TrashPage, TrashedNote};
