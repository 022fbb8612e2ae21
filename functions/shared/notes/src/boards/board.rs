//! A board, and the rights of its members.

use serde::{Deserialize, Serialize};

use super::{BoardId, BoardName};
use crate::{Timestamp, Username, Version};

/// A right on a board. A higher one includes the lower ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads notes and comments, and sees who else reads.
    Reader,
    /// Also writes.
    Editor,
    /// Also manages the members, the name and the visibility, imports, and deletes the board.
    Owner,
}

impl Role {
    /// Returns the name of the role, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Editor => "editor",
            Self::Owner => "owner",
        }
    }

    /// Parses the name of a role.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Reader, Self::Editor, Self::Owner].into_iter().find(|role| role.as_str() == text)
    }
}

/// Says who sees a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody who is signed in, with this role or the own one, whichever is higher.
    Team(Role),
    /// Members only.
    Private,
}

/// A board, without its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// The id.
    pub id: BoardId,
    /// The name.
    pub name: BoardName,
    /// Who sees it.
    pub visibility: Visibility,
    /// The version of name and visibility, which a writer has to know.
    pub version: Version,
    /// When it was created.
    pub created: Timestamp,
    /// When a note was changed, to within [`super::ACTIVITY_PRECISION`]. `None` before the first change.
    pub changed: Option<Timestamp>,
}

impl Board {
    /// Creates a board.
    pub(super) fn new(id: BoardId, name: BoardName, visibility: Visibility) -> Self {
        Self { id, name, visibility, version: Version::FIRST, created: Timestamp::now(), changed: None }
    }

    /// Returns the role of somebody with this membership, if there is one. `None` if the board does not exist for that
    /// person.
    pub(super) fn role(&self, own: Option<Role>) -> Option<Role> {
        match self.visibility {
            Visibility::Team(role) => Some(own.map_or(role, |own| own.max(role))),
            Visibility::Private => own,
        }
    }

    /// Returns whether everybody who is signed in sees the board.
    #[must_use]
    pub fn is_team(&self) -> bool {
        matches!(self.visibility, Visibility::Team(_))
    }
}

/// A board, and the role that somebody has on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The board.
    pub board: Board,
    /// The role, from the membership or from the team's.
    pub role: Role,
    /// Whether the person is a member. On a team board, most are not.
    pub is_member: bool,
}

/// A member of a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// The username.
    pub username: Username,
    /// The role.
    pub role: Role,
    /// When the person became a member.
    pub since: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_role_includes_the_lower_ones() {
        assert!(Role::Owner > Role::Editor && Role::Editor > Role::Reader);
        for role in [Role::Reader, Role::Editor, Role::Owner] {
            assert_eq!(Role::parse(role.as_str()), Some(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
        }
        assert_eq!(Role::parse("Owner"), None);
    }

    #[test]
    fn a_team_board_gives_everybody_a_role_and_a_private_one_its_members() {
        let board =
            |visibility| Board::new(BoardId::generate(), BoardName::parse("Plans").unwrap(), visibility);
        let team = |role| board(Visibility::Team(role));
        assert_eq!(team(Role::Reader).role(None), Some(Role::Reader));
        assert_eq!(team(Role::Editor).role(Some(Role::Reader)), Some(Role::Editor));
        assert_eq!(team(Role::Reader).role(Some(Role::Owner)), Some(Role::Owner));
        let private = board(Visibility::Private);
        assert_eq!(private.role(None), None);
        assert_eq!(private.role(Some(Role::Reader)), Some(Role::Reader));
    }
}
