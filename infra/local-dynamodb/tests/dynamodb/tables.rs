//! Tables like those of the template, and a client of them.

use std::collections::HashMap;
use std::time::Duration;

use aws_lambda_events::event::dynamodb::EventRecord;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::AttributeValue;
use local_dynamodb::Data;
use local_dynamodb::{DynamoDb, Options, Position, Streams};
use local_service::Ledger;
use sam_template::Table;
use serde_json::json;

pub(crate) const ORDERS: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/Orders";

/// Returns a table of orders, and a table of sessions with an expiry.
pub(crate) fn tables(orders_view: &str) -> Vec<Table> {
    let orders = json!({
        "TableName": "Orders",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "board", "AttributeType": "S"},
            {"AttributeName": "key", "AttributeType": "S"},
            {"AttributeName": "updated", "AttributeType": "S"},
        ],
        "KeySchema": [
            {"AttributeName": "board", "KeyType": "HASH"},
            {"AttributeName": "key", "KeyType": "RANGE"},
        ],
        "LocalSecondaryIndexes": [{
            "IndexName": "by-updated",
            "KeySchema": [
                {"AttributeName": "board", "KeyType": "HASH"},
                {"AttributeName": "updated", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["title", "editor"]},
        }],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": orders_view},
    });
    let sessions = json!({
        "TableName": "Sessions",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"},
    });
    vec![
        Table {
            id: "Orders".to_owned(),
            name: "Orders".to_owned(),
            create: orders,
            ttl_attribute: None,
            stream_view: Some(orders_view.to_owned()),
        },
        Table {
            id: "Sessions".to_owned(),
            name: "Sessions".to_owned(),
            create: sessions,
            ttl_attribute: Some("expires".to_owned()),
            stream_view: Some("KEYS_ONLY".to_owned()),
        },
    ]
}

pub(crate) fn start() -> DynamoDb {
    DynamoDb::start(Options::new(&tables("NEW_AND_OLD_IMAGES"), &Data::Memory).context(Ledger::default()))
        .unwrap()
}

pub(crate) fn client(dynamodb: &DynamoDb) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("Http", "secret", None, None, "test"))
        .endpoint_url(dynamodb.endpoint())
        // Retries of injected faults begin after a millisecond instead of a second.
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
        .build();
    Client::from_conf(config)
}

pub(crate) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

pub(crate) async fn put_note(client: &Client, key: &str, updated: &str, title: &str) {
    let item = [("board", "main"), ("key", key), ("updated", updated), ("title", title), ("body", "...")]
        .map(|(name, value)| (name.to_owned(), text(value)));
    client.put_item().table_name("Orders").set_item(Some(HashMap::from(item))).send().await.unwrap();
}

pub(crate) async fn records(streams: &Streams, table: &str, from: &Position) -> Vec<EventRecord> {
    let page = streams.read(table, from, 1000).await.unwrap();
    page.records.into_iter().map(|record| serde_json::from_value(record).unwrap()).collect()
}

/// Returns the code of an error.
pub(crate) fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> &str {
    error.code().unwrap_or_default()
}
