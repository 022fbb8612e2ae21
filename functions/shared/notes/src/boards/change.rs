//! Changes of boards and of their members, read from the table's stream.

use serde::Deserialize;
use serde_dynamo::{Item, from_item};

use super::rows::{BOARDS_OF, BoardRow, DEPARTURE, MemberRow, OWN, PURGE, PURGED_UNTIL};
use super::{Board, BoardId, Role};
use crate::Username;

/// A change of a board or of a membership. The stream reports every change, whatever wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BoardChange {
    /// A board was created (`None` before), changed, or deleted (`None` after).
    Board {
        /// The board's id.
        id: BoardId,
        /// The board before the change.
        old: Option<Board>,
        /// The board after the change.
        new: Option<Board>,
    },
    /// Somebody became a member, got another role, or is no member any more.
    Member {
        /// The board's id.
        id: BoardId,
        /// The person.
        username: Username,
        /// The role after the change.
        role: Option<Role>,
    },
    /// A deleted board may still have members or notes. See [`Boards::purge`](super::Boards::purge).
    Purge {
        /// The board's id.
        id: BoardId,
    },
    /// The account of a person was deleted. See [`Boards::leave_all`](super::Boards::leave_all).
    Departure {
        /// The person.
        username: Username,
    },
}

impl BoardChange {
    /// Reads the old and new images of a stream record. `None` if nothing changed that anybody sees.
    ///
    /// # Errors
    /// If an image cannot be read.
    pub fn from_images(old: Option<Item>, new: Option<Item>) -> Result<Option<Self>, serde_dynamo::Error> {
        #[derive(Deserialize)]
        struct Key {
            board: String,
            member: String,
        }
        let Some(any) = new.as_ref().or(old.as_ref()) else { return Ok(None) };
        let Key { board, member } = from_item(any.clone())?;
        if member == OWN {
            let read = |image: Item| from_item::<_, BoardRow>(image).map(Board::from);
            let (old, new) = (old.map(read).transpose()?, new.map(read).transpose()?);
            let Some(id) = new.as_ref().or(old.as_ref()).map(|board| board.id.clone()) else {
                return Ok(None);
            };
            let seen = |board: &Option<Board>| board.as_ref().map(|board| board.version);
            return Ok((seen(&old) != seen(&new)).then_some(Self::Board { id, old, new }));
        }
        if member == PURGE {
            // A row that expires is done, and its end is the last look.
            let is_done = new.is_some_and(|new| new.contains_key(PURGED_UNTIL));
            return Ok(BoardId::parse(&board).ok().filter(|_| !is_done).map(|id| Self::Purge { id }));
        }
        if member == DEPARTURE && new.is_some() {
            let username = board.strip_prefix(BOARDS_OF).and_then(|name| Username::parse(name).ok());
            return Ok(username.map(|username| Self::Departure { username }));
        }
        if board.starts_with('#') || member.starts_with('#') {
            return Ok(None);
        }
        let read = |image: Item| from_item::<_, MemberRow>(image);
        let (old, new) = (old.map(read).transpose()?, new.map(read).transpose()?);
        let role = |row: &Option<MemberRow>| row.as_ref().map(|row| row.role);
        let Some(MemberRow { board: id, member: username, .. }) = new.clone().or_else(|| old.clone()) else {
            return Ok(None);
        };
        Ok((role(&old) != role(&new)).then(|| Self::Member { id, username, role: role(&new) }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::boards::Visibility;

    fn change(old: Value, new: Value) -> Option<BoardChange> {
        let image = |value: Value| (!value.is_null()).then(|| serde_dynamo::to_item(value).unwrap());
        BoardChange::from_images(image(old), image(new)).unwrap()
    }

    fn board(version: u64, more: &Value) -> Value {
        let mut board = json!({
            "board": "team", "member": "#board", "name": "Team", "teamRole": "editor", "version": version,
            "created": "2026-11-23T20:15:00.000Z", "owners": 1, "members": 1,
        });
        board.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        board
    }

    #[test]
    fn a_board_changes_with_its_version_only() {
        let none = json!({});
        let Some(BoardChange::Board { id, old: None, new: Some(new) }) = change(Value::Null, board(1, &none))
        else {
            panic!("created")
        };
        assert_eq!((id, new.visibility), (BoardId::team(), Visibility::Team(Role::Editor)));
        assert_eq!(change(board(1, &none), board(1, &json!({ "members": 2 }))), None);
        assert_eq!(
            change(board(1, &none), board(1, &json!({ "changed": "2026-11-23T20:16:00.000Z" }))),
            None
        );
        assert!(matches!(
            change(board(1, &none), board(2, &json!({ "name": "Plans" }))),
            Some(BoardChange::Board { old: Some(_), new: Some(_), .. })
        ));
        assert!(matches!(change(board(1, &none), Value::Null), Some(BoardChange::Board { new: None, .. })));
    }

    #[test]
    fn a_membership_changes_with_its_role() {
        let member = |role: &str| json!({ "board": "team", "member": "ada", "role": role, "since": "2026-11-23T20:15:00.000Z" });
        let now = |role| {
            Some(BoardChange::Member { id: BoardId::team(), username: Username::parse("ada").unwrap(), role })
        };
        assert_eq!(change(Value::Null, member("reader")), now(Some(Role::Reader)));
        assert_eq!(change(member("reader"), member("owner")), now(Some(Role::Owner)));
        assert_eq!(change(member("owner"), Value::Null), now(None));
        assert_eq!(change(member("owner"), member("owner")), None);
    }

    #[test]
    fn lists_and_invitations_are_no_change() {
        let row = |board: &str, member: &str| json!({ "board": board, "member": member, "role": "owner" });
        for (board, member) in [("#person#ada", "team"), ("#team", "team"), ("team", "#invitation#abc")] {
            assert_eq!(change(Value::Null, row(board, member)), None, "{board} {member}");
            assert_eq!(change(row(board, member), Value::Null), None, "{board} {member}");
        }
        assert_eq!(change(Value::Null, Value::Null), None);
    }

    #[test]
    fn a_purge_is_reported_until_it_is_done_and_once_more_when_its_row_expires() {
        let row = || json!({ "board": "team", "member": "#purge", "turn": 1 });
        let done = || json!({ "board": "team", "member": "#purge", "turn": 1, "expires": 1 });
        let purge = Some(BoardChange::Purge { id: BoardId::team() });
        assert_eq!(change(Value::Null, row()), purge);
        assert_eq!(change(row(), done()), None);
        assert_eq!(change(done(), Value::Null), purge);
    }

    #[test]
    fn a_departure_is_reported_once() {
        let row = || json!({ "board": "#person#ada", "member": "#departure" });
        let ada = Username::parse("ada").unwrap();
        assert_eq!(change(Value::Null, row()), Some(BoardChange::Departure { username: ada }));
        assert_eq!(change(row(), Value::Null), None);
    }
}
