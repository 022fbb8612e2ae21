//! DynamoDB as the SDK sees it, and its streams as triggers see them.

#![allow(clippy::unwrap_used, reason = "a test whose setup fails has failed")]

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use aws_lambda_events::event::dynamodb::EventRecord;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, PutRequest,
    ScalarAttributeType, WriteRequest,
};
use local_cloud::dynamodb::{DynamoDb, DynamoDbError, Position, Streams};
use local_cloud::faults::{Fault, Faults, Rule};
use local_cloud::ledger::Ledger;
use local_cloud::oversight::Oversight;
use local_cloud::template::Table;
use local_cloud::{Console, Data};
use serde_json::json;

const NOTES: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/Notes";

/// Notes as the template has them, and Sessions that expire.
fn tables(notes_view: &str) -> Vec<Table> {
    let notes = json!({
        "TableName": "Notes",
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
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["title"]},
        }],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": notes_view},
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
            id: "Notes".to_owned(),
            name: "Notes".to_owned(),
            create: notes,
            ttl_attribute: None,
            stream_view: Some(notes_view.to_owned()),
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

fn start() -> DynamoDb {
    DynamoDb::start(&tables("NEW_AND_OLD_IMAGES"), &Data::Memory, Ledger::default(), &Console::quiet())
        .unwrap()
}

fn client(dynamodb: &DynamoDb) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("Http", "secret", None, None, "test"))
        .endpoint_url(dynamodb.endpoint())
        .build();
    Client::from_conf(config)
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

async fn put_note(client: &Client, key: &str, updated: &str, title: &str) {
    let item = [("board", "main"), ("key", key), ("updated", updated), ("title", title), ("body", "...")]
        .map(|(name, value)| (name.to_owned(), text(value)));
    client.put_item().table_name("Notes").set_item(Some(HashMap::from(item))).send().await.unwrap();
}

async fn records(streams: &Streams, table: &str, from: &Position) -> Vec<EventRecord> {
    let page = streams.read(table, from, 1000).await.unwrap();
    page.records.into_iter().map(|record| serde_json::from_value(record).unwrap()).collect()
}

/// The code of a refusal.
fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> &str {
    error.code().unwrap_or_default()
}

#[tokio::test]
async fn titles_are_queried_consistently_from_the_local_index_newest_first_without_bodies() {
    let dynamodb = start();
    let client = client(&dynamodb);
    put_note(&client, "a", "2026-01-01", "first").await;
    put_note(&client, "b", "2026-01-02", "second").await;

    let answer = client
        .query()
        .table_name("Notes")
        .index_name("by-updated")
        .consistent_read(true)
        .scan_index_forward(false)
        .key_condition_expression("board = :board")
        .expression_attribute_values(":board", text("main"))
        .send()
        .await
        .unwrap();
    let titles: Vec<_> = answer.items().iter().map(|item| item["title"].as_s().unwrap().as_str()).collect();
    assert_eq!(titles, ["second", "first"]);
    assert!(answer.items().iter().all(|item| !item.contains_key("body")));
}

#[tokio::test]
async fn every_call_stands_in_the_ledger_with_its_caller_and_what_it_touched() {
    let ledger = Ledger::default();
    let dynamodb =
        DynamoDb::start(&tables("KEYS_ONLY"), &Data::Memory, ledger.clone(), &Console::quiet()).unwrap();
    let client = client(&dynamodb);
    put_note(&client, "a", "2026-01-01", "first").await;
    let query =
        client.query().table_name("Notes").index_name("by-updated").key_condition_expression("board = :b");
    query.expression_attribute_values(":b", text("main")).send().await.unwrap();

    let calls: Vec<_> = ledger
        .calls()
        .into_iter()
        .map(|call| format!("{} {} {}", call.caller, call.action, call.resource))
        .collect();
    assert_eq!(calls, ["Http dynamodb:PutItem Notes", "Http dynamodb:Query Notes/index/by-updated"]);
}

#[tokio::test]
async fn a_condition_that_fails_answers_with_the_item_as_it_stands() {
    let dynamodb = start();
    let client = client(&dynamodb);
    put_note(&client, "a", "2026-01-01", "first").await;
    let refusal = client
        .put_item()
        .table_name("Notes")
        .item("board", text("main"))
        .item("key", text("a"))
        .condition_expression("attribute_not_exists(#key)")
        .expression_attribute_names("#key", "key")
        .return_values_on_condition_check_failure("ALL_OLD".into())
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    let aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException(failed) =
        refusal
    else {
        panic!("{refusal:?}");
    };
    assert_eq!(failed.item().unwrap()["title"], text("first"));
}

