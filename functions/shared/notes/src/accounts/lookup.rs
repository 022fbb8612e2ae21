//! Looks up many accounts at once.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::KeysAndAttributes;
use serde::Deserialize;
use serde_dynamo::aws_sdk_dynamodb_1::from_item;

use super::Accounts;
use crate::tables::USERS;
use crate::{Account, DisplayName, StoreError, User, Username};

/// The most keys of one request.
const BATCH: usize = 100;

/// The part of a row that other users see.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PublicRow {
    username: Username,
    display_name: Option<String>,
}

impl From<PublicRow> for (Username, Account) {
    fn from(PublicRow { username, display_name }: PublicRow) -> Self {
        let account = display_name.map_or(Account::Deleted, |stored| {
            let display_name = DisplayName::stored(&stored, &username);
            Account::Active(User { username: username.clone(), display_name })
        });
        (username, account)
    }
}

impl Accounts {
    /// Returns the accounts of usernames. A username that nobody ever had is absent. One request per hundred usernames.
    ///
    /// A display name that was changed within the last second may be the former one.
    ///
    /// # Errors
    /// If the table fails, or `DynamoDB` postpones all reads.
    pub async fn accounts(
        &self,
        usernames: &BTreeSet<Username>,
    ) -> Result<BTreeMap<Username, Account>, StoreError> {
        let mut keys: Vec<_> = usernames.iter().map(|username| USERS.key(&[username])).collect();
        let mut accounts = BTreeMap::new();
        while !keys.is_empty() {
            let remaining = keys.len();
            let batch = KeysAndAttributes::builder()
                .set_keys(Some(keys.split_off(remaining.saturating_sub(BATCH))))
                .projection_expression("username, displayName")
                .build()?;
            let response = self.client.batch_get_item().request_items(&self.table, batch).send().await?;
            for row in response.responses.unwrap_or_default().into_values().flatten() {
                let (username, account) = from_item::<PublicRow>(row)?.into();
                accounts.insert(username, account);
            }
            // `DynamoDB` may postpone a part of the reads. If it postpones all, it returns an error, which the SDK
            // retries after a pause.
            let postponed = response.unprocessed_keys.unwrap_or_default().into_values();
            keys.extend(postponed.flat_map(|batch| batch.keys));
            if keys.len() == remaining {
                return Err(StoreError::Throttled(format!("{remaining} reads were postponed")));
            }
        }
        Ok(accounts)
    }
}
