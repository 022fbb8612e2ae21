//! The people of a deployment, as administrators see and manage them.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::from_item;

use crate::account_row::{DELETED, MAX_TRIES, SESSIONS_PER_TRANSACTION, digests, too_many_conflicts};
use crate::audit::{self, Action};
use crate::password_link::PasswordLink;
use crate::tables::{BY_KIND, Kind, USERS, number, text};
use crate::{
    Boards, DisplayName, PersonError, Sessions, StoreError, Timestamp, Username, administrators, passkeys,
    transaction,
};

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// The username.
    pub username: Username,
    /// The display name.
    pub display_name: DisplayName,
    /// Whether the person is an administrator.
    pub administrator: bool,
    /// Whether the account is disabled: nobody can sign in to it.
    pub disabled: bool,
    /// When the account was created.
    pub created: Timestamp,
    /// When the person last used it, with the precision of [`Session::PRECISION`](crate::Session::PRECISION).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
}

/// A row of the index.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PersonRow {
    username: Username,
    display_name: String,
    #[serde(default)]
    administrator: bool,
    #[serde(default)]
    disabled: bool,
    created: Timestamp,
    last_seen: Option<Timestamp>,
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Self {
        let PersonRow { username, display_name, administrator, disabled, created, last_seen } = row;
        let display_name = DisplayName::stored(&display_name, &username);
        Self { username, display_name, administrator, disabled, created, last_seen }
    }
}

/// The state of an account that a change depends on. The write fails if it has changed since it was read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct State {
    /// Absent if the account is deleted.
    display_name: Option<String>,
    #[serde(default)]
    administrator: bool,
    #[serde(default)]
    disabled: bool,
    sessions: Option<Vec<String>>,
    passkeys: Option<Vec<String>>,
}

/// A change of an account by an administrator.
#[derive(Default)]
struct Change {
    /// The update expression.
    expression: String,
    values: HashMap<String, AttributeValue>,
    /// How many administrators there are afterwards: one more, one less, or as many.
    administrators: i8,
    /// Whether it ends the account's sessions.
    ends_sessions: bool,
    /// Whether it deletes the account's passkeys.
    deletes_passkeys: bool,
    /// More parts of the transaction, without conditions.
    more: Vec<TransactWriteItem>,
}

/// The people of a deployment. The methods take the administrator who acts, `None` for the operator's command. Each
/// change is one transaction with its audit record. Repeating one that is done already changes nothing.
#[derive(Debug, Clone)]
pub struct People {
    client: Client,
    table: String,
    sessions: Sessions,
}

impl People {
    /// Creates the store of the people in `table`.
    pub fn new(client: Client, table: impl Into<String>, sessions: Sessions) -> Self {
        Self { client, table: table.into(), sessions }
    }