#[tokio::test]
async fn a_table_is_described_in_our_region_and_account_with_its_own_stream_view() {
    let dynamodb =
        DynamoDb::start(&tables("KEYS_ONLY"), &Data::Memory, Ledger::default(), &Console::quiet()).unwrap();
    let answer = client(&dynamodb).describe_table().table_name("Notes").send().await.unwrap();
    let table = answer.table().unwrap();
    assert_eq!(table.table_arn(), Some(NOTES));
    assert_eq!(table.latest_stream_arn(), Some(&*format!("{NOTES}/stream/2026-01-01T00:00:00.000")));
    assert_eq!(table.stream_specification().unwrap().stream_view_type().unwrap().as_str(), "KEYS_ONLY");
    assert_eq!(table.local_secondary_indexes()[0].index_arn(), Some(&*format!("{NOTES}/index/by-updated")));
}

#[tokio::test]
async fn what_is_unsigned_undeclared_or_not_run_is_refused_as_aws_does() {
    let dynamodb = start();
    let client = client(&dynamodb);

    let unsigned = client
        .get_item()
        .table_name("Notes")
        .key("board", text("main"))
        .key("key", text("a"))
        .customize()
        .mutate_request(|request| {
            request.headers_mut().remove("authorization");
        })
        .config_override(aws_sdk_dynamodb::config::Builder::new().allow_no_auth())
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&unsigned), "MissingAuthenticationTokenException", "{unsigned:?}");

    let undeclared = client.get_item().table_name("Nowhere").key("id", text("a")).send().await.unwrap_err();
    assert_eq!(code(&undeclared), "ResourceNotFoundException");

    let create = client
        .create_table()
        .table_name("Mine")
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(
            AttributeDefinition::builder()
                .attribute_name("id")
                .attribute_type(ScalarAttributeType::S)
                .build()
                .unwrap(),
        )
        .key_schema(KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash).build().unwrap())
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&create), "UnknownOperationException");
    assert_eq!(
        create.message(),
        Some(
            "The local cloud does not run DynamoDB_20120810.CreateTable: tables are made by the template, streams are \
             read by triggers, and statements are not supported"
        )
    );
}

#[tokio::test]
async fn records_come_in_order_in_aws_words_and_end_where_the_next_read_begins() {
    let dynamodb = start();
    let (client, streams) = (client(&dynamodb), dynamodb.streams());
    let beginning = streams.beginning("Notes").await.unwrap();
    put_note(&client, "a", "2026-01-01", "first").await;
    put_note(&client, "a", "2026-01-02", "changed").await;
    let delete = client.delete_item().table_name("Notes").key("board", text("main")).key("key", text("a"));
    delete.send().await.unwrap();

    let page = streams.read("Notes", &beginning, 2).await.unwrap();
    assert_eq!(page.records.len(), 2);
    assert_eq!(page.records[0]["awsRegion"], "us-east-1");
    assert_eq!(page.records[0]["eventSource"], "aws:dynamodb");
    assert_eq!(page.records[0]["eventSourceARN"], format!("{NOTES}/stream/2026-01-01T00:00:00.000"));
    let sequence_number = page.records[1]["dynamodb"]["SequenceNumber"].as_str().unwrap();
    assert_eq!(streams.after("Notes", sequence_number).await.unwrap(), page.end);

    let all = records(&streams, "Notes", &beginning).await;
    let events: Vec<_> = all.iter().map(|record| record.event_name.as_str()).collect();
    assert_eq!(events, ["INSERT", "MODIFY", "REMOVE"]);
    assert!(all.iter().all(|record| record.user_identity.is_none()));
    assert_eq!(records(&streams, "Notes", &page.end).await.len(), 1);
    let end = streams.end("Notes").await.unwrap();
    assert_eq!(records(&streams, "Notes", &end).await.len(), 0);
}

#[tokio::test]
async fn a_write_that_changes_nothing_leaves_no_record_whatever_the_stream_shows() {
    for view in ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"] {
        let dynamodb =
            DynamoDb::start(&tables(view), &Data::Memory, Ledger::default(), &Console::quiet()).unwrap();
        let (client, streams) = (client(&dynamodb), dynamodb.streams());
        put_note(&client, "a", "2026-01-01", "first").await;
        put_note(&client, "a", "2026-01-01", "first").await;
        put_note(&client, "a", "2026-01-01", "second").await;

        let beginning = streams.beginning("Notes").await.unwrap();
        let page = streams.read("Notes", &beginning, 1000).await.unwrap();
        let events: Vec<_> =
            page.records.iter().map(|record| record["eventName"].as_str().unwrap()).collect();
        assert_eq!(events, ["INSERT", "MODIFY"], "{view}");
        let change = &page.records[1]["dynamodb"];
        assert_eq!(change["StreamViewType"], view);
        assert_eq!(change["NewImage"].is_object(), view.starts_with("NEW"), "{view}");
        assert_eq!(change["OldImage"].is_object(), view.contains("OLD"), "{view}");
        assert_eq!(change["Keys"]["key"]["S"], "a");
    }
}

