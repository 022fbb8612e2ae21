//! Streams, as triggers see them.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use local_dynamodb::Data;
use local_dynamodb::{DynamoDb, Options};
use local_service::CallContext;
use local_service::Ledger;
use local_service::faults::{Fault, FaultInjector, Rule};
use serde_json::json;
use tokio::time::Instant;

use crate::patience::{PATIENCE, in_time, until};
use crate::tables::{ORDERS, client, put_note, records, start, tables, text};

#[tokio::test]
async fn records_are_in_order_and_in_the_form_of_aws_and_a_page_ends_where_the_next_begins() {
    let dynamodb = start();
    let (client, streams) = (client(&dynamodb), dynamodb.streams());
    let beginning = streams.beginning("Orders").await.unwrap();
    put_note(&client, "a", "2026-01-01", "first").await;
    put_note(&client, "a", "2026-01-02", "changed").await;
    let delete = client.delete_item().table_name("Orders").key("board", text("main")).key("key", text("a"));
    delete.send().await.unwrap();

    let page = streams.read("Orders", &beginning, 2).await.unwrap();
    assert_eq!(page.records.len(), 2);
    assert_eq!(page.records[0]["awsRegion"], "us-east-1");
    assert_eq!(page.records[0]["eventSource"], "aws:dynamodb");
    assert_eq!(page.records[0]["eventSourceARN"], format!("{ORDERS}/stream/2026-01-01T00:00:00.000"));
    let sequence_number = page.records[1]["dynamodb"]["SequenceNumber"].as_str().unwrap();
    assert_eq!(streams.after("Orders", sequence_number).await.unwrap(), page.end);

    let all = records(&streams, "Orders", &beginning).await;
    let events: Vec<_> = all.iter().map(|record| record.event_name.as_str()).collect();
    assert_eq!(events, ["INSERT", "MODIFY", "REMOVE"]);
    assert!(all.iter().all(|record| record.user_identity.is_none()));
    assert_eq!(records(&streams, "Orders", &page.end).await.len(), 1);
    let end = streams.end("Orders").await.unwrap();
    assert_eq!(records(&streams, "Orders", &end).await.len(), 0);
}

#[tokio::test]
async fn a_write_without_a_change_has_no_record_for_any_stream_view() {
    for view in ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"] {
        let dynamodb =
            DynamoDb::start(Options::new(&tables(view), &Data::Memory).context(Ledger::default())).unwrap();
        let (client, streams) = (client(&dynamodb), dynamodb.streams());
        put_note(&client, "a", "2026-01-01", "first").await;
        put_note(&client, "a", "2026-01-01", "first").await;
        put_note(&client, "a", "2026-01-01", "second").await;

        let beginning = streams.beginning("Orders").await.unwrap();
        let page = streams.read("Orders", &beginning, 1000).await.unwrap();
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
async fn the_service_is_the_identity_that_deletes_an_expired_item() {
    let dynamodb = start();
    let (client, mut streams) = (client(&dynamodb), dynamodb.streams());
    let put = client.put_item().table_name("Sessions").item("id", text("a"));
    put.item("expires", AttributeValue::N("1000".to_owned())).send().await.unwrap();

    let beginning = streams.beginning("Sessions").await.unwrap();
    let removal = async {
        loop {
            let mut records = records(&streams, "Sessions", &beginning).await;
            if records.len() > 1 {
                return records.remove(1);
            }
            streams.written().await;
        }
    };
    let removed = in_time("the item is deleted", removal).await;
    assert_eq!(removed.event_name, "REMOVE");
    let identity = serde_json::to_value(removed.user_identity.unwrap()).unwrap();
    assert_eq!(identity, json!({"type": "Service", "principalId": "dynamodb.amazonaws.com"}));
}

#[tokio::test]
async fn expired_items_remain_while_their_expiry_is_delayed() {
    let faults = FaultInjector::default();
    faults.set(0, [Rule::new(Fault::ExpiryLate)]);
    let context = CallContext { faults: faults.clone(), ..CallContext::default() };
    let dynamodb =
        DynamoDb::start(Options::new(&tables("KEYS_ONLY"), &Data::Memory).context(context)).unwrap();
    let client = client(&dynamodb);
    let put = client.put_item().table_name("Sessions").item("id", text("a"));
    put.item("expires", AttributeValue::N("1000".to_owned())).send().await.unwrap();
    let is_there = async || {
        let get = client.get_item().table_name("Sessions").key("id", text("a")).send().await.unwrap();
        get.item.is_some()
    };
    let looked = faults.plan().rules[0].injected;
    until("the injector was asked twice", async || faults.plan().rules[0].injected > looked + 1).await;
    assert!(is_there().await);
    faults.clear();
    until("it is gone", async || !is_there().await).await;
}

/// The paused clock does not advance while a thread for blocking work waits. If the maximum wait woke the reader instead of a
/// write, the clock would have advanced.
#[tokio::test(start_paused = true)]
async fn a_write_wakes_a_reader() {
    let (woken, is_woken) = std::sync::mpsc::channel::<()>();
    let clock_is_stopped = tokio::task::spawn_blocking(move || is_woken.recv_timeout(PATIENCE));
    let dynamodb = start();
    let (client, mut streams) = (client(&dynamodb), dynamodb.streams());
    let begun = Instant::now();
    for key in ["a", "b", "c", "d", "e", "f"] {
        tokio::join!(put_note(&client, key, "2026-01-01", "first"), streams.written());
    }
    assert_eq!(begun.elapsed(), Duration::ZERO, "woken by the maximum wait");
    drop(woken);
    let _ = clock_is_stopped.await;
}
