//! The audit: records of the actions of administrators.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};
use uuid::Uuid;

use crate::tables::{BY_KIND, Kind, Row};
use crate::{Invalid, StoreError, Timestamp, Username};

/// An action that is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// The first account was created. Its user is an administrator.
    CreateAdministrator,
    /// An invitation was made.
    Invite,
    /// An invitation was revoked.
    RevokeInvitation,
    /// An invited user created an account.
    Join,
    /// An account was disabled.
    Disable,
    /// A disabled account was enabled.
    Enable,
    /// An account was deleted by an administrator.
    Remove,
    /// A user became an administrator.
    Grant,
    /// A user is no longer an administrator.
    Withdraw,
    /// A link to set a new password was made.
    MakePasswordLink,
    /// A new password was set with such a link.
    UsePasswordLink,
}

/// A record of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditRecord {
    /// Its id, which sorts by time.
    pub id: AuditId,
    /// When it happened.
    pub at: Timestamp,
    /// The user who did it. `None` for the operator's command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Username>,
    /// The action.
    pub action: Action,
    /// The user to whom it was done, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Username>,
}

/// The id of a record: a `UUIDv7`. It is also the cursor of a page of records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AuditId(Uuid);

impl AuditId {
    /// Parses an id in its canonical form.
    ///
    /// # Errors
    /// If the text is not a `UUIDv7` in lower case with hyphens.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let id = Uuid::try_parse(text).ok().filter(|id| id.get_version_num() == 7 && id.to_string() == text);
        id.map(Self).ok_or(Invalid::Value("must be a cursor of an earlier response"))
    }
}

impl std::fmt::Display for AuditId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for AuditId {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<AuditId> for String {
    fn from(id: AuditId) -> Self {
        id.to_string()
    }
}

/// A row of the table.
#[derive(Serialize, Deserialize)]
struct AuditRow {
    username: String,
    kind: Kind,
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Username>,
    action: Action,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Username>,
}

/// The beginning of the rows' names.
const PREFIX: &str = "audit#";

/// Builds the part of a transaction that records an action. `by` is `None` for the operator's command.
pub(crate) fn record(
    table: &str,
    by: Option<&Username>,
    action: Action,
    target: Option<&Username>,
) -> Result<TransactWriteItem, StoreError> {
    let row = AuditRow {
        username: format!("{PREFIX}{}", Uuid::now_v7()),
        kind: Kind::Audit,
        at: Timestamp::now(),
        by: by.cloned(),
        action,
        target: target.cloned(),
    };
    let put = Put::builder().table_name(table).set_item(Some(to_item(row)?)).build()?;
    Ok(TransactWriteItem::builder().put(put).build())
}

/// The records of the audit, in the table of accounts.
#[derive(Debug, Clone)]
pub struct Audit {
    client: Client,
    table: String,
}

impl Audit {
    /// Creates the store of the records in `table`.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }

    /// Returns up to `limit` records, the newest first, and whether there may be more. `after` is the last one of the
    /// page before. One query. It may miss records of the last moment, as global indexes lag behind.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn page(
        &self,
        after: Option<&AuditId>,
        limit: usize,
    ) -> Result<(Vec<AuditRecord>, bool), StoreError> {
        let start = after.map(|id| BY_KIND.position(Kind::Audit, &format!("{PREFIX}{id}")));
        let page = BY_KIND
            .query(&self.client, &self.table, Kind::Audit)
            .scan_index_forward(false)
            .set_exclusive_start_key(start)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .send()
            .await?;
        let more = page.last_evaluated_key.is_some();
        let rows = page.items.unwrap_or_default().into_iter();
        Ok((rows.map(read).collect::<Result<_, _>>()?, more))
    }
}

fn read(row: Row) -> Result<AuditRecord, StoreError> {
    let AuditRow { username, at, by, action, target, .. } = from_item(row)?;
    let id = username.strip_prefix(PREFIX).unwrap_or_default();
    let id = AuditId::parse(id).map_err(<serde_dynamo::Error as serde::de::Error>::custom)?;
    Ok(AuditRecord { id, at, by, action, target })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_stored_in_words_with_hyphens() {
        let stored =
            serde_json::to_value([Action::CreateAdministrator, Action::MakePasswordLink, Action::Join]);
        assert_eq!(
            stored.unwrap(),
            serde_json::json!(["create-administrator", "make-password-link", "join"])
        );
    }

    #[test]
    fn an_id_is_a_uuid_of_version_7_in_its_canonical_form() {
        let id = Uuid::now_v7().to_string();
        assert_eq!(AuditId::parse(&id).unwrap().to_string(), id);
        for wrong in
            ["", "abc", &id.to_uppercase(), &id.replace('-', ""), "00000000-0000-4000-8000-000000000000"]
        {
            assert!(AuditId::parse(wrong).is_err(), "{wrong}");
        }
    }
}
