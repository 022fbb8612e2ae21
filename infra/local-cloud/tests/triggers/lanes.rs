//! Concurrent batches of different items.

use local_cloud::Data;
use sam_template::StartingPosition;

use crate::fixture::{Fixture, fail_with, record, succeed};
use crate::patience::in_time;

/// The same few letters share the lane of `a` in every run.
#[tokio::test]
async fn with_a_parallelization_factor_a_poison_record_blocks_only_its_lane() {
    let mut fixture = Fixture::new(&Data::Memory);
    fixture.trigger.parallelization_factor = 10;
    fixture.trigger.batch_size = 1;
    let function = fail_with("a");
    let _triggers = fixture.start(&function).await;
    fixture.write("a").await;
    function.batches(1).await;
    fixture.write("bcdefghijklmnopqrstuvwxyz").await;
    let mut batches = function.batches.subscribe();
    let most = batches.wait_for(|batches| batches.iter().filter(|batch| *batch != "a").count() >= 13);
    in_time("the other lanes deliver", most).await.unwrap();
}

#[tokio::test]
async fn with_a_parallelization_factor_the_records_of_an_item_stay_in_order() {
    let mut fixture = Fixture::new(&Data::Memory);
    fixture.trigger.parallelization_factor = 4;
    fixture.trigger.batch_size = 1;
    fixture.write("abcdefgh").await;
    fixture.delete("abcdefgh").await;
    let (function, events) = record();
    let _triggers = fixture.start(&function).await;
    function.batches(16).await;
    events.assert_inserted_then_removed("abcdefgh");
}

#[tokio::test]
async fn a_changed_parallelization_factor_loses_no_records() {
    let directory = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::new(&Data::Directory(directory.path().to_owned()));
    fixture.trigger.starting_position = StartingPosition::Latest;
    let function = succeed();
    drop(fixture.start(&function).await);
    fixture.write("abc").await;
    for factor in [3, 1] {
        fixture.trigger.parallelization_factor = factor;
        let function = succeed();
        let _triggers = fixture.start(&function).await;
        let mut batches = function.batches.subscribe();
        let all = batches.wait_for(|batches| "abc".chars().all(|letter| batches.concat().contains(letter)));
        in_time("all are delivered", all).await.unwrap();
    }
}
