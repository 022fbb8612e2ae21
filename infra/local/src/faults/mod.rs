//! Faults on purpose: DynamoDB that throttles, posts that are lost, functions that die, records that come twice.
//!
//! A [`Rule`] says what goes wrong, for whom, and how often. Whatever may fail asks [`Faults`] once, at one place; with
//! no rules set it is told that all is well. Tests set rules through `Cloud::faults`, people through the endpoint in
//! [`control`].
//!
//! - [`rule`]: what goes wrong, where, and how often
//! - `chance`: dice that fall alike in every run
//! - [`control`]: the endpoint on loopback

mod chance;
pub mod control;
pub mod rule;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;

pub use rule::{Fault, Rule, RuleError};

use rule::{Place, Site};

/// The rules of a cloud. Cheap to clone; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    plan: Arc<Mutex<Plan>>,
}

/// Which faults there are, and how often each came.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Plan {
    /// What the dice begin with: the same seed, the same throws.
    pub seed: u64,
    /// The rules, in the order in which they are asked.
    pub rules: Vec<Counted>,
}

/// A rule, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Counted {
    /// The rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// How often it might have struck.
    pub calls: u64,
    /// How often it did.
    pub strikes: u64,
}

/// What goes wrong this time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Strike {
    /// What happens instead of what was asked for, if anything.
    pub(crate) fault: Option<Fault>,
    /// How long it takes until it does.
    pub(crate) delay: Duration,
    /// A number of its own, for faults that choose.
    pub(crate) dice: u64,
}

impl Faults {
    /// Sets the rules, in the place of those before. The seed makes a run repeatable: of the calls that a rule is
    /// asked about, the same ones are struck.
    pub fn set(&self, seed: u64, rules: impl IntoIterator<Item = Rule>) {
        let rules = rules.into_iter().map(|rule| Counted { rule, calls: 0, strikes: 0 }).collect();
        *self.lock() = Plan { seed, rules };
    }

    /// From now on all is well.
    pub fn clear(&self) {
        *self.lock() = Plan::default();
    }

    /// The rules, with how often each has struck.
    #[must_use]
    pub fn plan(&self) -> Plan {
        self.lock().clone()
    }

    /// Asks what goes wrong. What only takes longer adds up; of what fails, the first rule that strikes has its way,
    /// and those behind it are not asked.
    pub(crate) fn strike(&self, place: Place, site: &Site<'_>) -> Strike {
        let mut plan = self.lock();
        let Plan { seed, rules } = &mut *plan;
        let mut strike = Strike::default();
        for (index, counted) in rules.iter_mut().enumerate() {
            if !counted.rule.is_about(place, site)
                || counted.rule.times.is_some_and(|most| counted.strikes >= most)
            {
                continue;
            }
            let dice = chance::dice(*seed, index, counted.calls);
            counted.calls += 1;
            if !chance::falls(dice, counted.rule.rate) {
                continue;
            }
            counted.strikes += 1;
            strike.delay += counted.rule.delay();
            if !counted.rule.fault.only_delays() {
                return Strike { fault: Some(counted.rule.fault), dice, ..strike };
            }
        }
        strike
    }

    // A panic elsewhere leaves the plan whole: counts may be one off.
    fn lock(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Strike {
    /// A number for a name, another one at each strike.
    pub(crate) fn number_of(&self, name: &str) -> u64 {
        chance::of(self.dice, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(faults: &Faults, function: &str, table: &str) -> Strike {
        let resources = [table.to_owned()];
        faults.strike(Place::DynamoDb, &Site { function, operation: "GetItem", resources: &resources })
    }

    #[test]
    fn without_rules_all_is_well() {
        assert_eq!(get(&Faults::default(), "Http", "Notes"), Strike::default());
    }

    #[test]
    fn a_rule_strikes_only_whom_it_names_and_as_often_as_it_says() {
        let faults = Faults::default();
        let rule = Rule::new(Fault::DynamodbThrottled).function("Http").resource("Notes").times(2);
        faults.set(0, [rule]);
        assert_eq!(get(&faults, "Stream", "Notes").fault, None);
        assert_eq!(get(&faults, "Http", "Sessions").fault, None);
        assert_eq!(get(&faults, "Http", "NotesOfOthers").fault, None);
        assert_eq!(get(&faults, "Http", "Notes").fault, Some(Fault::DynamodbThrottled));
        assert_eq!(get(&faults, "Http", "Notes/index/by-updated").fault, Some(Fault::DynamodbThrottled));
        assert_eq!(get(&faults, "Http", "Notes").fault, None);
        assert_eq!(faults.plan().rules[0].strikes, 2);
        faults.clear();
        assert_eq!(faults.plan(), Plan::default());
    }

    #[test]
    fn a_rate_strikes_about_so_often_and_the_same_calls_for_the_same_seed() {
        let run = |seed| {
            let faults = Faults::default();
            faults.set(seed, [Rule::new(Fault::DynamodbFailing).rate(0.25)]);
            (0..1000).map(|_| get(&faults, "Http", "Notes").fault.is_some()).collect::<Vec<_>>()
        };
        let struck = run(7).into_iter().filter(|struck| *struck).count();
        assert!((200..300).contains(&struck), "{struck}");
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }

    #[test]
    fn delays_add_up_until_something_fails() {
        let faults = Faults::default();
        let slow = || Rule::new(Fault::DynamodbSlow).delay_ms(30);
        faults.set(0, [slow(), slow(), Rule::new(Fault::DynamodbFailing), slow()]);
        let strike = get(&faults, "Http", "Notes");
        assert_eq!((strike.fault, strike.delay), (Some(Fault::DynamodbFailing), Duration::from_millis(60)));
        assert_eq!(faults.plan().rules[3].calls, 0);
    }
}
