//! Evaluates the rules for each call.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;

use super::chance;
use super::rule::{Fault, FaultPoint, Rule, Site};

/// Decides which calls fail, by rules. Cheap to clone; clones share the rules.
#[derive(Debug, Clone, Default)]
pub struct FaultInjector {
    plan: Arc<Mutex<Plan>>,
}

/// The rules in force, with their counts.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Plan {
    /// Seed of the random numbers. The same seed selects the same calls.
    pub seed: u64,
    /// The rules, in the order of evaluation.
    pub rules: Vec<Counted>,
}

/// A rule with its counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Counted {
    /// The rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// Number of calls that matched the rule.
    pub calls: u64,
    /// Number of those calls that it changed.
    pub injected: u64,
}

/// The faults of one call.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Injection {
    /// The fault that replaces the normal behaviour, if any.
    pub fault: Option<Fault>,
    /// How long to wait first.
    pub delay: Duration,
    /// A random number for faults that select something.
    pub dice: u64,
}

impl FaultInjector {
    /// Replaces all rules. The seed makes a run repeatable: the same calls of a sequence fail.
    pub fn set(&self, seed: u64, rules: impl IntoIterator<Item = Rule>) {
        let rules = rules.into_iter().map(|rule| Counted { rule, calls: 0, injected: 0 }).collect();
        *self.lock() = Plan { seed, rules };
    }

    /// Removes all rules.
    pub fn clear(&self) {
        *self.lock() = Plan::default();
    }

    /// Returns the rules with their counts.
    #[must_use]
    pub fn plan(&self) -> Plan {
        self.lock().clone()
    }

    /// Returns the faults of a call. Delays add up. The first rule that makes the call fail ends the evaluation.
    #[must_use]
    pub fn inject(&self, point: FaultPoint, site: &Site<'_>) -> Injection {
        let mut plan = self.lock();
        let Plan { seed, rules } = &mut *plan;
        let mut injection = Injection::default();
        for (index, counted) in rules.iter_mut().enumerate() {
            if !counted.rule.matches(point, site)
                || counted.rule.times.is_some_and(|most| counted.injected >= most)
            {
                continue;
            }
            let dice = chance::random(*seed, index, counted.calls);
            counted.calls += 1;
            if !chance::is_selected(dice, counted.rule.rate) {
                continue;
            }
            counted.injected += 1;
            injection.delay += counted.rule.delay();
            if !counted.rule.fault.only_delays() {
                return Injection { fault: Some(counted.rule.fault), dice, ..injection };
            }
        }
        injection
    }

    // The plan stays valid after a panic elsewhere. Counts may be off by one.
    fn lock(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Injection {
    /// Returns a random number for a name, different for each injection.
    #[must_use]
    pub fn number_of(&self, name: &str) -> u64 {
        chance::for_name(self.dice, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(faults: &FaultInjector, function: &str, table: &str) -> Injection {
        let resources = [table.to_owned()];
        faults.inject(FaultPoint::DynamoDb, &Site { function, operation: "GetItem", resources: &resources })
    }

    #[test]
    fn without_rules_nothing_fails() {
        assert_eq!(get(&FaultInjector::default(), "Http", "Orders"), Injection::default());
    }

    #[test]
    fn a_rule_applies_only_to_matching_calls_and_up_to_its_limit() {
        let faults = FaultInjector::default();
        let rule = Rule::new(Fault::DynamodbThrottled).function("Http").resource("Orders").times(2);
        faults.set(0, [rule]);
        assert_eq!(get(&faults, "Stream", "Orders").fault, None);
        assert_eq!(get(&faults, "Http", "Sessions").fault, None);
        assert_eq!(get(&faults, "Http", "OrdersOfOthers").fault, None);
        assert_eq!(get(&faults, "Http", "Orders").fault, Some(Fault::DynamodbThrottled));
        assert_eq!(get(&faults, "Http", "Orders/index/by-updated").fault, Some(Fault::DynamodbThrottled));
        assert_eq!(get(&faults, "Http", "Orders").fault, None);
        assert_eq!(faults.plan().rules[0].injected, 2);
        faults.clear();
        assert_eq!(faults.plan(), Plan::default());
    }

    #[test]
    fn a_rate_selects_its_share_of_calls_and_the_same_calls_for_the_same_seed() {
        let run = |seed| {
            let faults = FaultInjector::default();
            faults.set(seed, [Rule::new(Fault::DynamodbFailing).rate(0.25)]);
            (0..1000).map(|_| get(&faults, "Http", "Orders").fault.is_some()).collect::<Vec<_>>()
        };
        let injected = run(7).into_iter().filter(|injected| *injected).count();
        assert!((200..300).contains(&injected), "{injected}");
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }

    #[test]
    fn delays_add_up_until_something_fails() {
        let faults = FaultInjector::default();
        let slow = || Rule::new(Fault::DynamodbSlow).delay_ms(30);
        faults.set(0, [slow(), slow(), Rule::new(Fault::DynamodbFailing), slow()]);
        let injection = get(&faults, "Http", "Orders");
        assert_eq!(
            (injection.fault, injection.delay),
            (Some(Fault::DynamodbFailing), Duration::from_millis(60))
        );
        assert_eq!(faults.plan().rules[3].calls, 0);
    }
}
