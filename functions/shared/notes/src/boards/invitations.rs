//! Invitations to a board: links that make members.

use std::fmt;
use std::time::Duration;

use aws_sdk_dynamodb::types::{ReturnValue, TransactWriteItem, Update};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

use super::rows::INVITATION;
use super::{Access, BoardId, Boards, MOST_BOARDS, Role};
use crate::secret::Secret;
use crate::tables::{BOARDS, Row, number, text};
use crate::timestamp::seconds;
use crate::{BoardError, Invalid, InvitationId, StoreError, Timestamp, Username, transaction};

/// The secret of an invitation, which is part of its link: `<board>.<secret>`. The debug form hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct BoardInvitationToken {
    /// The board.
    pub board: BoardId,
    secret: Secret,
}

impl BoardInvitationToken {
    /// Parses the token of a link.
    ///
    /// # Errors
    /// If the text is not a token.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let parts = text.split_once('.');
        let token = parts.and_then(|(board, secret)| {
            Some(Self { board: BoardId::parse(board).ok()?, secret: Secret::parse(secret)? })
        });
        token.ok_or(Invalid::Value("must be the token of an invitation link"))
    }

    /// Returns the text, which lets its reader join the board.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{}.{}", self.board, self.secret.reveal())
    }

    fn id(&self) -> InvitationId {
        InvitationId::of(&self.secret)
    }
}

impl fmt::Debug for BoardInvitationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BoardInvitationToken(secret)")
    }
}

/// An invitation to a board, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoardInvitation {
    /// The id.
    pub id: InvitationId,
    /// The role that it gives.
    pub role: Role,
    /// The owner who made it.
    pub by: Username,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
    /// The number of members that it can still make.
    pub uses: u32,
}

/// A row of the table.
#[derive(Serialize, Deserialize)]
struct InvitationRow {
    board: BoardId,
    member: String,
    role: Role,
    by: Username,
    created: Timestamp,
    #[serde(with = "seconds")]
    expires: Timestamp,
    uses: u32,
}

fn key(board: &BoardId, id: &InvitationId) -> Row {
    BOARDS.key(&[board, &format!("{INVITATION}{id}")])
}

fn read(row: Row) -> Result<BoardInvitation, StoreError> {
    let InvitationRow { member, role, by, created, expires, uses, .. } = from_item(row)?;
    let id = InvitationId::parse(member.trim_start_matches(INVITATION)).map_err(serde::de::Error::custom);
    Ok(BoardInvitation { id: id.map_err(StoreError::Row)?, role, by, created, expires, uses })
}

impl BoardInvitation {
    fn is_open(&self) -> bool {
        self.uses > 0 && self.expires > Timestamp::now()
    }
}

impl Boards {
    /// Makes an invitation for a number of members. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn invite(
        &self,
        board: &BoardId,
        by: &Username,
        role: Role,
        uses: u32,
        lifetime: Duration,
    ) -> Result<(BoardInvitationToken, BoardInvitation), StoreError> {
        let token = BoardInvitationToken { board: board.clone(), secret: Secret::generate() };
        let created = Timestamp::now();
        let expires = created.saturating_add(lifetime).whole_second();
        let invitation = BoardInvitation { id: token.id(), role, by: by.clone(), created, expires, uses };
        let row = InvitationRow {
            board: board.clone(),
            member: format!("{INVITATION}{}", invitation.id),
            role,
            by: by.clone(),
            created,
            expires,
            uses,
        };
        self.client.put_item().table_name(&self.table).set_item(Some(to_item(row)?)).send().await?;
        Ok((token, invitation))
    }

    /// Returns the open invitations, newest first. One query.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn invitations(&self, board: &BoardId) -> Result<Vec<BoardInvitation>, StoreError> {
        let query = BOARDS
            .query(&self.client, &self.table, board)
            .key_condition_expression("board = :partition AND begins_with(#member, :prefix)")
            .expression_attribute_names("#member", "member")
            .expression_attribute_values(":prefix", text(INVITATION));
        let rows: Vec<Row> = query.into_paginator().items().send().try_collect().await?;
        let mut invitations: Vec<_> = rows.into_iter().map(read).collect::<Result<_, _>>()?;
        invitations.retain(BoardInvitation::is_open);
        invitations.sort_by_key(|invitation| std::cmp::Reverse(invitation.created));
        Ok(invitations)
    }

    /// Revokes an invitation, and returns whether it existed. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn revoke(&self, board: &BoardId, id: &InvitationId) -> Result<bool, StoreError> {
        let delete = self.client.delete_item().table_name(&self.table).set_key(Some(key(board, id)));
        Ok(delete.return_values(ReturnValue::AllOld).send().await?.attributes.is_some())
    }

    /// Uses an invitation once: its reader becomes a member, or gets a higher role. Somebody who has that role already uses
    /// nothing. Four requests.
    ///
    /// # Errors
    /// [`BoardError::NotInvited`], [`BoardError::TooManyMembers`], [`BoardError::TooManyBoards`], or if the table fails.
    pub async fn join(
        &self,
        token: &BoardInvitationToken,
        username: &Username,
    ) -> Result<Access, BoardError> {
        let board = &token.board;
        let get = self.client.get_item().table_name(&self.table).set_key(Some(key(board, &token.id())));
        let found = get.consistent_read(true).send().await.map_err(StoreError::from)?;
        let invitation = found.item.map(read).transpose()?.filter(BoardInvitation::is_open);
        let invitation = invitation.ok_or(BoardError::NotInvited)?;
        let member = self.member(board, username).await?;
        if member.as_ref().is_none_or(|member| member.role < invitation.role) {
            if member.is_none() && self.count_of(username).await? >= MOST_BOARDS {
                return Err(BoardError::TooManyBoards);
            }
            let mut parts = self.give(board, username, member.as_ref(), invitation.role)?;
            parts.push(self.use_once(board, &invitation.id)?);
            match transaction::write(&self.client, parts).await? {
                Ok(()) => {}
                Err(0) => {
                    return Err(match self.why_not_counted(board, member.is_none()).await? {
                        // The invitation outlived its board.
                        BoardError::NotFound => BoardError::NotInvited,
                        error => error,
                    });
                }
                Err(3) => return Err(BoardError::NotInvited),
                // Somebody else has just changed the membership.
                Err(_) => return Err(StoreError::Throttled("the member was changed".into()).into()),
            }
        }
        self.access(username, board).await?.ok_or(BoardError::NotInvited)
    }

    /// Builds the part of a transaction that uses an invitation. Its condition fails if the invitation is not open.
    fn use_once(&self, board: &BoardId, id: &InvitationId) -> Result<TransactWriteItem, StoreError> {
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(key(board, id)))
            .update_expression("SET uses = uses - :one")
            .condition_expression("uses >= :one AND expires > :now")
            .expression_attribute_values(":one", number(&1))
            .expression_attribute_values(":now", number(&Timestamp::now().as_second()));
        Ok(TransactWriteItem::builder().update(update.build()?).build())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_board_and_hides_its_secret() {
        let token = BoardInvitationToken { board: BoardId::team(), secret: Secret::generate() };
        let text = token.reveal();
        assert!(text.starts_with("team."), "{text}");
        assert_eq!(BoardInvitationToken::parse(&text), Ok(token.clone()));
        assert_eq!(format!("{token:?}"), "BoardInvitationToken(secret)");
        for wrong in ["", "team", "team.", ".x", &text[1..], &text.replace('.', "#"), &format!("{text}.")] {
            assert!(BoardInvitationToken::parse(wrong).is_err(), "{wrong}");
        }
    }
}
