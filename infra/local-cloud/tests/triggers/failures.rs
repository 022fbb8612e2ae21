//! Retries, splits and the queue, when the function fails.

use std::sync::Mutex;
use std::time::Duration;

use local_cloud::Data;
use serde_json::{Value, json};

use crate::fixture::{Fixture, Function, fail_with, letter};

#[tokio::test]
async fn after_a_partial_failure_only_the_rest_is_retried() {
    let mut fixture = Fixture::new(&Data::Memory);
    fixture.trigger.partial_responses = true;
    fixture.write("abcd").await;
    let failed_once = Mutex::new(false);
    let function = Function::new(move |records| {
        let failed = records.iter().find(|record| letter(record) == "c").filter(|_| {
            let mut failed_once = failed_once.lock().unwrap();
            !std::mem::replace(&mut *failed_once, true)
        });
        let failures: Vec<Value> = failed
            .map(|record| json!({"itemIdentifier": record["dynamodb"]["SequenceNumber"]}))
            .into_iter()
            .collect();
        Ok(json!({ "batchItemFailures": failures }))
    });
    let _triggers = fixture.start(&function).await;
    assert_eq!(function.batches(2).await, ["abcd", "cd"]);
    fixture.write("e").await;
    assert_eq!(function.batches(3).await[2], "e");
}

#[tokio::test]
async fn without_partial_responses_every_response_is_a_success() {
    let fixture = Fixture::new(&Data::Memory);
    fixture.write("a").await;
    let function = Function::new(|_| Ok(json!({"batchItemFailures": [{"itemIdentifier": ""}]})));
    let _triggers = fixture.start(&function).await;
    function.batches(1).await;
    fixture.write("b").await;
    assert_eq!(function.batches(2).await, ["a", "b"]);
}

#[tokio::test]
async fn a_failing_batch_is_split_until_only_the_poison_record_goes_to_the_queue() {
    let mut fixture = Fixture::new(&Data::Memory);
    fixture.trigger.bisect = true;
    fixture.trigger.maximum_retries = Some(1);
    fixture.write("abcd").await;
    let function = fail_with("c");
    let _triggers = fixture.start(&function).await;
    assert_eq!(function.batches(6).await, ["abcd", "ab", "cd", "c", "c", "d"]);

    let failed = fixture.failed(1).await;
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["requestContext"]["condition"], "RetryAttemptsExhausted");
    assert_eq!(
        failed[0]["requestContext"]["functionArn"],
        "arn:aws:lambda:us-east-1:123456789012:function:Stream"
    );
    let batch = &failed[0]["DDBStreamBatchInfo"];
    assert_eq!(batch["batchSize"], 1);
    assert_eq!(
        batch["streamArn"],
        "arn:aws:dynamodb:us-east-1:123456789012:table/Letters/stream/2026-01-01T00:00:00.000"
    );
    assert_eq!(batch["startSequenceNumber"], batch["endSequenceNumber"]);
}

#[tokio::test]
async fn a_failing_batch_is_retried_up_to_the_maximum_and_then_the_next_is_delivered() {
    let mut fixture = Fixture::new(&Data::Memory);
    fixture.trigger.maximum_retries = Some(2);
    fixture.trigger.batch_size = 2;
    fixture.write("abc").await;
    let function = fail_with("a");
    let _triggers = fixture.start(&function).await;
    assert_eq!(function.batches(4).await, ["ab", "ab", "ab", "c"]);
    let failed = fixture.failed(1).await;
    assert_eq!(failed[0]["DDBStreamBatchInfo"]["batchSize"], 2);
    assert_eq!(failed[0]["requestContext"]["approximateInvokeCount"], 3);
}

#[tokio::test]
async fn a_record_beyond_the_maximum_age_is_dropped() {
    let mut fixture = Fixture::new(&Data::Memory);
    // Even a busy machine delivers a record within this time.
    fixture.trigger.maximum_age = Some(Duration::from_secs(5));
    fixture.write("a").await;
    let function = fail_with("a");
    let _triggers = fixture.start(&function).await;
    let failed = fixture.failed(1).await;
    assert_eq!(failed[0]["requestContext"]["condition"], "RecordAgeExceeded");
    fixture.write("b").await;
    let mut batches = function.batches.subscribe();
    batches.wait_for(|batches| batches.last().is_some_and(|batch| batch == "b")).await.unwrap();
    assert_eq!(fixture.queues.messages("Failed").len(), 1);
}
