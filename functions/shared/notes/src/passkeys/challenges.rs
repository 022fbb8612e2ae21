//! Challenges: random numbers that an authenticator signs, each valid once and for five minutes.

use std::time::Duration;

use aws_sdk_dynamodb::types::{Put, ReturnValue, TransactWriteItem};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

use super::Passkeys;
use super::rows::base64url;
use crate::tables::USERS;
use crate::timestamp::seconds;
use crate::{SessionId, StoreError, Timestamp};

/// The purpose of a challenge. A challenge for one purpose is unknown for any other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// A sign-in.
    SignIn,
    /// A new passkey, by the user of this session.
    Register(SessionId),
}

/// A challenge, and what the verification of its response needs. This crate does not look into that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The random number: 128 bits.
    pub random: u128,
    /// The state that the verification needs.
    pub state: Vec<u8>,
}

impl Challenge {
    /// How long a challenge is valid.
    pub const LIFETIME: Duration = Duration::from_mins(5);
}

/// A row of the table.
#[derive(Serialize, Deserialize)]
struct ChallengeRow {
    username: String,
    #[serde(with = "base64url")]
    state: Vec<u8>,
    #[serde(with = "seconds")]
    expires: Timestamp,
}

impl Purpose {
    /// Returns the name of a challenge's row.
    fn row_name(&self, random: u128) -> String {
        match self {
            Self::SignIn => format!("challenge#sign-in#{random:032x}"),
            Self::Register(session) => format!("challenge#passkey#{session}#{random:032x}"),
        }
    }
}

impl ChallengeRow {
    fn new(purpose: &Purpose, challenge: &Challenge) -> Self {
        Self {
            username: purpose.row_name(challenge.random),
            state: challenge.state.clone(),
            expires: Timestamp::now().saturating_add(Challenge::LIFETIME).whole_second(),
        }
    }
}

impl Passkeys {
    /// Stores a challenge for its lifetime. One request.
    pub(crate) async fn store_challenge(
        &self,
        purpose: &Purpose,
        challenge: &Challenge,
    ) -> Result<(), StoreError> {
        let row = to_item(ChallengeRow::new(purpose, challenge))?;
        self.client.put_item().table_name(&self.table).set_item(Some(row)).send().await?;
        Ok(())
    }

    /// Builds the part of a transaction that stores a challenge for its lifetime.
    pub(crate) fn put_challenge(
        &self,
        purpose: &Purpose,
        challenge: &Challenge,
    ) -> Result<TransactWriteItem, StoreError> {
        let row = to_item(ChallengeRow::new(purpose, challenge))?;
        let put = Put::builder().table_name(&self.table).set_item(Some(row));
        Ok(TransactWriteItem::builder().put(put.build()?).build())
    }

    /// Takes a challenge: it is deleted, so nobody can take it again. Returns `None` if it was taken already, has expired,
    /// or never existed for this purpose. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn take_challenge(
        &self,
        purpose: &Purpose,
        random: u128,
    ) -> Result<Option<Challenge>, StoreError> {
        let key = USERS.key(&[&purpose.row_name(random)]);
        let delete = self.client.delete_item().table_name(&self.table).set_key(Some(key));
        let former = delete.return_values(ReturnValue::AllOld).send().await?.attributes;
        let row: Option<ChallengeRow> = former.map(from_item).transpose()?;
        // `DynamoDB` may delete an expired row hours later.
        let row = row.filter(|row| row.expires > Timestamp::now());
        Ok(row.map(|row| Challenge { random, state: row.state }))
    }
}
