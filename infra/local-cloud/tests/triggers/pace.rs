//! The delay until a read finds a record. Time is virtual: it advances when every task is idle, so that a slow machine
//! does not fail these tests.

use std::time::Duration;

use local_cloud::{Data, Poll};
use tokio::time::Instant;

use crate::fixture::{Fixture, succeed};

/// The time between two reads of a stream on AWS.
const READ_INTERVAL: Duration = Duration::from_millis(250);

/// Moves virtual time between two ticks of tokio's timers, which are a millisecond apart. At a tick, a timer of length
/// zero ends at once, which never happens in real time.
async fn advance_past_tick() {
    tokio::time::advance(Duration::from_micros(500)).await;
}

/// Writes a letter while virtual time stands still: a blocked thread cannot advance it.
fn write(fixture: &Fixture, letter: &str) {
    std::thread::scope(|scope| {
        let written = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(fixture.write(letter));
        });
        written.join().unwrap();
    });
}

#[tokio::test(start_paused = true)]
async fn at_the_pace_of_aws_a_record_is_delivered_by_the_read_that_finds_it() {
    advance_past_tick().await;
    let mut fixture = Fixture::new(&Data::Memory);
    fixture.poll = Poll::Aws;
    let function = succeed();
    let _triggers = fixture.start(&function).await;
    let mut waited = Duration::ZERO;
    // Each letter is written at another time between two reads. The previous delivery was at a read.
    for (letter, after) in [("a", 25), ("b", 75), ("c", 125), ("d", 175), ("e", 225)] {
        tokio::time::sleep(READ_INTERVAL + Duration::from_millis(after)).await;
        let begun = Instant::now();
        let count = function.batches.borrow().len();
        write(&fixture, letter);
        assert_eq!(function.batches(count + 1).await.last().unwrap(), letter);
        assert!(begun.elapsed() <= READ_INTERVAL, "{letter} waited {:?}", begun.elapsed());
        waited += begun.elapsed();
    }
    let average = waited / 5;
    assert!(average.abs_diff(READ_INTERVAL / 2) <= Duration::from_millis(5), "{average:?} on average");
}

#[tokio::test(start_paused = true)]
async fn at_the_pace_of_aws_a_batch_waits_only_for_its_window() {
    advance_past_tick().await;
    let mut fixture = Fixture::new(&Data::Memory);
    fixture.poll = Poll::Aws;
    fixture.trigger.batching_window = Duration::from_millis(900);
    let function = succeed();
    let _triggers = fixture.start(&function).await;
    tokio::time::sleep(READ_INTERVAL / 2).await;
    let begun = Instant::now();
    write(&fixture, "a");
    tokio::time::sleep(READ_INTERVAL * 2).await;
    write(&fixture, "b");
    assert_eq!(function.batches(1).await, ["ab"]);
    // The window opens at the read that finds the first record.
    let waited = begun.elapsed().abs_diff(READ_INTERVAL / 2 + fixture.trigger.batching_window);
    assert!(waited <= Duration::from_millis(5), "{:?}", begun.elapsed());
}
