//! Lists, creates, changes and deletes boards.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{Delete, Put, Select, TransactWriteItem, Update};
use serde::Deserialize;
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

use super::lookup::access;
use super::rows::{
    BoardRow, DEPARTURE, PURGE, TEAM_BOARDS, board_key, boards_of, listing_key, member_key, role, team_key,
};
use super::{ACTIVITY_PRECISION, Access, Board, BoardId, BoardName, Boards, MOST_BOARDS, Role, Visibility};
use crate::tables::{BOARDS, Row, number, text};
use crate::{BoardError, StoreError, Timestamp, Username, Version, batch, transaction};

/// A row that lists a board, for a person or for everybody.
#[derive(Deserialize)]
struct Listing {
    member: BoardId,
    role: Option<Role>,
}

impl Boards {
    /// Returns the boards that somebody sees: the first team board, then the others by name. Two queries, and one request
    /// per hundred boards.
    ///
    /// # Errors
    /// If the table fails, or `DynamoDB` postpones all reads.
    pub async fn of(&self, username: &Username) -> Result<Vec<Access>, StoreError> {
        let (of_team, own) =
            tokio::try_join!(self.rows(TEAM_BOARDS.to_owned()), self.rows(boards_of(username)))?;
        let mut roles: BTreeMap<BoardId, Option<Role>> = BTreeMap::new();
        let is_a_board = |row: &Row| row.get("member") != Some(&text(DEPARTURE));
        for row in of_team.into_iter().chain(own).filter(is_a_board) {
            let Listing { member: id, role } = from_item(row)?;
            let known = roles.entry(id).or_default();
            *known = role.or(*known);
        }
        let boards = self.boards(roles.keys()).await?;
        let accesses = boards.into_iter().filter_map(|(id, board)| {
            let own = roles.get(&id).copied().flatten();
            Some(Access { role: board.role(own)?, board, is_member: own.is_some() })
        });
        let mut accesses: Vec<_> = accesses.collect();
        accesses.sort_by_key(|Access { board, .. }| {
            (!board.id.is_permanent(), board.name.as_str().to_lowercase(), board.id.clone())
        });
        Ok(accesses)
    }

