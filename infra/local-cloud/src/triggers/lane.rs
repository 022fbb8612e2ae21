//! Lanes: a stream's records, parted by item, so that several batches are under way at once and those of one item
//! still come one after the other. AWS calls their number the parallelization factor.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

/// One of so many lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lane {
    index: u64,
    of: u64,
}

impl Lane {
    /// All lanes of a trigger with this factor.
    pub(super) fn all(factor: u32) -> impl Iterator<Item = Self> {
        let of = u64::from(factor.max(1));
        (0..of).map(move |index| Self { index, of })
    }

    /// Whether a record is in this one: all of an item's are in one.
    pub(super) fn has(self, record: &Value) -> bool {
        if self.of == 1 {
            return true;
        }
        // Of fixed keys: the next run parts alike, as each lane has a checkpoint of its own.
        let mut hasher = DefaultHasher::new();
        record["dynamodb"]["Keys"].to_string().hash(&mut hasher);
        hasher.finish() % self.of == self.index
    }

    /// What is added to the names of its files.
    pub(super) fn suffix(self) -> String {
        if self.of == 1 { String::new() } else { format!(".{}-of-{}", self.index + 1, self.of) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_record_is_in_one_lane_and_all_of_an_item_in_the_same() {
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
