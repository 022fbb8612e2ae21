//! Injected faults of deliveries.

use std::time::Duration;

use local_cloud::Data;
use local_service::faults::{Fault, Rule};

use crate::fixture::{Fixture, record, succeed};

#[tokio::test]
async fn a_fault_delivers_a_batch_twice() {
    let fixture = Fixture::new(&Data::Memory);
    fixture.faults.set(0, [Rule::new(Fault::RecordsTwice).function("Stream").resource("Letters").times(1)]);
    fixture.write("ab").await;
    let function = succeed();
    let _triggers = fixture.start(&function).await;
    function.batches(2).await;
    fixture.write("c").await;
    assert_eq!(function.batches(3).await, ["ab", "ab", "c"]);
}

#[tokio::test]
async fn a_fault_delivers_a_batch_late() {
    let fixture = Fixture::new(&Data::Memory);
    fixture.faults.set(0, [Rule::new(Fault::RecordsLate).delay_ms(500)]);
    fixture.write("a").await;
    let function = succeed();
    let begun = std::time::Instant::now();
    let _triggers = fixture.start(&function).await;
    function.batches(1).await;
    assert!(begun.elapsed() >= Duration::from_millis(500));
}

#[tokio::test]
async fn a_fault_reorders_records_but_not_those_of_one_item() {
    let fixture = Fixture::new(&Data::Memory);
    fixture.faults.set(1, [Rule::new(Fault::RecordsReordered)]);
    fixture.write("abcdefgh").await;
    fixture.delete("abcdefgh").await;
    let (function, events) = record();
    let _triggers = fixture.start(&function).await;
    let order = function.batches(1).await.concat();
    assert_ne!(order, "abcdefghabcdefgh");
    events.assert_inserted_then_removed("abcdefgh");
}
