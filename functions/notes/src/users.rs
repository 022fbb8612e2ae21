//! The table of accounts.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use aws_sdk_dynamodb::{Client, Error};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

use crate::{DisplayName, Password, SignUpError, StoreError, Timestamp, Username};

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The account's name.
    pub username: Username,
    /// What the page calls them.
    pub display_name: DisplayName,
}

/// The table of accounts.
#[derive(Debug, Clone)]
pub struct Users {
    client: Client,
    table: String,
}

/// A row of the table.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    username: Username,
    display_name: DisplayName,
    password_hash: String,
    created: Timestamp,
}

impl Users {
    /// The accounts in `table`.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }

    /// Makes an account, unless the username is taken. One request.
    pub async fn create(&self, user: &User, password: &Password) -> Result<(), SignUpError> {
        let row = Row {
            username: user.username.clone(),
            display_name: user.display_name.clone(),
            password_hash: password.hash().await?,
            created: Timestamp::now(),
        };
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(&row).map_err(StoreError::from)?))
            .condition_expression("attribute_not_exists(username)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let Err(error) = put.send().await else { return Ok(()) };
        match Error::from(error) {
            Error::ConditionalCheckFailedException(failed) => {
                // The client repeats a request whose answer was lost, and then meets its own row: no other has its salt.
                let standing: Option<Row> =
                    failed.item.map(from_item).transpose().map_err(StoreError::from)?;
                let ours = standing.is_some_and(|standing| standing.password_hash == row.password_hash);
                if ours { Ok(()) } else { Err(SignUpError::Taken) }
            }
            error => Err(StoreError::from(error).into()),
        }
    }

    /// The user of this name, if the password is theirs. One request, and as long for an unknown name as for a wrong
    /// password.
    pub async fn verify(&self, username: &Username, password: &Password) -> Result<Option<User>, StoreError> {
        let row = self.find(username).await?;
        let matches = password.verify(row.as_ref().map(|row| row.password_hash.clone())).await?;
        let user = row.map(|row| User { username: row.username, display_name: row.display_name });
        Ok(user.filter(|_| matches))
    }

    async fn find(&self, username: &Username) -> Result<Option<Row>, StoreError> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("username", AttributeValue::S(username.to_string()))
            // Who has just signed up may sign in.
            .consistent_read(true);
        Ok(get.send().await?.item.map(from_item).transpose()?)
    }
}
