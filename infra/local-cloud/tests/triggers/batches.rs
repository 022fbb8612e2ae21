//! Filters, starting positions and batches.

use std::time::Duration;

use local_cloud::{Data, Poll};
use sam_template::Pattern;
use sam_template::StartingPosition;
use serde_json::{Value, json};

use crate::fixture::{Fixture, succeed};

#[tokio::test]
async fn records_arrive_in_order_in_batches_of_the_batch_size() {
    let mut fixture = Fixture::new(&Data::Memory);
    fixture.trigger.batch_size = 2;
    fixture.write("abcde").await;
    let function = succeed();
    let _triggers = fixture.start(&function).await;
    assert_eq!(function.batches(3).await, ["ab", "cd", "e"]);
    fixture.write("f").await;
    assert_eq!(function.batches(4).await[3], "f");
}

#[tokio::test]
async fn a_trigger_that_starts_at_latest_receives_only_later_writes() {
    let mut fixture = Fixture::new(&Data::Memory);
    fixture.trigger.starting_position = StartingPosition::Latest;
    fixture.write("ab").await;
    let function = succeed();
    let _triggers = fixture.start(&function).await;
    fixture.write("c").await;
    assert_eq!(function.batches(1).await, ["c"]);
}

#[tokio::test]
async fn records_that_match_no_filter_never_reach_the_function() {
    let mut fixture = Fixture::new(&Data::Memory);
    let filter = |pattern: Value| Pattern::parse(&pattern).unwrap();
    fixture.trigger.filters = vec![
        filter(json!({"dynamodb": {"Keys": {"letter": {"S": ["b", "1"]}}}})),
        filter(json!({"eventName": ["INSERT"], "dynamodb": {"Keys": {"letter": {"S": [{"prefix": "d"}]}}}})),
    ];
    fixture.write("abcd").await;
    let function = succeed();
    let _triggers = fixture.start(&function).await;
    assert_eq!(function.batches(1).await, ["bd"]);
    // Unchanged writes and filtered records cause no batch.
    fixture.write("bxyd1").await;
    assert_eq!(function.batches(2).await, ["bd", "1"]);
}

#[tokio::test]
async fn a_batching_window_collects_records_until_the_batch_is_full() {
    let mut fixture = Fixture::new(&Data::Memory);
    fixture.trigger.batching_window = Duration::from_hours(1);
    fixture.trigger.batch_size = 3;
    let function = succeed();
    let _triggers = fixture.start(&function).await;
    fixture.write("ab").await;
    fixture.write("c").await;
    assert_eq!(function.batches(1).await, ["abc"]);
}

#[tokio::test]
async fn a_batching_window_collects_records_until_it_closes() {
    let mut fixture = Fixture::new(&Data::Memory);
    fixture.trigger.batching_window = Duration::from_secs(1);
    fixture.write("ab").await;
    let function = succeed();
    let begun = std::time::Instant::now();
    let _triggers = fixture.start(&function).await;
    assert_eq!(function.batches(1).await, ["ab"]);
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn at_the_pace_of_aws_a_stream_is_read_four_times_a_second() {
    let mut fixture = Fixture::new(&Data::Memory);
    fixture.poll = Poll::Aws;
    fixture.trigger.batch_size = 1;
    fixture.write("abcde").await;
    let function = succeed();
    let begun = std::time::Instant::now();
    let _triggers = fixture.start(&function).await;
    assert_eq!(function.batches(5).await, ["a", "b", "c", "d", "e"]);
    assert!(
        begun.elapsed() >= Duration::from_secs(1),
        "the first is immediate, the other four wait for a read each"
    );
}
