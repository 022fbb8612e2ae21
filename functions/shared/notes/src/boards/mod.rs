//! Boards: lists of notes with members. A board is the unit of privacy, of order and of cost.

mod board;
mod change;
mod deletion;
mod departure;
mod id;
mod invitations;
mod lookup;
mod members;
mod rows;
mod store;

use std::time::Duration;

use aws_sdk_dynamodb::Client;

pub use board::{Access, Board, Member, Role, Visibility};
pub use change::BoardChange;
pub use id::{BoardId, BoardName};
pub use invitations::{BoardInvitation, BoardInvitationToken};
pub use lookup::{Found, Lookup};

/// The most boards of which a person is a member.
pub const MOST_BOARDS: usize = 100;

/// The most members of a board.
pub const MOST_MEMBERS: u32 = 1_000;

/// How far [`Board::changed`] may be behind the last change of a note.
pub const ACTIVITY_PRECISION: Duration = Duration::from_secs(15);

/// The store of boards, members and invitations.
#[derive(Debug, Clone)]
pub struct Boards {
    client: Client,
    table: String,
    /// The table of accounts, in which a new member must have one. `None` if this store adds no members.
    users: Option<String>,
}

impl Boards {
    /// Creates the store of the boards in `table`.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into(), users: None }
    }

    /// Returns a store that can add members, whose accounts are in a table.
    #[must_use]
    pub fn with_accounts(self, table: impl Into<String>) -> Self {
        Self { users: Some(table.into()), ..self }
    }
}
