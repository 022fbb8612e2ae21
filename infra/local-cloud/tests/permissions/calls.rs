//! Calls of DynamoDB that the policies of a function allow or deny.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Credentials;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{
    ConditionCheck, Get, KeysAndAttributes, Put, PutRequest, TransactGetItem, TransactWriteItem, WriteRequest,
};

use crate::{client, denied, refusal, signing_with, start, text};

fn put(table: &str) -> TransactWriteItem {
    let put = Put::builder().table_name(table).item("key", text("a"));
    TransactWriteItem::builder().put(put.build().unwrap()).build()
}

fn check(table: &str) -> TransactWriteItem {
    let check = ConditionCheck::builder().table_name(table).key("key", text("a"));
    let check =
        check.condition_expression("attribute_not_exists(#key)").expression_attribute_names("#key", "key");
    TransactWriteItem::builder().condition_check(check.build().unwrap()).build()
}

fn by_author(client: &Client, index: &str) -> QueryFluentBuilder {
    let query =
        client.query().table_name("Orders").index_name(index).key_condition_expression("author = :author");
    query.expression_attribute_values(":author", text("ada"))
}

#[tokio::test]
async fn calls_that_the_policies_allow_succeed() {
    let cloud = start().await;
    let writer = client(&cloud, "Writer");
    writer.put_item().table_name("Orders").item("key", text("a")).send().await.unwrap();
    let read = writer.get_item().table_name("Orders").key("key", text("a")).send().await.unwrap();
    assert!(read.item.is_some());
    cloud.stop().await;
}

#[tokio::test]
async fn a_call_that_no_policy_allows_fails_with_the_message_of_aws() {
    let cloud = start().await;
    let writer = client(&cloud, "Writer");
    writer.put_item().table_name("Orders").item("key", text("a")).send().await.unwrap();
    let delete = writer.delete_item().table_name("Orders").key("key", text("a")).send().await;
    let status = delete.as_ref().unwrap_err().raw_response().unwrap().status().as_u16();
    assert_eq!(status, 400);
    assert_eq!(refusal(delete), denied("Writer", "dynamodb:DeleteItem", "Orders"));
    let read = writer.get_item().table_name("Orders").key("key", text("a")).send().await.unwrap();
    assert!(read.item.is_some());

    let idler = client(&cloud, "Idler").scan().table_name("Orders").send().await;
    assert_eq!(refusal(idler), denied("Idler", "dynamodb:Scan", "Orders"));
    cloud.stop().await;
}

#[tokio::test]
async fn a_permission_for_one_table_does_not_cover_another() {
    let cloud = start().await;
    let writer = client(&cloud, "Writer");
    let put = writer.put_item().table_name("Users").item("key", text("a")).send().await;
    assert_eq!(refusal(put), denied("Writer", "dynamodb:PutItem", "Users"));
    // The error does not reveal whether the table exists.
    let nowhere = writer.put_item().table_name("Nowhere").item("key", text("a")).send().await;
    assert_eq!(refusal(nowhere), denied("Writer", "dynamodb:PutItem", "Nowhere"));
    cloud.stop().await;
}

#[tokio::test]
async fn an_index_is_a_separate_resource() {
    let cloud = start().await;
    let writer = client(&cloud, "Writer");
    by_author(&writer, "by-author").send().await.unwrap();
    let other = by_author(&writer, "by-author-too").send().await;
    assert_eq!(refusal(other), denied("Writer", "dynamodb:Query", "Orders/index/by-author-too"));
    let table = writer.query().table_name("Orders").key_condition_expression("#key = :key");
    let table =
        table.expression_attribute_names("#key", "key").expression_attribute_values(":key", text("a"));
    assert_eq!(refusal(table.send().await), denied("Writer", "dynamodb:Query", "Orders"));
    cloud.stop().await;
}

#[tokio::test]
async fn wildcards_allow_matching_calls_and_a_deny_overrides_them() {
    let cloud = start().await;
    let keeper = client(&cloud, "Keeper");
    keeper.put_item().table_name("Orders").item("key", text("a")).send().await.unwrap();
    by_author(&keeper, "by-author-too").send().await.unwrap();
    keeper.describe_table().table_name("Orders").send().await.unwrap();
    let users = keeper.get_item().table_name("Users").key("key", text("a")).send().await;
    assert_eq!(refusal(users), denied("Keeper", "dynamodb:GetItem", "Users"));

    let (exception, message) =
        refusal(keeper.delete_item().table_name("Orders").key("key", text("a")).send().await);
    assert_eq!(exception, "AccessDeniedException");
    assert!(message.ends_with("table/Orders with an explicit deny in an identity-based policy"), "{message}");
    cloud.stop().await;
}

#[tokio::test]
async fn a_transaction_needs_the_permissions_of_all_its_parts() {
    let cloud = start().await;
    let writer = client(&cloud, "Writer");
    let write =
        |parts: Vec<TransactWriteItem>| writer.transact_write_items().set_transact_items(Some(parts)).send();
    write(vec![check("Users"), put("Orders")]).await.unwrap();

    let forbidden = write(vec![put("Orders"), put("Users")]).await;
    assert_eq!(refusal(forbidden), denied("Writer", "dynamodb:PutItem", "Users"));
    let forbidden = write(vec![check("Orders"), put("Orders")]).await;
    assert_eq!(refusal(forbidden), denied("Writer", "dynamodb:ConditionCheckItem", "Orders"));

    let get = |table: &str| {
        let get = Get::builder().table_name(table).key("key", text("a")).build().unwrap();
        writer.transact_get_items().transact_items(TransactGetItem::builder().get(get).build()).send()
    };
    assert!(get("Orders").await.unwrap().responses()[0].item.is_some());
    assert_eq!(refusal(get("Users").await), denied("Writer", "dynamodb:GetItem", "Users"));
    cloud.stop().await;
}

#[tokio::test]
async fn a_batch_is_a_separate_action() {
    let cloud = start().await;
    let (writer, keeper) = (client(&cloud, "Writer"), client(&cloud, "Keeper"));
    let put = PutRequest::builder().item("key", text("a")).build().unwrap();
    let puts = vec![WriteRequest::builder().put_request(put).build()];
    keeper.batch_write_item().request_items("Orders", puts.clone()).send().await.unwrap();
    let refused = writer.batch_write_item().request_items("Orders", puts).send().await;
    assert_eq!(refusal(refused), denied("Writer", "dynamodb:BatchWriteItem", "Orders"));

    let keys = KeysAndAttributes::builder().keys([("key".to_owned(), text("a"))].into()).build().unwrap();
    keeper.batch_get_item().request_items("Orders", keys.clone()).send().await.unwrap();
    let refused = writer.batch_get_item().request_items("Orders", keys).send().await;
    assert_eq!(refusal(refused), denied("Writer", "dynamodb:BatchGetItem", "Orders"));
    cloud.stop().await;
}

#[tokio::test]
async fn an_operator_with_any_credentials_may_make_every_call() {
    let cloud = start().await;
    let operator = signing_with(&cloud, Credentials::new("AKIDEXAMPLE", "anything", None, None, "test"));
    operator.put_item().table_name("Users").item("key", text("a")).send().await.unwrap();
    assert_eq!(operator.scan().table_name("Users").send().await.unwrap().count(), 1);
    cloud.stop().await;
}
