//! How long a record waits for the read that finds it. Time is virtual here: it moves on when there is nothing else to
//! do, so that no machine is too slow for these tests.

use std::time::Duration;

use local_cloud::{Data, Poll};
use tokio::time::Instant;

use crate::world::{World, succeed};

/// How long AWS waits between two reads of a stream.
const READS: Duration = Duration::from_millis(250);

/// Virtual time begins between two ticks of tokio's timers, which are a millisecond apart. At a tick, a timer of no length
/// would end at once, as it never does in real time.
async fn leave_the_tick() {
    tokio::time::advance(Duration::from_micros(500)).await;
}

/// Writes a letter while virtual time stands still, since a blocked thread cannot move it on.
fn write(world: &World, letter: &str) {
    std::thread::scope(|scope| {
        let written = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(world.write(letter));
        });
        written.join().unwrap();
    });
}

#[tokio::test(start_paused = true)]
async fn at_the_pace_of_aws_a_record_is_delivered_by_the_read_that_finds_it() {
    leave_the_tick().await;
    let mut world = World::new(&Data::Memory);
    world.poll = Poll::Aws;
    let function = succeed();
    let _triggers = world.start(&function).await;
    let mut waited = Duration::ZERO;
    // Written at five times between two reads. The last delivery was at a read.
    for (letter, after) in [("a", 25), ("b", 75), ("c", 125), ("d", 175), ("e", 225)] {
        tokio::time::sleep(READS + Duration::from_millis(after)).await;
        let begun = Instant::now();
        let count = function.batches.borrow().len();
        write(&world, letter);
        assert_eq!(function.batches(count + 1).await.last().unwrap(), letter);
        assert!(begun.elapsed() <= READS, "{letter} waited {:?}", begun.elapsed());
        waited += begun.elapsed();
    }
    let average = waited / 5;
    assert!(average.abs_diff(READS / 2) <= Duration::from_millis(5), "{average:?} on average");
}

#[tokio::test(start_paused = true)]
async fn at_the_pace_of_aws_a_batch_waits_for_its_window_and_no_read_longer() {
    leave_the_tick().await;
    let mut world = World::new(&Data::Memory);
    world.poll = Poll::Aws;
    world.trigger.batching_window = Duration::from_millis(900);
    let function = succeed();
    let _triggers = world.start(&function).await;
    tokio::time::sleep(READS / 2).await;
    let begun = Instant::now();
    write(&world, "a");
    tokio::time::sleep(READS * 2).await;
    write(&world, "b");
    assert_eq!(function.batches(1).await, ["ab"]);
    // From the read that found the first.
    let waited = begun.elapsed().abs_diff(READS / 2 + world.trigger.batching_window);
    assert!(waited <= Duration::from_millis(5), "{:?}", begun.elapsed());
}
