//! The number of administrators, which is never zero again once it was one.
//!
//! A user is an administrator if the account's row says so. One more row counts them, so that a transaction can refuse to
//! remove the last one. That row begins with the first account of a deployment.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};

use crate::StoreError;
use crate::tables::{USERS, number};

/// The name of the row, which no account can have.
const ROW: &str = "administrators#";

/// Returns whether there never was an account. One request.
pub(crate) async fn is_first_account(client: &Client, table: &str) -> Result<bool, StoreError> {
    let get = client.get_item().table_name(table).set_key(Some(USERS.key(&[&ROW]))).consistent_read(true);
    Ok(get.send().await?.item.is_none())
}

/// Builds the part of a transaction that counts the first administrator. Its condition fails if there was one before.
pub(crate) fn count_first(table: &str) -> Result<TransactWriteItem, StoreError> {
    let mut row = USERS.key(&[&ROW]);
    row.insert("count".to_owned(), number(&1));
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(row))
        .condition_expression("attribute_not_exists(username)");
    Ok(TransactWriteItem::builder().put(put.build()?).build())
}

/// Builds the part of a transaction that counts one more.
pub(crate) fn count_one_more(table: &str) -> Result<TransactWriteItem, StoreError> {
    let update = update(table)
        .update_expression("SET #count = if_not_exists(#count, :zero) + :one")
        .expression_attribute_values(":zero", number(&0));
    Ok(TransactWriteItem::builder().update(update.build()?).build())
}

/// Builds the part of a transaction that counts one less. Its condition fails for the last one.
pub(crate) fn count_one_less(table: &str) -> Result<TransactWriteItem, StoreError> {
    let update =
        update(table).update_expression("SET #count = #count - :one").condition_expression("#count > :one");
    Ok(TransactWriteItem::builder().update(update.build()?).build())
}

fn update(table: &str) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
    Update::builder()
        .table_name(table)
        .set_key(Some(USERS.key(&[&ROW])))
        .expression_attribute_names("#count", "count")
        .expression_attribute_values(":one", number(&1))
}
