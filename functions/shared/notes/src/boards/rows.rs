//! The rows of the table of boards.
//!
//! | row | `board` | `member` | attributes |
//! |---|---|---|---|
//! | a board | its id | `#board` | `name`, `teamRole`, `version`, `created`, `changed`, `owners`, `members` |
//! | a member | the board's id | the username | `role`, `since` |
//! | an invitation | the board's id | `#invitation#DIGEST` | `role`, `by`, `created`, `expires` (TTL), `uses` |
//! | work that a deleted board left | the board's id | `#purge` | `turn`, `expires` (TTL) |
//! | a board of a person | `#person#ada` | the board's id | `role` |
//! | work that a deleted account left | `#person#ada` | `#departure` | |
//! | a board of the team | `#team` | the board's id | |
//!
//! A membership is two rows, written in one transaction: one lists the members of a board, the other the boards of a person.
//! Both are read consistently. No id of a board and no username begins with `#`.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::{Board, BoardId, BoardName, Role, Visibility};
use crate::tables::{BOARDS, Row, text};
use crate::{Timestamp, Username, Version};

/// The sort key of a board's own row.
pub(super) const OWN: &str = "#board";

/// The partition of the boards that everybody sees.
pub(super) const TEAM_BOARDS: &str = "#team";

/// The beginning of the sort keys of invitations.
pub(super) const INVITATION: &str = "#invitation#";

/// The sort key of the row that says that a deleted board still has members or notes.
pub(super) const PURGE: &str = "#purge";

/// The attribute of that row with the end of a purge that is done.
pub(super) const PURGED_UNTIL: &str = "expires";

/// The sort key of the row that says that a deleted account still has memberships.
pub(super) const DEPARTURE: &str = "#departure";

/// A text before every username, and after `#`.
pub(super) const BEFORE_USERNAMES: &str = "$";

/// Returns the key of a board's own row.
pub(super) fn board_key(id: &BoardId) -> Row {
    BOARDS.key(&[id, &OWN])
}

/// Returns the key of a member's row.
pub(super) fn member_key(id: &BoardId, username: &Username) -> Row {
    BOARDS.key(&[id, username])
}

/// The beginning of the partitions of people's boards.
pub(super) const BOARDS_OF: &str = "#person#";

/// Returns the partition of a person's boards.
pub(super) fn boards_of(username: &Username) -> String {
    format!("{BOARDS_OF}{username}")
}

/// Returns the key of the row that lists a board for a person.
pub(super) fn listing_key(id: &BoardId, username: &Username) -> Row {
    BOARDS.key(&[&boards_of(username), id])
}

/// Returns the key of the row that lists a board for everybody.
pub(super) fn team_key(id: &BoardId) -> Row {
    BOARDS.key(&[&TEAM_BOARDS, id])
}

/// Returns the value of an attribute with a role.
pub(super) fn role(role: Role) -> AttributeValue {
    text(role.as_str())
}

/// A board's own row.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BoardRow {
    pub(super) board: BoardId,
    pub(super) member: String,
    pub(super) name: BoardName,
    /// Present if everybody sees the board.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) team_role: Option<Role>,
    pub(super) version: Version,
    pub(super) created: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) changed: Option<Timestamp>,
    /// The number of owners.
    #[serde(default)]
    pub(super) owners: u32,
    /// The number of members, owners included.
    #[serde(default)]
    pub(super) members: u32,
}

impl BoardRow {
    /// Creates the row of a board with this many owners, who are its only members.
    pub(super) fn new(board: &Board, owners: u32) -> Self {
        let Board { id, name, visibility, version, created, changed } = board.clone();
        let team_role = match visibility {
            Visibility::Team(role) => Some(role),
            Visibility::Private => None,
        };
        let (member, members) = (OWN.to_owned(), owners);
        Self { board: id, member, name, team_role, version, created, changed, owners, members }
    }
}

impl From<BoardRow> for Board {
    fn from(row: BoardRow) -> Self {
        let BoardRow { board: id, name, team_role, version, created, changed, .. } = row;
        let visibility = team_role.map_or(Visibility::Private, Visibility::Team);
        Self { id, name, visibility, version, created, changed }
    }
}

/// A member's row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct MemberRow {
    pub(super) board: BoardId,
    pub(super) member: Username,
    pub(super) role: Role,
    pub(super) since: Timestamp,
}
