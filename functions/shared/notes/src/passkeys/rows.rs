//! The rows of passkeys, and the parts of transactions that change them together with their account.

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem, Update};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

use super::{Credential, Passkey, PasskeyId, PasskeyName};
use crate::account_row::digests;
use crate::tables::{Row, USERS, text};
use crate::{StoreError, Timestamp, Username};

/// A row of the table.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PasskeyRow {
    username: String,
    owner: Username,
    name: PasskeyName,
    #[serde(with = "base64url")]
    credential_id: Vec<u8>,
    #[serde(with = "base64url")]
    public_key: Vec<u8>,
    #[serde(with = "base64url")]
    state: Vec<u8>,
    created: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used: Option<Timestamp>,
}

/// Returns the key of a passkey's row.
pub(super) fn key(id: &str) -> Row {
    USERS.key(&[&row_name(id)])
}

fn row_name(id: &str) -> String {
    format!("passkey#{id}")
}

/// Reads a row.
pub(super) fn read(row: Row) -> Result<Passkey, StoreError> {
    let PasskeyRow { owner, name, credential_id, public_key, state, created, last_used, .. } =
        from_item(row)?;
    let id = PasskeyId::of(&credential_id);
    let credential = Credential { id: credential_id, key: public_key, state };
    Ok(Passkey { id, owner, name, credential, created, last_used })
}

/// Builds the part of a transaction that stores a new passkey. Its condition fails if any account has it.
pub(super) fn put(table: &str, passkey: &Passkey) -> Result<TransactWriteItem, StoreError> {
    let Passkey { id, owner, name, credential, created, last_used } = passkey.clone();
    let row = PasskeyRow {
        username: row_name(id.as_str()),
        owner,
        name,
        credential_id: credential.id,
        public_key: credential.key,
        state: credential.state,
        created,
        last_used,
    };
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(to_item(row)?))
        .condition_expression("attribute_not_exists(username)");
    Ok(TransactWriteItem::builder().put(put.build()?).build())
}

/// Builds the part of a transaction that records the use of a passkey. Its condition fails if the passkey was removed, or
/// used meanwhile so that its state changed.
pub(super) fn record_use(
    table: &str,
    passkey: &Passkey,
    state: &[u8],
    now: Timestamp,
) -> Result<TransactWriteItem, StoreError> {
    let update = Update::builder()
        .table_name(table)
        .set_key(Some(key(passkey.id.as_str())))
        .update_expression("SET #state = :new, lastUsed = :now")
        .condition_expression("#state = :former AND #owner = :owner")
        .expression_attribute_names("#state", "state")
        .expression_attribute_names("#owner", "owner")
        .expression_attribute_values(":new", text(&base64url::encode(state)))
        .expression_attribute_values(":former", text(&base64url::encode(&passkey.credential.state)))
        .expression_attribute_values(":owner", text(&passkey.owner))
        .expression_attribute_values(":now", text(&now));
    Ok(TransactWriteItem::builder().update(update.build()?).build())
}

/// Builds the parts of a transaction that delete the passkeys of an account.
pub(crate) fn deletions(
    table: &str,
    passkeys: Option<&[String]>,
) -> Result<Vec<TransactWriteItem>, StoreError> {
    let delete = |id: &String| {
        let delete = Delete::builder().table_name(table).set_key(Some(key(id)));
        Ok(TransactWriteItem::builder().delete(delete.build()?).build())
    };
    passkeys.unwrap_or_default().iter().map(delete).collect()
}

/// Returns the condition that the account's row still lists these passkeys, and the value of `:passkeys` in it.
pub(crate) fn unchanged(passkeys: Option<&[String]>) -> (&'static str, Option<AttributeValue>) {
    match passkeys {
        Some(passkeys) => ("passkeys = :passkeys", Some(digests(passkeys.to_vec()))),
        None => ("attribute_not_exists(passkeys)", None),
    }
}

/// Serializes bytes as base64url.
pub(super) mod base64url {
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    /// Returns the text of bytes.
    pub(in super::super) fn encode(bytes: &[u8]) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    pub(in super::super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&encode(bytes))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64_URL_SAFE_NO_PAD.decode(text).map_err(D::Error::custom)
    }
}
