//! The boards of somebody whose account was deleted.
//!
//! The transaction that deletes an account writes one row. The stream reports it, and its handler ends the memberships. A
//! private board never stays without an owner: another member becomes one, or the board is deleted.

use std::cmp::Reverse;

use aws_sdk_dynamodb::types::TransactWriteItem;
use serde::Deserialize;
use serde_dynamo::aws_sdk_dynamodb_1::from_item;

use super::members::MAX_TRIES;
use super::rows::{DEPARTURE, boards_of};
use super::{BoardId, Boards, Role};
use crate::tables::BOARDS;
use crate::{BoardError, StoreError, Username};

impl Boards {
    /// Builds the part of a transaction that makes the stream report that an account was deleted.
    pub(crate) fn depart(&self, username: &Username) -> Result<TransactWriteItem, StoreError> {
        self.put(BOARDS.key(&[&boards_of(username), &DEPARTURE]))
    }

    /// Ends all memberships of somebody whose account was deleted. Calling it again does no harm. One query, and per board two
    /// requests, or up to eight if a private board loses its last owner.
    ///
    /// # Errors
    /// If the table fails. Another call ends the rest.
    pub async fn leave_all(&self, username: &Username) -> Result<(), StoreError> {
        #[derive(Deserialize)]
        struct Listing {
            member: String,
        }
        for row in self.rows(boards_of(username)).await? {
            let Listing { member } = from_item(row)?;
            if let Ok(id) = BoardId::parse(&member) {
                self.leave(&id, username).await?;
            }
        }
        let departure = BOARDS.key(&[&boards_of(username), &DEPARTURE]);
        self.client.delete_item().table_name(&self.table).set_key(Some(departure)).send().await?;
        Ok(())
    }

    async fn leave(&self, id: &BoardId, username: &Username) -> Result<(), StoreError> {
        for _ in 0..MAX_TRIES {
            match self.remove_member(id, username).await {
                Err(BoardError::LastOwner) => self.replace_last_owner(id, username).await?,
                Err(BoardError::Store(error)) => return Err(error),
                // Without a membership, or without a board, there is nothing to leave.
                Ok(()) | Err(_) => return Ok(()),
            }
        }
        Err(StoreError::Throttled("the owners were changed again and again".into()))
    }

    /// Makes the member with the highest role an owner, and among several the one who joined first. Deletes a board without
    /// other members, which nobody could ever see again.
    async fn replace_last_owner(&self, id: &BoardId, leaving: &Username) -> Result<(), StoreError> {
        let mut others = self.members(id).await?;
        others.retain(|member| member.username != *leaving);
        let heir = others.into_iter().max_by_key(|member| (member.role, Reverse(member.since)));
        let done = match (heir, self.find(id).await?) {
            (_, None) => Ok(()),
            (Some(heir), Some(_)) => self.set_role(id, &heir.username, Role::Owner).await.map(|_| ()),
            (None, Some(board)) => self.delete(id, board.version).await,
        };
        match done {
            Err(BoardError::Store(error)) => Err(error),
            // The board was changed meanwhile. The caller tries again.
            Ok(()) | Err(_) => Ok(()),
        }
    }
}
