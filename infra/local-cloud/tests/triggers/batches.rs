//! Which records come, and how they are gathered.

use std::time::Duration;

use local_cloud::{Data, Poll};
use sam_template::Pattern;
use sam_template::StartingPosition;
use serde_json::{Value, json};

use crate::world::{World, succeed};

#[tokio::test]
async fn records_arrive_in_order_in_batches_of_the_size_that_the_trigger_says() {
    let mut world = World::new(&Data::Memory);
    world.trigger.batch_size = 2;
    world.write("abcde").await;
    let function = succeed();
    let _triggers = world.start(&function).await;
    assert_eq!(function.batches(3).await, ["ab", "cd", "e"]);
    world.write("f").await;
    assert_eq!(function.batches(4).await[3], "f");
}

#[tokio::test]
async fn a_trigger_that_starts_at_the_latest_sees_what_is_written_after_its_start() {
    let mut world = World::new(&Data::Memory);
    world.trigger.starting_position = StartingPosition::Latest;
    world.write("ab").await;
    let function = succeed();
    let _triggers = world.start(&function).await;
    world.write("c").await;
    assert_eq!(function.batches(1).await, ["c"]);
}

#[tokio::test]
async fn records_that_no_filter_lets_through_never_reach_the_function() {
    let mut world = World::new(&Data::Memory);
    let filter = |pattern: Value| Pattern::parse(&pattern).unwrap();
    world.trigger.filters = vec![
        filter(json!({"dynamodb": {"Keys": {"letter": {"S": ["b", "1"]}}}})),
        filter(json!({"eventName": ["INSERT"], "dynamodb": {"Keys": {"letter": {"S": [{"prefix": "d"}]}}}})),
    ];
    world.write("abcd").await;
    let function = succeed();
    let _triggers = world.start(&function).await;
    assert_eq!(function.batches(1).await, ["bd"]);
    // What is written again unchanged, or unwanted, leaves no gap and no batch.
    world.write("bxyd1").await;
    assert_eq!(function.batches(2).await, ["bd", "1"]);
}

#[tokio::test]
async fn a_batching_window_gathers_until_the_batch_is_full() {
    let mut world = World::new(&Data::Memory);
    world.trigger.batching_window = Duration::from_hours(1);
    world.trigger.batch_size = 3;
    let function = succeed();
    let _triggers = world.start(&function).await;
    world.write("ab").await;
    world.write("c").await;
    assert_eq!(function.batches(1).await, ["abc"]);
}

#[tokio::test]
async fn a_batching_window_gathers_until_it_closes() {
    let mut world = World::new(&Data::Memory);
    world.trigger.batching_window = Duration::from_secs(1);
    world.write("ab").await;
    let function = succeed();
    let begun = std::time::Instant::now();
    let _triggers = world.start(&function).await;
    assert_eq!(function.batches(1).await, ["ab"]);
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn at_the_pace_of_aws_a_stream_is_read_four_times_a_second() {
    let mut world = World::new(&Data::Memory);
    world.poll = Poll::Aws;
    world.trigger.batch_size = 1;
    world.write("abcde").await;
    let function = succeed();
    let begun = std::time::Instant::now();
    let _triggers = world.start(&function).await;
    assert_eq!(function.batches(5).await, ["a", "b", "c", "d", "e"]);
    assert!(begun.elapsed() >= Duration::from_secs(1), "the first at once, four behind it");
}
