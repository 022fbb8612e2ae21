//! The ledger: records the calls of functions, so that tests can check the cost of an operation.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::meter::Meter;

/// Maximum number of recorded calls: more than any test needs, and little memory for a cloud that runs for days.
const CAPACITY: usize = 100_000;

/// Records calls with their callers. Cheap to clone; clones share the calls.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    calls: Arc<Mutex<VecDeque<Call>>>,
    meter: Meter,
}

/// A recorded call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The caller: a function's logical id, or an operator's access key id.
    pub caller: String,
    /// The action, as policies name it: `dynamodb:GetItem`, `execute-api:POST`.
    pub action: String,
    /// The resources, joined by `, `: `Orders`, `Orders/index/by-updated`, a connection.
    pub resource: String,
}

impl Ledger {
    /// Creates an empty ledger with a meter for the consumption of the calls.
    #[must_use]
    pub fn with(meter: Meter) -> Self {
        Self { meter, ..Self::default() }
    }

    /// Returns the meter, which counts the consumption of the calls.
    #[must_use]
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Records a call. Drops the oldest call if there are too many.
    pub fn record(&self, caller: impl Into<String>, action: impl Into<String>, resource: impl Into<String>) {
        let call = Call { caller: caller.into(), action: action.into(), resource: resource.into() };
        let mut calls = self.lock();
        if calls.len() == CAPACITY {
            calls.pop_front();
        }
        calls.push_back(call);
    }

    /// Returns the recorded calls, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.lock().iter().cloned().collect()
    }

    /// Returns the number of calls that match a predicate.
    pub fn count(&self, predicate: impl Fn(&Call) -> bool) -> usize {
        self.lock().iter().filter(|call| predicate(call)).count()
    }

    /// Removes all calls.
    pub fn clear(&self) {
        self.lock().clear();
    }

    // The list stays valid after a panic elsewhere: each change is a single operation.
    fn lock(&self) -> MutexGuard<'_, VecDeque<Call>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_recorded_in_order_shared_between_clones_and_removed_by_clear() {
        let ledger = Ledger::default();
        ledger.clone().record("Http", "dynamodb:GetItem", "Sessions");
        ledger.record("Http", "dynamodb:Query", "Orders/index/by-updated");

        let actions: Vec<String> = ledger.calls().into_iter().map(|call| call.action).collect();
        assert_eq!(actions, ["dynamodb:GetItem", "dynamodb:Query"]);
        assert_eq!(ledger.count(|call| call.resource.starts_with("Orders")), 1);

        ledger.clear();
        assert_eq!(ledger.calls(), []);
    }
}