#[tokio::test]
async fn an_expired_item_is_deleted_in_the_name_of_the_service() {
    let dynamodb = start();
    let (client, mut streams) = (client(&dynamodb), dynamodb.streams());
    let put = client.put_item().table_name("Sessions").item("id", text("a"));
    put.item("expires", AttributeValue::N("1000".to_owned())).send().await.unwrap();

    let beginning = streams.beginning("Sessions").await.unwrap();
    let removed = tokio::time::timeout(Duration::from_secs(30), async {
        loop {
            let mut records = records(&streams, "Sessions", &beginning).await;
            if records.len() > 1 {
                return records.remove(1);
            }
            streams.written().await;
        }
    })
    .await
    .unwrap();
    assert_eq!(removed.event_name, "REMOVE");
    let identity = serde_json::to_value(removed.user_identity.unwrap()).unwrap();
    assert_eq!(identity, json!({"type": "Service", "principalId": "dynamodb.amazonaws.com"}));
}

#[tokio::test]
async fn a_reader_is_woken_by_a_write() {
    let dynamodb = start();
    let (client, mut streams) = (client(&dynamodb), dynamodb.streams());
    let begun = Instant::now();
    for key in ["a", "b", "c", "d", "e", "f"] {
        tokio::join!(put_note(&client, key, "2026-01-01", "first"), streams.written());
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "woken by the safety net, once a second");
}

#[tokio::test]
async fn what_was_written_survives_a_process_that_is_killed() {
    let directory = tempfile::tempdir().unwrap();
    let [before, after] = ["before", "after"].map(|name| directory.path().join(name));
    let tables = tables("NEW_AND_OLD_IMAGES");
    let dynamodb =
        DynamoDb::start(&tables, &Data::Directory(before.clone()), Ledger::default(), &Console::quiet())
            .unwrap();
    put_note(&client(&dynamodb), "a", "2026-01-01", "first").await;

    // What a killed process leaves: its files as they are, its write-ahead log not merged.
    copy(&before, &after);
    let revived =
        DynamoDb::start(&tables, &Data::Directory(after), Ledger::default(), &Console::quiet()).unwrap();
    let streams = revived.streams();
    let get =
        client(&revived).get_item().table_name("Notes").key("board", text("main")).key("key", text("a"));
    assert_eq!(get.send().await.unwrap().item().unwrap()["title"], text("first"));
    let beginning = streams.beginning("Notes").await.unwrap();
    assert_eq!(records(&streams, "Notes", &beginning).await.len(), 1);
}

