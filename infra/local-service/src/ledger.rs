//! The ledger: the calls that functions make of the cloud, so that tests can say what an operation costs.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::meter::Meter;

/// How many calls are kept: more than any test looks at, and little memory for a cloud that runs for days.
const KEPT: usize = 100_000;

/// Who called what. Cheap to clone; clones share the calls.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    calls: Arc<Mutex<VecDeque<Call>>>,
    meter: Meter,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Whose credentials signed it: a function's logical id, or a stranger's access key id.
    pub caller: String,
    /// What was called, as a policy would name it: `dynamodb:GetItem`, `execute-api:POST`.
    pub action: String,
    /// What it was called on: `Orders`, `Orders/index/by-updated`, a connection. Several are joined by `, `.
    pub resource: String,
}

impl Ledger {
    /// An empty one, whose calls' consumption goes to this meter.
    #[must_use]
    pub fn with(meter: Meter) -> Self {
        Self { meter, ..Self::default() }
    }

    /// What the calls have consumed.
    #[must_use]
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Orders a call. The oldest is forgotten when there are too many.
    pub fn record(&self, caller: impl Into<String>, action: impl Into<String>, resource: impl Into<String>) {
        let call = Call { caller: caller.into(), action: action.into(), resource: resource.into() };
        let mut calls = self.lock();
        if calls.len() == KEPT {
            calls.pop_front();
        }
        calls.push_back(call);
    }

    /// The calls that are kept, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.lock().iter().cloned().collect()
    }

    /// How many of them are of this kind.
    pub fn count(&self, is_meant: impl Fn(&Call) -> bool) -> usize {
        self.lock().iter().filter(|call| is_meant(call)).count()
    }

    /// Forgets all calls.
    pub fn clear(&self) {
        self.lock().clear();
    }

    // A panic elsewhere leaves the list whole: each of its changes is one call.
    fn lock(&self) -> MutexGuard<'_, VecDeque<Call>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_kept_in_order_shared_between_clones_and_forgotten_when_cleared() {
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
