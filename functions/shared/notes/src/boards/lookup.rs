//! Reads all that a request on a board needs, at once.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::ConditionCheck;
use serde_dynamo::aws_sdk_dynamodb_1::from_item;

use super::rows::{BoardRow, MemberRow, OWN, board_key, member_key};
use super::{Access, Board, BoardId};
use crate::tables::{NOTES, Row, text};
use crate::tombstone::Stored;
use crate::{Note, NoteKey, Session, SessionId, Sessions, StoreError, Username, batch};

/// The session, the access and the note of a request on a board. All parts were read at the same time, strongly consistent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The session, if it has not ended.
    pub session: Option<Session>,
    /// The board and the role of the session's user. `None` if the board does not exist for that user.
    pub access: Option<Access>,
    /// The note, if one was asked for, and the board exists for the user.
    pub note: Option<Note>,
}

/// Reads session, board, membership and note in one request: the cookie names the user, and the path names board and note.
#[derive(Debug, Clone)]
pub struct Lookup {
    client: Client,
    sessions: Sessions,
    boards: String,
    notes: String,
}

impl Lookup {
    /// Creates a reader of the sessions, of the boards' table, and of the notes' table.
    pub fn new(
        client: Client,
        sessions: Sessions,
        boards: impl Into<String>,
        notes: impl Into<String>,
    ) -> Self {
        Self { client, sessions, boards: boards.into(), notes: notes.into() }
    }

    /// Finds the session, the user's access to a board, and a note of the board, in one request.
    ///
    /// # Errors
    /// If a table fails, or `DynamoDB` postpones all reads.
    pub async fn find(
        &self,
        session: &SessionId,
        board: &BoardId,
        key: Option<&NoteKey>,
    ) -> Result<Found, StoreError> {
        let mut keys = HashMap::from([
            (self.sessions.table().to_owned(), vec![Sessions::key_of(session)]),
            (self.boards.clone(), vec![board_key(board), member_key(board, session.username())]),
        ]);
        keys.extend(key.map(|key| (self.notes.clone(), vec![NOTES.key(&[board, key])])));
        let mut rows = batch::read(&self.client, keys).await?;
        let session = rows.remove(self.sessions.table()).unwrap_or_default().pop();
        let session = session.map(Sessions::read).transpose()?.flatten();
        let access = access(rows.remove(&self.boards).unwrap_or_default())?;
        let access = access.filter(|_| session.is_some());
        let note = rows.remove(&self.notes).unwrap_or_default().pop().map(Stored::read).transpose()?;
        let note = note.and_then(Stored::into_note).filter(|_| access.is_some());
        Ok(Found { session, access, note })
    }

    /// Builds the part of a transaction that fails unless somebody still has access to a board: as a member, or because the
    /// team has.
    ///
    /// # Errors
    /// Never, as all parts are there.
    pub fn still_has_access(
        &self,
        username: &Username,
        access: &Access,
    ) -> Result<ConditionCheck, StoreError> {
        let Access { board: Board { id, .. }, is_member, .. } = access;
        let check = ConditionCheck::builder().table_name(&self.boards);
        let (key, condition) = if *is_member {
            (member_key(id, username), "attribute_exists(board)")
        } else {
            (board_key(id), "attribute_exists(teamRole)")
        };
        Ok(check.set_key(Some(key)).condition_expression(condition).build()?)
    }
}

/// Returns the access that the rows of a board and of a member give.
pub(super) fn access(rows: Vec<Row>) -> Result<Option<Access>, StoreError> {
    let mut board: Option<Board> = None;
    let mut own = None;
    for row in rows {
        if row.get("member") == Some(&text(OWN)) {
            board = Some(from_item::<BoardRow>(row)?.into());
        } else {
            own = Some(from_item::<MemberRow>(row)?.role);
        }
    }
    let access = board.and_then(|board| {
        let role = board.role(own)?;
        Some(Access { board, role, is_member: own.is_some() })
    });
    Ok(access)
}
