//! Lanes: a stream's records, divided by item. Lanes deliver batches concurrently, while the records of one item stay
//! in order. AWS calls the number of lanes the parallelization factor.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

/// One of the lanes of a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lane {
    index: u64,
    count: u64,
}

impl Lane {
    /// Returns all lanes of a trigger with this parallelization factor.
    pub(super) fn all(factor: u32) -> impl Iterator<Item = Self> {
        let count = u64::from(factor.max(1));
        (0..count).map(move |index| Self { index, count })
    }

    /// Returns whether a record is in this lane. All records of an item are in the same lane.
    pub(super) fn has(self, record: &Value) -> bool {
        if self.count == 1 {
            return true;
        }
        // Its keys are fixed, so that the next run assigns items to the same lanes. Each lane has its own checkpoint.
        let mut hasher = DefaultHasher::new();
        record["dynamodb"]["Keys"].to_string().hash(&mut hasher);
        hasher.finish() % self.count == self.index
    }

    /// Returns the suffix of the lane's file names.
    pub(super) fn suffix(self) -> String {
        if self.count == 1 { String::new() } else { format!(".{}-of-{}", self.index + 1, self.count) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_record_is_in_one_lane_and_the_records_of_an_item_share_it() {
        let record = |id: u32, event: &str| json!({"eventName": event, "dynamodb": {"Keys": {"id": {"N": id.to_string()}}}});
        let mut used = std::collections::BTreeSet::new();
        for id in 0..100 {
            let lanes = |event| Lane::all(4).filter(|lane| lane.has(&record(id, event))).collect::<Vec<_>>();
            assert_eq!(lanes("INSERT").len(), 1);
            assert_eq!(lanes("INSERT"), lanes("REMOVE"));
            used.insert(lanes("INSERT")[0].index);
        }
        assert_eq!(used.len(), 4);
    }
}
