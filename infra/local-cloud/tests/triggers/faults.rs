//! Deliveries that go wrong on purpose.

use std::time::Duration;

use local_cloud::Data;
use local_service::faults::{Fault, Rule};

use crate::world::{World, see, succeed};

#[tokio::test]
async fn a_fault_has_a_batch_come_twice() {
    let world = World::new(&Data::Memory);
    world.faults.set(0, [Rule::new(Fault::RecordsTwice).function("Stream").resource("Letters").times(1)]);
    world.write("ab").await;
    let function = succeed();
    let _triggers = world.start(&function).await;
    function.batches(2).await;
    world.write("c").await;
    assert_eq!(function.batches(3).await, ["ab", "ab", "c"]);
}

#[tokio::test]
async fn a_fault_has_a_batch_come_late() {
    let world = World::new(&Data::Memory);
    world.faults.set(0, [Rule::new(Fault::RecordsLate).delay_ms(500)]);
    world.write("a").await;
    let function = succeed();
    let begun = std::time::Instant::now();
    let _triggers = world.start(&function).await;
    function.batches(1).await;
    assert!(begun.elapsed() >= Duration::from_millis(500));
}

#[tokio::test]
async fn a_fault_has_records_come_in_another_order_but_for_those_of_one_item() {
    let world = World::new(&Data::Memory);
    world.faults.set(1, [Rule::new(Fault::RecordsReordered)]);
    world.write("abcdefgh").await;
    world.delete("abcdefgh").await;
    let (function, seen) = see();
    let _triggers = world.start(&function).await;
    let order = function.batches(1).await.concat();
    assert_ne!(order, "abcdefghabcdefgh");
    seen.each_inserted_and_then_removed("abcdefgh");
}
