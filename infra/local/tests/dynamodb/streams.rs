//! Streams, as triggers see them.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::AttributeValue;
use local_cloud::dynamodb::DynamoDb;
use local_cloud::ledger::Ledger;
use local_cloud::{Console, Data};
use serde_json::json;

use crate::tables::{NOTES, client, put_note, records, start, tables, text};

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
