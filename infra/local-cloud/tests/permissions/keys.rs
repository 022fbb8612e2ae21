//! Permissions for some partition keys: the condition `dynamodb:LeadingKeys`.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, DeleteRequest, KeysAndAttributes, Put, PutRequest, TransactWriteItem,
    WriteRequest,
};

use crate::{client, denied, refusal, start, text};

fn put(key: &str) -> WriteRequest {
    let put = PutRequest::builder().item("key", text(key)).build().unwrap();
    WriteRequest::builder().put_request(put).build()
}

fn delete(key: &str) -> WriteRequest {
    let delete = DeleteRequest::builder().key("key", text(key)).build().unwrap();
    WriteRequest::builder().delete_request(delete).build()
}

#[tokio::test]
async fn an_item_with_an_allowed_partition_key_may_be_written() {
    let cloud = start().await;
    let commenter = client(&cloud, "Commenter");
    let put = |key: &str| commenter.put_item().table_name("Orders").item("key", text(key)).send();
    let update = |key: &str| {
        let update = commenter.update_item().table_name("Orders").key("key", text(key));
        update.update_expression("SET author = :a").expression_attribute_values(":a", text("ada")).send()
    };
    let delete = |key: &str| commenter.delete_item().table_name("Orders").key("key", text(key)).send();
    put("comments#a").await.unwrap();
    update("comments#a").await.unwrap();
    delete("comments#a").await.unwrap();
    for key in ["home", "Comments#a", "comments"] {
        assert_eq!(refusal(put(key).await), denied("Commenter", "dynamodb:PutItem", "Orders"), "{key}");
        assert_eq!(refusal(update(key).await), denied("Commenter", "dynamodb:UpdateItem", "Orders"), "{key}");
        assert_eq!(refusal(delete(key).await), denied("Commenter", "dynamodb:DeleteItem", "Orders"), "{key}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn all_items_of_a_batch_must_be_allowed() {
    let cloud = start().await;
    let commenter = client(&cloud, "Commenter");
    let write =
        |requests: Vec<WriteRequest>| commenter.batch_write_item().request_items("Orders", requests).send();
    write(vec![put("comments#a"), put("comments#b")]).await.unwrap();
    write(vec![put("comments#c"), delete("comments#a")]).await.unwrap();
    for requests in [vec![put("home")], vec![put("comments#a"), delete("home")]] {
        assert_eq!(refusal(write(requests).await), denied("Commenter", "dynamodb:BatchWriteItem", "Orders"));
    }
    let read = |keys: &[&str]| {
        let keys = keys.iter().map(|key| [("key".to_owned(), text(key))].into()).collect();
        let keys = KeysAndAttributes::builder().set_keys(Some(keys)).build().unwrap();
        commenter.batch_get_item().request_items("Orders", keys).send()
    };
    read(&["comments#a", "comments#b"]).await.unwrap();
    assert_eq!(
        refusal(read(&["comments#a", "home"]).await),
        denied("Commenter", "dynamodb:BatchGetItem", "Orders")
    );
    cloud.stop().await;
}

#[tokio::test]
async fn each_part_of_a_transaction_is_checked_with_its_own_keys() {
    let cloud = start().await;
    let commenter = client(&cloud, "Commenter");
    let check = |key: &str| {
        let check = ConditionCheck::builder().table_name("Orders").key("key", text(key));
        let check = check.condition_expression("attribute_not_exists(author)").build().unwrap();
        TransactWriteItem::builder().condition_check(check).build()
    };
    let put = |key: &str| {
        let put = Put::builder().table_name("Orders").item("key", text(key)).build().unwrap();
        TransactWriteItem::builder().put(put).build()
    };
    let delete = |key: &str| {
        let delete = Delete::builder().table_name("Orders").key("key", text(key)).build().unwrap();
        TransactWriteItem::builder().delete(delete).build()
    };
    let write = |parts: Vec<TransactWriteItem>| {
        commenter.transact_write_items().set_transact_items(Some(parts)).send()
    };
    // The condition restricts only writes.
    write(vec![check("home"), put("comments#a"), put("comments#b")]).await.unwrap();
    write(vec![check("home"), delete("comments#a")]).await.unwrap();
    assert_eq!(
        refusal(write(vec![put("comments#c"), put("home")]).await),
        denied("Commenter", "dynamodb:PutItem", "Orders")
    );
    assert_eq!(
        refusal(write(vec![delete("home")]).await),
        denied("Commenter", "dynamodb:DeleteItem", "Orders")
    );
    // The refused transaction wrote nothing.
    let both = vec![check("comments#c"), delete("comments#b")];
    write(both).await.unwrap();
    cloud.stop().await;
}

#[tokio::test]
async fn a_query_is_checked_with_its_partition_key() {
    let cloud = start().await;
    let commenter = client(&cloud, "Commenter");
    let query = |client: &Client, key: &str| {
        let query = client.query().table_name("Orders").key_condition_expression("#key = :key");
        query.expression_attribute_names("#key", "key").expression_attribute_values(":key", text(key)).send()
    };
    query(&commenter, "comments#a").await.unwrap();
    assert_eq!(
        refusal(query(&commenter, "comments#b").await),
        denied("Commenter", "dynamodb:Query", "Orders")
    );
    // A query of an index is checked with the key of the index.
    let by_author = |author: &str| {
        let query = commenter.query().table_name("Orders").index_name("by-author");
        query.key_condition_expression("author = :a").expression_attribute_values(":a", text(author)).send()
    };
    by_author("ada").await.unwrap();
    assert_eq!(
        refusal(by_author("bob").await),
        denied("Commenter", "dynamodb:Query", "Orders/index/by-author")
    );
    cloud.stop().await;
}
