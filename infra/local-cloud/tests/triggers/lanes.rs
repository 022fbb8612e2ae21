//! Batches of different items, side by side.

use local_cloud::Data;
use sam_template::StartingPosition;

use crate::patience::in_time;
use crate::world::{World, fail_with, see, succeed};

/// Which letters share the lane of `a` does not change from run to run, and they are few.
#[tokio::test]
async fn with_a_parallelization_factor_one_items_poison_holds_up_no_other_lane() {
    let mut world = World::new(&Data::Memory);
    world.trigger.parallelization_factor = 10;
    world.trigger.batch_size = 1;
    let function = fail_with("a");
    let _triggers = world.start(&function).await;
    world.write("a").await;
    function.batches(1).await;
    world.write("bcdefghijklmnopqrstuvwxyz").await;
    let mut batches = function.batches.subscribe();
    let most = batches.wait_for(|batches| batches.iter().filter(|batch| *batch != "a").count() >= 13);
    in_time("the other lanes deliver", most).await.unwrap();
}

#[tokio::test]
async fn with_a_parallelization_factor_one_items_records_stay_in_order() {
    let mut world = World::new(&Data::Memory);
    world.trigger.parallelization_factor = 4;
    world.trigger.batch_size = 1;
    world.write("abcdefgh").await;
    world.delete("abcdefgh").await;
    let (function, seen) = see();
    let _triggers = world.start(&function).await;
    function.batches(16).await;
    seen.each_inserted_and_then_removed("abcdefgh");
}

#[tokio::test]
async fn another_parallelization_factor_loses_nothing_that_was_not_delivered() {
    let directory = tempfile::tempdir().unwrap();
    let mut world = World::new(&Data::Directory(directory.path().to_owned()));
    world.trigger.starting_position = StartingPosition::Latest;
    let function = succeed();
    drop(world.start(&function).await);
    world.write("abc").await;
    for factor in [3, 1] {
        world.trigger.parallelization_factor = factor;
        let function = succeed();
        let _triggers = world.start(&function).await;
        let mut batches = function.batches.subscribe();
        let all = batches.wait_for(|batches| "abc".chars().all(|letter| batches.concat().contains(letter)));
        in_time("all are delivered", all).await.unwrap();
    }
}