    /// Returns whether somebody is an administrator. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn is_administrator(&self, username: &Username) -> Result<bool, StoreError> {
        Ok(self.find(username).await?.is_some_and(|state| state.administrator))
    }

    /// Returns whether there never was an account. The next one is the first administrator's. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn is_nobody_here(&self) -> Result<bool, StoreError> {
        administrators::is_first_account(&self.client, &self.table).await
    }

    /// Returns up to `limit` people, sorted by username, and whether there may be more. `after` is the last one of the
    /// page before. One query. It may miss changes of the last moment, as global indexes lag behind.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn page(
        &self,
        after: Option<&Username>,
        limit: usize,
    ) -> Result<(Vec<Person>, bool), StoreError> {
        let page = BY_KIND
            .query(&self.client, &self.table, Kind::Person)
            .set_exclusive_start_key(after.map(|username| BY_KIND.position(Kind::Person, username.as_str())))
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .send()
            .await?;
        let more = page.last_evaluated_key.is_some();
        let rows = page.items.unwrap_or_default().into_iter().map(from_item::<PersonRow>);
        let people = rows.map(|row| row.map(Person::from)).collect::<Result<_, _>>()?;
        Ok((people, more))
    }

    /// Disables an account and ends its sessions. An administrator loses that role.
    ///
    /// # Errors
    /// [`PersonError::NotFound`] without such an account, [`PersonError::LastAdministrator`], or if a table fails.
    pub async fn disable(&self, by: Option<&Username>, whom: &Username) -> Result<(), PersonError> {
        self.change(by, whom, Action::Disable, |account| {
            (!account.disabled).then(|| Change {
                expression: "SET disabled = :true REMOVE administrator, linkDigest, linkExpires".into(),
                values: [(":true".into(), AttributeValue::Bool(true))].into(),
                administrators: -i8::from(account.administrator),
                ends_sessions: true,
                ..Change::default()
            })
        })
        .await
    }

    /// Enables a disabled account.
    ///
    /// # Errors
    /// [`PersonError::NotFound`] without such an account, or if the table fails.
    pub async fn enable(&self, by: Option<&Username>, whom: &Username) -> Result<(), PersonError> {
        self.change(by, whom, Action::Enable, |account| {
            account.disabled.then(|| Change { expression: "REMOVE disabled".into(), ..Change::default() })
        })
        .await
    }

    /// Deletes an account with its passkeys, and ends its sessions. Its notes stay, and its username stays taken. Its
    /// memberships of boards end soon after ([`Boards::leave_all`]).
    ///
    /// # Errors
    /// [`PersonError::NotFound`] without such an account, [`PersonError::LastAdministrator`], or if a table fails.
    pub async fn remove(
        &self,
        by: Option<&Username>,
        whom: &Username,
        boards: &Boards,
    ) -> Result<(), PersonError> {
        let departure = boards.depart(whom)?;
        self.change(by, whom, Action::Remove, |account| {
            Some(Change {
                expression: DELETED.into(),
                administrators: -i8::from(account.administrator),
                ends_sessions: true,
                deletes_passkeys: true,
                more: vec![departure.clone()],
                ..Change::default()
            })
        })
        .await
    }

    /// Makes somebody an administrator. That enables a disabled account.
    ///
    /// # Errors
    /// [`PersonError::NotFound`] without such an account, or if the table fails.
    pub async fn grant(&self, by: Option<&Username>, whom: &Username) -> Result<(), PersonError> {
        self.change(by, whom, Action::Grant, |account| {
            (!account.administrator).then(|| Change {
                // Accounts of older versions have no kind.
                expression: "SET administrator = :true, kind = :person REMOVE disabled".into(),
                values: [
                    (":true".into(), AttributeValue::Bool(true)),
                    (":person".into(), Kind::Person.value()),
                ]
                .into(),
                administrators: 1,
                ..Change::default()
            })
        })
        .await
    }

    /// Withdraws the role of an administrator.
    ///
    /// # Errors
    /// [`PersonError::NotFound`] without such an account, [`PersonError::LastAdministrator`], or if the table fails.
    pub async fn withdraw(&self, by: Option<&Username>, whom: &Username) -> Result<(), PersonError> {
        self.change(by, whom, Action::Withdraw, |account| {
            account.administrator.then(|| Change {
                expression: "REMOVE administrator".into(),
                administrators: -1,
                ..Change::default()
            })
        })
        .await
    }

    /// Makes a link with which a new password can be set, once and within [`PasswordLink::LIFETIME`]. It replaces the one
    /// before.
    ///
    /// # Errors
    /// [`PersonError::NotFound`] without such an account, or if the table fails.
    pub async fn make_password_link(
        &self,
        by: Option<&Username>,
        whom: &Username,
    ) -> Result<(PasswordLink, Timestamp), PersonError> {
        let link = PasswordLink::generate(whom);
        let expires = Timestamp::now().saturating_add(PasswordLink::LIFETIME).whole_second();
        self.change(by, whom, Action::MakePasswordLink, |_| {
            Some(Change {
                expression: "SET linkDigest = :digest, linkExpires = :expires".into(),
                values: [
                    (":digest".into(), text(&link.digest())),
                    (":expires".into(), number(&expires.as_second())),
                ]
                .into(),
                ..Change::default()
            })
        })
        .await?;
        Ok((link, expires))
    }

    /// Makes a change, unless `decide` finds nothing to do.
    ///
    /// The sessions that do not fit into the transaction end before it. If this fails half-way, it can be repeated.
    async fn change(
        &self,
        by: Option<&Username>,
        whom: &Username,
        action: Action,
        decide: impl Fn(&State) -> Option<Change>,
    ) -> Result<(), PersonError> {
        for _ in 0..MAX_TRIES {
            let account = self.find(whom).await?.filter(|account| account.display_name.is_some());
            let account = account.ok_or(PersonError::NotFound)?;
            let Some(change) = decide(&account) else { return Ok(()) };
            let mut parts = vec![self.update(whom, &account, &change)?];
            match change.administrators {
                0 => {}
                1.. => parts.push(administrators::count_one_more(&self.table)?),
                _ => parts.push(administrators::count_one_less(&self.table)?),
            }
            let counts = change.administrators < 0;
            parts.push(audit::record(&self.table, by, action, Some(whom))?);
            parts.extend(change.more);
            if change.ends_sessions {
                parts.extend(self.sessions.end_most_of(whom, SESSIONS_PER_TRANSACTION).await?);
            }
            if change.deletes_passkeys {
                parts.extend(passkeys::deletions(&self.table, account.passkeys.as_deref())?);
            }
            match transaction::write(&self.client, parts).await? {
                Ok(()) => return Ok(()),
                Err(1) if counts => return Err(PersonError::LastAdministrator),
                Err(_) => {}
            }
        }
        Err(too_many_conflicts().into())
    }

    /// Builds the part of a transaction that changes an account, on the condition that it is as it was read. So no session
    /// begins between the read and the end of all sessions.
    fn update(
        &self,
        whom: &Username,
        account: &State,
        change: &Change,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut values = change.values.clone();
        let exists = |attribute: &str, exists: bool| {
            let function = if exists { "attribute_exists" } else { "attribute_not_exists" };
            format!("{function}({attribute})")
        };
        let mut conditions = vec![
            exists("displayName", true),
            exists("administrator", account.administrator),
            exists("disabled", account.disabled),
        ];
        match &account.sessions {
            _ if !change.ends_sessions => {}
            Some(sessions) => {
                conditions.push("sessions = :sessions".to_owned());
                values.insert(":sessions".into(), digests(sessions.clone()));
            }
            None => conditions.push(exists("sessions", false)),
        }
        if change.deletes_passkeys {
            let (unchanged, listed) = passkeys::unchanged(account.passkeys.as_deref());
            conditions.push(unchanged.to_owned());
            values.extend(listed.map(|listed| (":passkeys".to_owned(), listed)));
        }
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(USERS.key(&[whom])))
            .update_expression(&change.expression)
            .condition_expression(conditions.join(" AND "))
            .set_expression_attribute_values(Some(values).filter(|values| !values.is_empty()));
        Ok(TransactWriteItem::builder().update(update.build()?).build())
    }

    async fn find(&self, username: &Username) -> Result<Option<State>, StoreError> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(USERS.key(&[username])))
            // A change that another administrator has just made counts.
            .consistent_read(true)
            .projection_expression("displayName, administrator, disabled, sessions, passkeys");
        Ok(get.send().await?.item.map(from_item).transpose()?)
    }
}