    /// Returns somebody's access to a board. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn access(&self, username: &Username, id: &BoardId) -> Result<Option<Access>, StoreError> {
        let keys = [board_key(id), member_key(id, username)];
        access(batch::read_all(&self.client, &self.table, &keys).await?)
    }

    /// Returns a board. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn find(&self, id: &BoardId) -> Result<Option<Board>, StoreError> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(board_key(id)));
        let row: Option<BoardRow> =
            get.consistent_read(true).send().await?.item.map(from_item).transpose()?;
        Ok(row.map(Board::from))
    }

    /// Creates a board with one owner. Two requests.
    ///
    /// # Errors
    /// [`BoardError::TooManyBoards`], or if the table fails.
    pub async fn create(
        &self,
        name: &BoardName,
        visibility: Visibility,
        owner: &Username,
    ) -> Result<Access, BoardError> {
        if self.count_of(owner).await? >= MOST_BOARDS {
            return Err(BoardError::TooManyBoards);
        }
        let board = Board::new(BoardId::generate(), name.clone(), visibility);
        let mut parts = self.puts(&board, 1)?;
        parts.extend(self.membership(&board.id, owner, Role::Owner, board.created)?);
        // The id is new, so nothing has a condition.
        let _no_condition = transaction::write(&self.client, parts).await?;
        Ok(Access { board, role: Role::Owner, is_member: true })
    }

    /// Builds the part of a transaction that creates the first board. It has no members: administrators own it.
    pub(crate) fn first(&self) -> Result<Vec<TransactWriteItem>, StoreError> {
        let name = BoardName::parse("Team").expect("a valid name");
        self.puts(&Board::new(BoardId::team(), name, Visibility::Team(Role::Editor)), 0)
    }

    fn puts(&self, board: &Board, owners: u32) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut parts = vec![self.put(to_item(BoardRow::new(board, owners))?)?];
        if board.is_team() {
            parts.push(self.put(team_key(&board.id))?);
        }
        Ok(parts)
    }

    /// Changes the name and the visibility of a board, if it still has this version. One request.
    ///
    /// # Errors
    /// [`BoardError::Stale`], [`BoardError::NotFound`], [`BoardError::LastOwner`] if a private board would have no owner,
    /// [`BoardError::Permanent`] if the first team board would be private, or if the table fails.
    pub async fn change(
        &self,
        board: &Board,
        version: Version,
        name: &BoardName,
        visibility: Visibility,
    ) -> Result<Board, BoardError> {
        let id = &board.id;
        if id.is_permanent() && visibility == Visibility::Private {
            return Err(BoardError::Permanent);
        }
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(board_key(id)))
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":name", text(name))
            .expression_attribute_values(":version", number(&version))
            .expression_attribute_values(":next", number(&version.next()));
        let (update, listing) = match visibility {
            Visibility::Team(team_role) => (
                update
                    .update_expression("SET #name = :name, version = :next, teamRole = :role")
                    .expression_attribute_values(":role", role(team_role))
                    .condition_expression("version = :version"),
                self.put(team_key(id))?,
            ),
            Visibility::Private => (
                update
                    .update_expression("SET #name = :name, version = :next REMOVE teamRole")
                    .expression_attribute_values(":one", number(&1))
                    .condition_expression("version = :version AND owners >= :one"),
                self.delete_row(team_key(id), None)?,
            ),
        };
        let update = TransactWriteItem::builder().update(update.build().map_err(StoreError::from)?).build();
        if transaction::write(&self.client, vec![update, listing]).await?.is_ok() {
            let (name, version) = (name.clone(), version.next());
            return Ok(Board { name, visibility, version, ..board.clone() });
        }
        match self.find(id).await? {
            None => Err(BoardError::NotFound),
            // As with notes: this request's own change, whose response was lost.
            Some(now)
                if now.version == version.next() && (&now.name, now.visibility) == (name, visibility) =>
            {
                Ok(now)
            }
            Some(now) if now.version == version => Err(BoardError::LastOwner),
            Some(now) => Err(BoardError::Stale(Box::new(now))),
        }
    }

    /// Deletes a board, if it still has this version. From then on it exists for nobody. The stream
    /// then reports [`BoardChange::Purge`](super::BoardChange::Purge), and its handler deletes members and notes. One request.
    ///
    /// # Errors
    /// [`BoardError::Stale`], [`BoardError::NotFound`], [`BoardError::Permanent`], or if the table fails.
    pub async fn delete(&self, id: &BoardId, version: Version) -> Result<(), BoardError> {
        if id.is_permanent() {
            return Err(BoardError::Permanent);
        }
        let own = self.delete_row(board_key(id), Some(version))?;
        let parts = vec![own, self.delete_row(team_key(id), None)?, self.put(BOARDS.key(&[id, &PURGE]))?];
        if transaction::write(&self.client, parts).await?.is_ok() {
            return Ok(());
        }
        match self.find(id).await? {
            Some(now) => Err(BoardError::Stale(Box::new(now))),
            None => Err(BoardError::NotFound),
        }
    }

    /// Records that a note of a board was changed, and returns whether that is news: whether the recorded change is older
    /// than [`ACTIVITY_PRECISION`]. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn record_activity(&self, id: &BoardId, now: Timestamp) -> Result<bool, StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(board_key(id)))
            .update_expression("SET changed = :now")
            .condition_expression(
                "attribute_exists(board) AND (attribute_not_exists(changed) OR changed < :before)",
            )
            .expression_attribute_values(":now", text(&now))
            .expression_attribute_values(":before", text(&now.saturating_sub(ACTIVITY_PRECISION)));
        match update.send().await.map_err(aws_sdk_dynamodb::Error::from) {
            Ok(_) => Ok(true),
            Err(aws_sdk_dynamodb::Error::ConditionalCheckFailedException(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the number of boards of which somebody is a member. One query.
    pub(super) async fn count_of(&self, username: &Username) -> Result<usize, StoreError> {
        let query = BOARDS
            .query(&self.client, &self.table, &boards_of(username))
            .select(Select::Count)
            .send()
            .await?;
        Ok(usize::try_from(query.count).unwrap_or_default())
    }

    /// Builds the parts of a transaction that write a membership.
    pub(super) fn membership(
        &self,
        id: &BoardId,
        username: &Username,
        given: Role,
        since: Timestamp,
    ) -> Result<[TransactWriteItem; 2], StoreError> {
        let mut member = member_key(id, username);
        member.insert("role".into(), role(given));
        member.insert("since".into(), text(&since));
        let mut listing = listing_key(id, username);
        listing.insert("role".into(), role(given));
        Ok([self.put(member)?, self.put(listing)?])
    }

    pub(super) fn put(&self, row: Row) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder().table_name(&self.table).set_item(Some(row)).build()?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// Builds the part of a transaction that deletes a row, if it has this version.
    pub(super) fn delete_row(
        &self,
        key: Row,
        version: Option<Version>,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut delete = Delete::builder().table_name(&self.table).set_key(Some(key));
        if let Some(version) = version {
            delete = delete
                .condition_expression("version = :version")
                .expression_attribute_values(":version", number(&version));
        }
        Ok(TransactWriteItem::builder().delete(delete.build()?).build())
    }

    pub(super) async fn rows(&self, partition: String) -> Result<Vec<Row>, StoreError> {
        let rows = BOARDS.query(&self.client, &self.table, &partition).into_paginator().items();
        Ok(rows.send().try_collect().await?)
    }

    /// Reads boards by their ids. Deleted ones are absent.
    async fn boards(
        &self,
        ids: impl Iterator<Item = &BoardId>,
    ) -> Result<BTreeMap<BoardId, Board>, StoreError> {
        let keys: Vec<_> = ids.map(board_key).collect();
        let rows = batch::read_all(&self.client, &self.table, &keys).await?;
        let boards = rows.into_iter().map(|row| {
            let board = Board::from(from_item::<BoardRow>(row)?);
            Ok((board.id.clone(), board))
        });
        boards.collect()
    }
}
