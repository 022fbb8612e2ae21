//! Names for usernames in logs.

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

/// How much of a hash a pseudonym shows, in bytes.
const SHOWN: usize = 12;

/// Names for usernames in logs: a keyed hash (HMAC-SHA-256), the same each time. So one sees many tries at one account,
/// or tries at many accounts, and not what was typed: a stranger may type a password in the wrong field.
///
/// The key is random, made once, and stands in the table of accounts. Who reads the log alone cannot try out which
/// username a pseudonym is of; who may read that table knows the usernames anyway.
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
    /// The pseudonyms whose key stands in `table`, which is that of the accounts.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into(), key: OnceLock::new() }
    }

    /// Returns the pseudonym of a username, in any spelling, or of what was typed as one. No request, once the key is
    /// known.
    ///
    /// # Panics
    /// If the system has no random bytes; there is no going on without.
    pub async fn of(&self, typed: &str) -> Result<String, StoreError> {
        self.make_key().await?;
        let key = self.key.get().map(String::as_str).unwrap_or_default();
        let username = Username::parse(typed).map_or_else(|_| trim(typed).to_owned(), String::from);
        let mut hash = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("a key has any length");
        hash.update(username.as_bytes());
        Ok(BASE64_URL_SAFE_NO_PAD.encode(&hash.finalize().into_bytes()[..SHOWN]))
    }

    /// Reads the key, and makes one if there is none: two requests at most, and none once it is known.
    ///
    /// # Panics
    /// If the system has no random bytes; there is no going on without.
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
            // Another made one meanwhile.
            Err(Error::ConditionalCheckFailedException(failed)) => {
                from_item(failed.item.unwrap_or_default())?
            }
            Err(error) => return Err(error.into()),
        };
        self.key.get_or_init(|| row.key);
        Ok(())
    }

    /// Opens the connection to `DynamoDB` by reading the key: done in Init, the TLS handshake and the credentials cost no
    /// visitor anything.
    pub async fn warm_up(&self) -> Result<(), StoreError> {
        self.read_key().await.map(drop)
    }

    /// Reads the key, and says whether there is one.
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
