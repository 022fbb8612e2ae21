//! Batches that come late, twice, or in another order across items: all of which a stream may do, and hardly ever does.

use serde_json::Value;

use super::source::Record;
use local_service::faults::{Fault, FaultInjector, Injection};
use local_service::faults::{FaultPoint, Site};
use sam_template::StreamTrigger;

/// What is wrong with one delivery.
#[derive(Debug)]
pub(super) struct DuplicateDelivery {
    injection: Injection,
}

impl DuplicateDelivery {
    /// Asks what is wrong with a trigger's next delivery: mostly nothing.
    pub(super) fn of(trigger: &StreamTrigger, faults: &FaultInjector) -> Self {
        let resources = std::slice::from_ref(&trigger.table);
        let site = Site { function: &trigger.function, operation: "", resources };
        Self { injection: faults.inject(FaultPoint::Batch, &site) }
    }

    /// For as long as it is late.
    pub(super) async fn wait(&self) {
        tokio::time::sleep(self.injection.delay).await;
    }

    /// Whether it comes twice.
    pub(super) fn is_double(&self) -> bool {
        self.injection.fault == Some(Fault::RecordsTwice)
    }

    /// The records as the event holds them. Those of one item stay in order, as a stream guarantees.
    pub(super) fn order<'a>(&self, records: &'a [Record]) -> Vec<&'a Value> {
        let mut records: Vec<_> = records.iter().map(|record| &record.json).collect();
        if self.injection.fault == Some(Fault::RecordsReordered) {
            records.sort_by_key(|record| self.injection.number_of(&record["dynamodb"]["Keys"].to_string()));
        }
        records
    }
}