#[tokio::test]
async fn the_streams_index_stands_in_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let data = Data::Directory(directory.path().to_owned());
    let _dynamodb =
        DynamoDb::start(&tables("KEYS_ONLY"), &data, Ledger::default(), &Console::quiet()).unwrap();
    let file = rusqlite::Connection::open(directory.path().join("dynamodb.sqlite")).unwrap();
    let indexes = "SELECT COUNT(*) FROM sqlite_master WHERE name = '_stream_records_in_order'";
    assert_eq!(file.query_row(indexes, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}

#[tokio::test]
async fn a_table_of_an_earlier_run_is_brought_up_to_the_template_or_refused() {
    let directory = tempfile::tempdir().unwrap();
    let data = Data::Directory(directory.path().to_owned());
    let mut tables = tables("NEW_AND_OLD_IMAGES");
    let dynamodb = DynamoDb::start(&tables, &data, Ledger::default(), &Console::quiet()).unwrap();
    put_note(&client(&dynamodb), "a", "2026-01-01", "first").await;
    drop(dynamodb);

    // Another expiry, a global index, no stream: done in place.
    tables[1].ttl_attribute = Some("ends".to_owned());
    tables[0].stream_view = None;
    tables[0].create["GlobalSecondaryIndexes"] = json!([{
        "IndexName": "by-key",
        "KeySchema": [{"AttributeName": "key", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }]);
    let dynamodb = DynamoDb::start(&tables, &data, Ledger::default(), &Console::quiet()).unwrap();
    let client_now = client(&dynamodb);
    let by_key =
        client_now.query().table_name("Notes").index_name("by-key").key_condition_expression("#key = :key");
    let by_key =
        by_key.expression_attribute_names("#key", "key").expression_attribute_values(":key", text("a"));
    assert_eq!(by_key.send().await.unwrap().count(), 1);
    let ttl = client_now.describe_time_to_live().table_name("Sessions").send().await.unwrap();
    assert_eq!(ttl.time_to_live_description().unwrap().attribute_name(), Some("ends"));
    drop(dynamodb);

    // A stream anew begins with nothing of the old one's; the index goes again.
    tables[0].stream_view = Some("NEW_IMAGE".to_owned());
    tables[0].create["GlobalSecondaryIndexes"] = json!(null);
    let dynamodb = DynamoDb::start(&tables, &data, Ledger::default(), &Console::quiet()).unwrap();
    let beginning = dynamodb.streams().beginning("Notes").await.unwrap();
    assert_eq!(records(&dynamodb.streams(), "Notes", &beginning).await.len(), 0);
    drop(dynamodb);

    // The same again changes nothing.
    drop(DynamoDb::start(&tables, &data, Ledger::default(), &Console::quiet()).unwrap());

    // Other keys: not in place.
    tables[0].create["KeySchema"][1]["AttributeName"] = "updated".into();
    let refusal = DynamoDb::start(&tables, &data, Ledger::default(), &Console::quiet()).unwrap_err();
    assert!(matches!(refusal, DynamoDbError::Differs { .. }));
    assert_eq!(
        refusal.to_string(),
        "table Notes: its keys in the data directory differ from the template's, and cannot be changed in place; \
         give the table another name, or start with an empty data directory (--data)"
    );
}

#[tokio::test]
async fn faults_are_worded_as_aws_does_and_what_is_answered_or_not_is_done_or_not() {
    let faults = Faults::default();
    let oversight = Oversight { faults: faults.clone(), ..Oversight::default() };
    let dynamodb =
        DynamoDb::start(&tables("KEYS_ONLY"), &Data::Memory, oversight, &Console::quiet()).unwrap();
    let client = client(&dynamodb);
    for (fault, exception, done) in [
        (Fault::DynamodbThrottled, "ProvisionedThroughputExceededException", false),
        (Fault::DynamodbFailing, "InternalServerError", false),
        (Fault::DynamodbAnswerLost, "InternalServerError", true),
    ] {
        faults.set(0, [Rule::new(fault).function("Http").operation("PutItem").resource("Sessions")]);
        let put = client.put_item().table_name("Sessions").item("id", text(exception));
        assert_eq!(code(&put.send().await.unwrap_err()), exception);
        // Of other operations and tables the rule says nothing.
        put_note(&client, "a", "2026-01-01", "first").await;
        let get = client.get_item().table_name("Sessions").key("id", text(exception)).send().await.unwrap();
        assert_eq!(get.item().is_some(), done, "{fault:?}");
    }

    faults.set(0, [Rule::new(Fault::DynamodbSlow).delay_ms(300)]);
    let begun = Instant::now();
    put_note(&client, "a", "2026-01-02", "second").await;
    assert!(begun.elapsed() >= Duration::from_millis(300));
}

/// The engine alone reads a stream's whole history at every write; with the index it does not. The first writes of
/// another database are made in turns with the last of this one, so that a busy machine slows both, and of 200 the time
/// of the twentieth fastest counts.
#[tokio::test]
async fn the_ten_thousandth_write_is_as_fast_as_the_first() {
    let (dynamodb, fresh) = (start(), start());
    let (client, other) = (client(&dynamodb), client(&fresh));
    // The first calls open the connections.
    put_note(&client, "warm", "2026-01-01", "up").await;
    put_note(&other, "warm", "2026-01-01", "up").await;
    for batch in 0..392 {
        let put = |n: i32| {
            let item = [("board", "main"), ("key", &format!("{batch}-{n}")), ("updated", "2026-01-01")];
            let item = item.map(|(name, value)| (name.to_owned(), text(value)));
            let put = PutRequest::builder().set_item(Some(item.into())).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        };
        let write = client.batch_write_item().request_items("Notes", (0..25).map(put).collect());
        write.send().await.unwrap();
    }
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for n in 0..200 {
        for (client, took) in [(&other, &mut first), (&client, &mut last)] {
            let begun = Instant::now();
            put_note(client, &format!("timed-{n}"), "2026-01-01", "a title").await;
            took.push(begun.elapsed());
        }
    }
    first.sort();
    last.sort();
    let (first, last) = (first[20], last[20]);
    println!("a write takes {first:?} among the first 200, {last:?} among those from the 9,802nd");
    assert!(last < 2 * first, "{first:?}, then {last:?}");
}

#[tokio::test]
async fn databases_in_memory_are_apart() {
    let (one, other) = (start(), start());
    put_note(&client(&one), "a", "2026-01-01", "first").await;
    let get = client(&other).get_item().table_name("Notes").key("board", text("main")).key("key", text("a"));
    assert!(get.send().await.unwrap().item().is_none());
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
