//! Invitations to the team: links that make accounts.

use std::fmt;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem, Update};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

use crate::audit::{self, Action};
use crate::secret::{Secret, is_digest};
use crate::tables::{BY_KIND, Kind, Row, USERS, number};
use crate::timestamp::seconds;
use crate::{Invalid, StoreError, Timestamp, Username, transaction};

/// The secret of an invitation, which is part of its link. The debug form hides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationToken(Secret);

impl InvitationToken {
    /// Parses the token of a link.
    ///
    /// # Errors
    /// If the text is not a token.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Secret::parse(text).map(Self).ok_or(Invalid::Value("must be the token of an invitation link"))
    }

    /// Returns the text, which lets its reader create an account.
    #[must_use]
    pub fn reveal(&self) -> String {
        self.0.reveal()
    }

    /// Returns the id of the invitation.
    #[must_use]
    pub fn id(&self) -> InvitationId {
        InvitationId::of(&self.0)
    }
}

/// The id of an invitation: the SHA-256 of its secret in base64url.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvitationId(String);

impl InvitationId {
    /// Parses an id.
    ///
    /// # Errors
    /// If the text is not a SHA-256 in base64url.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let id = is_digest(text).then(|| Self(text.to_owned()));
        id.ok_or(Invalid::Value("must be the id of an invitation"))
    }

    /// Returns the id of the invitation with a secret.
    pub(crate) fn of(secret: &Secret) -> Self {
        Self(secret.digest())
    }

    fn row_name(&self) -> String {
        format!("{PREFIX}{}", self.0)
    }
}

impl fmt::Display for InvitationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An invitation, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invitation {
    /// The id.
    pub id: InvitationId,
    /// The administrator who made it. `None` for the operator's command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Username>,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
    /// The number of accounts that it can still make.
    pub uses: u32,
}

impl Invitation {
    fn is_open(&self) -> bool {
        self.uses > 0 && self.expires > Timestamp::now()
    }
}

/// A row of the table.
#[derive(Serialize, Deserialize)]
struct InvitationRow {
    username: String,
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Username>,
    created: Timestamp,
    #[serde(with = "seconds")]
    expires: Timestamp,
    uses: u32,
}

/// The beginning of the rows' names. No username has `#`.
const PREFIX: &str = "invitation#";

/// The invitations, in the table of accounts.
#[derive(Debug, Clone)]
pub struct Invitations {
    client: Client,
    table: String,
}

impl Invitations {
    /// Creates the store of the invitations in `table`.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }

    /// Makes an invitation for a number of accounts. One transaction. `by` is `None` for the operator's command.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn make(
        &self,
        by: Option<&Username>,
        uses: u32,
        lifetime: Duration,
    ) -> Result<(InvitationToken, Invitation), StoreError> {
        let token = InvitationToken(Secret::generate());
        let created = Timestamp::now();
        let expires = created.saturating_add(lifetime).whole_second();
        let invitation = Invitation { id: token.id(), by: by.cloned(), created, expires, uses };
        let row = InvitationRow {
            username: invitation.id.row_name(),
            kind: Kind::Invitation,
            by: by.cloned(),
            created,
            expires,
            uses,
        };
        let put = Put::builder().table_name(&self.table).set_item(Some(to_item(row)?)).build()?;
        let put = TransactWriteItem::builder().put(put).build();
        let record = audit::record(&self.table, by, Action::Invite, None)?;
        let _no_condition = transaction::write(&self.client, vec![put, record]).await?;
        Ok((token, invitation))
    }

    /// Returns the open invitations, in no order. It may miss changes of the last moment, as global indexes lag behind.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn list(&self) -> Result<Vec<Invitation>, StoreError> {
        let rows = BY_KIND.query(&self.client, &self.table, Kind::Invitation).into_paginator().items();
        let rows: Vec<Row> = rows.send().try_collect().await?;
        let mut invitations: Vec<_> = rows.into_iter().map(read).collect::<Result<_, _>>()?;
        invitations.retain(Invitation::is_open);
        Ok(invitations)
    }

    /// Revokes an invitation, and returns whether it existed. One transaction.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn revoke(&self, by: Option<&Username>, id: &InvitationId) -> Result<bool, StoreError> {
        let delete = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(USERS.key(&[&id.row_name()])))
            .condition_expression("attribute_exists(username)");
        let delete = TransactWriteItem::builder().delete(delete.build()?).build();
        let record = audit::record(&self.table, by, Action::RevokeInvitation, None)?;
        Ok(transaction::write(&self.client, vec![delete, record]).await?.is_ok())
    }

    /// Returns the invitation of a token, if it is open. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn find(&self, token: &InvitationToken) -> Result<Option<Invitation>, StoreError> {
        let key = USERS.key(&[&token.id().row_name()]);
        let get = self.client.get_item().table_name(&self.table).set_key(Some(key)).consistent_read(true);
        let invitation = get.send().await?.item.map(read).transpose()?;
        Ok(invitation.filter(Invitation::is_open))
    }

    /// Builds the part of a transaction that uses an invitation once. Its condition fails if the invitation is not open.
    pub(crate) fn use_once(&self, id: &InvitationId) -> Result<TransactWriteItem, StoreError> {
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(USERS.key(&[&id.row_name()])))
            .update_expression("SET uses = uses - :one")
            .condition_expression("uses >= :one AND expires > :now")
            .expression_attribute_values(":one", number(&1))
            .expression_attribute_values(":now", number(&Timestamp::now().as_second()));
        Ok(TransactWriteItem::builder().update(update.build()?).build())
    }
}

fn read(row: Row) -> Result<Invitation, StoreError> {
    let InvitationRow { username, by, created, expires, uses, .. } = from_item(row)?;
    let id = InvitationId(username.trim_start_matches(PREFIX).to_owned());
    Ok(Invitation { id, by, created, expires, uses })
}
