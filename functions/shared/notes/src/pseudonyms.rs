//! Pseudonyms of usernames, for logs.

use std::sync::OnceLock;

use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use aws_sdk_dynamodb::{Client, Error};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};
use sha2::Sha256;

use crate::tables::USERS;
use crate::text::trim;
use crate::{StoreError, Username};

/// The name of the key's row in the table of accounts. No account can have it.
const NAME: &str = "pseudonyms#key";

/// The bytes of the hash that a pseudonym shows.
const SHOWN: usize = 12;

/// Pseudonyms of usernames, for logs: a keyed hash (HMAC-SHA-256), the same each time.
///
/// A log shows many attempts at one account, or at many accounts, but not the text: a user may type a password into
/// the wrong field. The key is random, and is in the table of accounts. A reader of the log alone cannot test
/// usernames. A reader of the table knows them anyway.
#[derive(Debug)]
pub struct Pseudonyms {
    client: Client,
    table: String,
    key: OnceLock<String>,
}

/// The key's row.
#[derive(Serialize, Deserialize)]
struct Row {
    username: String,
    key: String,
}

impl Pseudonyms {
    /// Creates the pseudonyms whose key is in `table`, which is that of the accounts.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into(), key: OnceLock::new() }
    }

    /// Returns the pseudonym of a username in any spelling, or of other text. No request, once the key is known.
    ///
    /// # Errors
    /// If the table fails.
    ///
    /// # Panics
    /// If the system has no random bytes.
    pub async fn of(&self, typed: &str) -> Result<String, StoreError> {
        let username = Username::parse(typed).map_or_else(|_| trim(typed).to_owned(), String::from);
        Ok(BASE64_URL_SAFE_NO_PAD.encode(&self.hash(&username).await?[..SHOWN]))
    }

    /// Returns the user handle of a user: what an authenticator stores beside a passkey instead of the username. It differs
    /// from the pseudonym. No request, once the key is known.
    ///
    /// # Errors
    /// If the table fails.
    ///
    /// # Panics
    /// If the system has no random bytes.
    pub async fn user_handle(&self, username: &Username) -> Result<[u8; 32], StoreError> {
        // No username has a space.
        self.hash(&format!("passkeys of {username}")).await
    }

    async fn hash(&self, text: &str) -> Result<[u8; 32], StoreError> {
        self.make_key().await?;
        let key = self.key.get().map(String::as_str).unwrap_or_default();
        let mut hash = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("a key has any length");
        hash.update(text.as_bytes());
        Ok(hash.finalize().into_bytes().into())
    }

    /// Reads the key, or creates it. At most two requests, and none once it is known.
    ///
    /// # Errors
    /// If the table fails.
    ///
    /// # Panics
    /// If the system has no random bytes.
    pub async fn make_key(&self) -> Result<(), StoreError> {
        if self.key.get().is_some() || self.read_key().await? {
            return Ok(());
        }
        let mut random = [0; 32];
        getrandom::fill(&mut random).expect("the system has random bytes");
        let row = Row { username: NAME.into(), key: BASE64_URL_SAFE_NO_PAD.encode(random) };
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(&row)?))
            .condition_expression("attribute_not_exists(username)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let row = match put.send().await.map_err(Error::from) {
            Ok(_) => row,
            // Another instance created one in the meantime.
            Err(Error::ConditionalCheckFailedException(failed)) => {
                from_item(failed.item.unwrap_or_default())?
            }
            Err(error) => return Err(error.into()),
        };
        self.key.get_or_init(|| row.key);
        Ok(())
    }

    /// Opens the connection to `DynamoDB` by reading the key, so that no user waits for TLS and credentials. Call it
    /// while the function starts.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn warm_up(&self) -> Result<(), StoreError> {
        self.read_key().await.map(drop)
    }

    /// Reads the key, and returns whether it exists.
    async fn read_key(&self) -> Result<bool, StoreError> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(USERS.key(&[&NAME])))
            .consistent_read(true);
        let row: Option<Row> = get.send().await?.item.map(from_item).transpose()?;
        if let Some(Row { key, .. }) = row {
            self.key.get_or_init(|| key);
        }
        Ok(self.key.get().is_some())
    }
}
