//! Faults of a delivery: batches that arrive late, twice, or reordered across items. Streams allow this but rarely do
//! it.

use serde_json::Value;

use super::source::Record;
use local_service::faults::{Fault, FaultInjector, Injection};
use local_service::faults::{FaultPoint, Site};
use sam_template::StreamTrigger;

/// The fault of one delivery, if there is one.
#[derive(Debug)]
pub(super) struct DuplicateDelivery {
    injection: Injection,
}

impl DuplicateDelivery {
    /// Draws the fault of a trigger's next delivery.
    pub(super) fn of(trigger: &StreamTrigger, faults: &FaultInjector) -> Self {
        let resources = std::slice::from_ref(&trigger.table);
        let site = Site { function: &trigger.function, operation: "", resources };
        Self { injection: faults.inject(FaultPoint::Batch, &site) }
    }

    /// Waits for as long as the fault delays the batch.
    pub(super) async fn wait(&self) {
        tokio::time::sleep(self.injection.delay).await;
    }

    /// Returns whether the batch arrives twice.
    pub(super) fn is_duplicate(&self) -> bool {
        self.injection.fault == Some(Fault::RecordsTwice)
    }

    /// Returns the records in the order of the event. Records of one item stay in order, as a stream guarantees.
    pub(super) fn order<'a>(&self, records: &'a [Record]) -> Vec<&'a Value> {
        let mut records: Vec<_> = records.iter().map(|record| &record.json).collect();
        if self.injection.fault == Some(Fault::RecordsReordered) {
            records.sort_by_key(|record| self.injection.number_of(&record["dynamodb"]["Keys"].to_string()));
        }
        records
    }
}
