//! The members of a board, and their roles.

use aws_sdk_dynamodb::types::{ConditionCheck, Delete, Put, TransactWriteItem, Update};
use serde_dynamo::aws_sdk_dynamodb_1::from_item;

use super::rows::{BEFORE_USERNAMES, MemberRow, board_key, listing_key, member_key, role};
use super::{BoardId, Boards, MOST_BOARDS, MOST_MEMBERS, Member, Role};
use crate::tables::{BOARDS, USERS, number, text};
use crate::{BoardError, StoreError, Timestamp, Username, transaction};

/// How often a change is attempted, if others change the same member.
pub(super) const MAX_TRIES: usize = 5;

impl Boards {
    /// Returns the members of a board, sorted by username. At most [`MOST_MEMBERS`], which one query reads.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn members(&self, id: &BoardId) -> Result<Vec<Member>, StoreError> {
        let query = BOARDS
            .query(&self.client, &self.table, id)
            .key_condition_expression("board = :partition AND #member > :before")
            .expression_attribute_names("#member", "member")
            .expression_attribute_values(":before", text(BEFORE_USERNAMES));
        let rows = query.into_paginator().items().send().try_collect().await?;
        let members = rows.into_iter().map(|row| {
            let MemberRow { member: username, role, since, .. } = from_item(row)?;
            Ok(Member { username, role, since })
        });
        members.collect()
    }

    /// Gives somebody a role on a board, who becomes a member if necessary. Returns whether anything changed. Two requests,
    /// and one more for a new member.
    ///
    /// # Errors
    /// [`BoardError::LastOwner`], [`BoardError::NoSuchAccount`], [`BoardError::TooManyMembers`],
    /// [`BoardError::TooManyBoards`], [`BoardError::NotFound`] if the board was deleted, or if a table fails.
    pub async fn set_role(&self, id: &BoardId, username: &Username, given: Role) -> Result<bool, BoardError> {
        for _ in 0..MAX_TRIES {
            let member = self.member(id, username).await?;
            if member.as_ref().is_some_and(|member| member.role == given) {
                return Ok(false);
            }
            if member.is_none() && self.count_of(username).await? >= MOST_BOARDS {
                return Err(BoardError::TooManyBoards);
            }
            let mut parts = self.give(id, username, member.as_ref(), given)?;
            if member.is_none() {
                parts.push(self.account_exists(username)?);
            }
            match transaction::write(&self.client, parts).await? {
                Ok(()) => return Ok(true),
                Err(0) => return Err(self.why_not_counted(id, member.is_none()).await?),
                Err(3) => return Err(BoardError::NoSuchAccount),
                Err(_) => {}
            }
        }
        Err(StoreError::Throttled("the member was changed again and again".into()).into())
    }

    /// Ends a membership. Two requests.
    ///
    /// # Errors
    /// [`BoardError::NoSuchMember`], [`BoardError::LastOwner`], or if the table fails.
    pub async fn remove_member(&self, id: &BoardId, username: &Username) -> Result<(), BoardError> {
        for _ in 0..MAX_TRIES {
            let member = self.member(id, username).await?.ok_or(BoardError::NoSuchMember)?;
            let delete = Delete::builder()
                .table_name(&self.table)
                .set_key(Some(member_key(id, username)))
                .condition_expression("#role = :role")
                .expression_attribute_names("#role", "role")
                .expression_attribute_values(":role", role(member.role));
            let delete = delete.build().map_err(StoreError::from)?;
            let parts = vec![
                self.count(id, -i32::from(member.role == Role::Owner), -1)?,
                TransactWriteItem::builder().delete(delete).build(),
                self.delete_row(listing_key(id, username), None)?,
            ];
            match transaction::write(&self.client, parts).await? {
                Ok(()) => return Ok(()),
                Err(0) => return Err(self.why_not_counted(id, false).await?),
                Err(_) => {}
            }
        }
        Err(StoreError::Throttled("the member was changed again and again".into()).into())
    }

    /// Returns somebody's membership. One request.
    pub(super) async fn member(
        &self,
        id: &BoardId,
        username: &Username,
    ) -> Result<Option<MemberRow>, StoreError> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(member_key(id, username)));
        Ok(get.consistent_read(true).send().await?.item.map(from_item).transpose()?)
    }

    /// Builds the three parts of a transaction that give somebody a role: the counts of the board, the membership, if it is
    /// still as it was read, and its row in the person's list.
    pub(super) fn give(
        &self,
        id: &BoardId,
        username: &Username,
        member: Option<&MemberRow>,
        given: Role,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let was_owner = member.is_some_and(|member| member.role == Role::Owner);
        let owners = i32::from(given == Role::Owner) - i32::from(was_owner);
        let mut row = member_key(id, username);
        row.insert("role".into(), role(given));
        row.insert("since".into(), text(&member.map_or_else(Timestamp::now, |member| member.since)));
        let put = Put::builder().table_name(&self.table).set_item(Some(row));
        let put = match member {
            None => put.condition_expression("attribute_not_exists(board)"),
            Some(member) => put
                .condition_expression("#role = :role")
                .expression_attribute_names("#role", "role")
                .expression_attribute_values(":role", role(member.role)),
        };
        let mut listing = listing_key(id, username);
        listing.insert("role".into(), role(given));
        Ok(vec![
            self.count(id, owners, i32::from(member.is_none()))?,
            TransactWriteItem::builder().put(put.build()?).build(),
            self.put(listing)?,
        ])
    }

    /// Builds the part of a transaction that counts owners and members of a board. It fails if the board does not exist, if
    /// it has too many members, or if it is private and loses its last owner.
    fn count(&self, id: &BoardId, owners: i32, members: i32) -> Result<TransactWriteItem, StoreError> {
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(board_key(id)))
            .update_expression("ADD owners :owners, members :members")
            .expression_attribute_values(":owners", number(&owners))
            .expression_attribute_values(":members", number(&members));
        let mut condition = "attribute_exists(board)".to_owned();
        let update = if members > 0 {
            condition.push_str(" AND members < :most");
            update.expression_attribute_values(":most", number(&MOST_MEMBERS))
        } else {
            update
        };
        let update = if owners < 0 {
            condition.push_str(" AND (attribute_exists(teamRole) OR owners > :one)");
            update.expression_attribute_values(":one", number(&1))
        } else {
            update
        };
        let update = update.condition_expression(condition).build()?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// Returns why [`count`](Self::count) failed.
    pub(super) async fn why_not_counted(&self, id: &BoardId, new: bool) -> Result<BoardError, StoreError> {
        Ok(match self.find(id).await? {
            None => BoardError::NotFound,
            Some(_) if new => BoardError::TooManyMembers,
            Some(_) => BoardError::LastOwner,
        })
    }

    /// Builds the part of a transaction that fails unless somebody has an account.
    fn account_exists(&self, username: &Username) -> Result<TransactWriteItem, StoreError> {
        let users = self.users.as_deref().unwrap_or_default();
        let check = ConditionCheck::builder()
            .table_name(users)
            .set_key(Some(USERS.key(&[username])))
            .condition_expression("attribute_exists(displayName)");
        Ok(TransactWriteItem::builder().condition_check(check.build()?).build())
    }
}
