//! Policies: what statements say of an action on a resource.

use std::collections::BTreeSet;

use crate::wildcard;

/// What is checked, as policies name it. A transaction has no action of its own: each of its parts has.
pub const ACTIONS: [&str; 12] = [
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:DescribeTable",
    "dynamodb:DescribeTimeToLive",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:UpdateItem",
    "execute-api:ManageConnections",
];

/// A statement of a function's policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Where it stands in the template: `Http.Policies[0].Statement[2]`.
    pub at: String,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// Actions, with wildcards.
    pub actions: Vec<String>,
    /// ARNs, with wildcards.
    pub resources: Vec<String>,
    /// What must hold of the items of a call, all of it.
    pub conditions: Vec<Condition>,
}

/// A condition on `dynamodb:LeadingKeys`: the partition key of every item that a call names (`ForAllValues`) must be
/// one of these. It holds of a call that names no item, such as a scan, as it does on AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// How a key is compared with a value.
    pub comparison: Comparison,
    /// The values, of which a key must match one.
    pub values: Vec<String>,
}

/// How texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// They are equal: `StringEquals`.
    Equals,
    /// The value is a pattern with wildcards: `StringLike`.
    Like,
}

/// What a statement does with what it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Allows it, if no other statement denies it.
    Allow,
    /// Denies it, whatever others allow.
    Deny,
}

/// One action on one resource, as a statement that allows it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed<'a> {
    /// Where its statement stands.
    pub at: &'a str,
    /// The action, with wildcards.
    pub action: &'a str,
    /// The ARN, with wildcards.
    pub resource: &'a str,
    /// What must hold besides.
    pub conditions: &'a [Condition],
}

/// What statements say of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision<'a> {
    /// It's allowed, by this one of the [`permissions`]. Of several it's the first: the others were not needed.
    Allowed(usize),
    /// This statement denies it.
    Denied(&'a Statement),
    /// No statement allows it.
    NotAllowed,
}

/// What the statements allow, one action and one resource at a time.
pub fn permissions(statements: &[Statement]) -> impl Iterator<Item = Allowed<'_>> {
    let allowing = statements.iter().filter(|statement| statement.effect == Effect::Allow);
    allowing.flat_map(|statement| {
        statement.actions.iter().flat_map(move |action| {
            let Statement { at, resources, conditions, .. } = statement;
            resources.iter().map(move |resource| Allowed { at, action, resource, conditions })
        })
    })
}

/// Whether an action on a resource is allowed, for a call that names items with these partition keys.
#[must_use]
pub fn decide<'a>(
    statements: &'a [Statement],
    action: &str,
    resource: &str,
    keys: &BTreeSet<String>,
) -> Decision<'a> {
    let denies = |statement: &&Statement| {
        statement.effect == Effect::Deny
            && statement.conditions.iter().all(|condition| condition.holds(keys))
            && statement.actions.iter().any(|pattern| names_action(pattern, action))
            && statement.resources.iter().any(|pattern| wildcard::matches(pattern, resource))
    };
    if let Some(statement) = statements.iter().find(denies) {
        return Decision::Denied(statement);
    }
    permissions(statements)
        .position(|allowed| {
            names_action(allowed.action, action)
                && wildcard::matches(allowed.resource, resource)
                && allowed.conditions.iter().all(|condition| condition.holds(keys))
        })
        .map_or(Decision::NotAllowed, Decision::Allowed)
}

impl Condition {
    fn holds(&self, keys: &BTreeSet<String>) -> bool {
        keys.iter().all(|key| {
            self.values.iter().any(|value| match self.comparison {
                Comparison::Equals => key == value,
                Comparison::Like => wildcard::matches(value, key),
            })
        })
    }
}

/// Whether an action is meant. Their case doesn't matter, unlike that of ARNs
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>).
#[must_use]
pub fn names_action(pattern: &str, action: &str) -> bool {
    wildcard::matches(&pattern.to_ascii_lowercase(), &action.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDERS: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/Orders";

    fn statement(effect: Effect, actions: &[&str], resources: &[&str]) -> Statement {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Statement {
            at: "Http.Policies".to_owned(),
            effect,
            actions: owned(actions),
            resources: owned(resources),
            conditions: Vec::new(),
        }
    }

    /// What is decided of a call that names no item.
    fn decide<'a>(statements: &'a [Statement], action: &str, resource: &str) -> Decision<'a> {
        super::decide(statements, action, resource, &BTreeSet::new())
    }

    #[test]
    fn what_no_statement_allows_is_refused() {
        assert_eq!(decide(&[], "dynamodb:GetItem", ORDERS), Decision::NotAllowed);
        let allow = [statement(Effect::Allow, &["dynamodb:GetItem"], &[ORDERS])];
        assert_eq!(decide(&allow, "dynamodb:GetItem", ORDERS), Decision::Allowed(0));
        assert_eq!(decide(&allow, "dynamodb:PutItem", ORDERS), Decision::NotAllowed);
        assert_eq!(decide(&allow, "dynamodb:GetItem", &format!("{ORDERS}2")), Decision::NotAllowed);
    }

    #[test]
    fn a_table_does_not_stand_for_its_indexes_nor_they_for_it() {
        let index = format!("{ORDERS}/index/by-updated");
        let table = [statement(Effect::Allow, &["dynamodb:Query"], &[ORDERS])];
        assert_eq!(decide(&table, "dynamodb:Query", &index), Decision::NotAllowed);
        let indexes = [statement(Effect::Allow, &["dynamodb:Query"], &[&format!("{ORDERS}/index/*")])];
        assert_eq!(decide(&indexes, "dynamodb:Query", &index), Decision::Allowed(0));
        assert_eq!(decide(&indexes, "dynamodb:Query", ORDERS), Decision::NotAllowed);
    }

    #[test]
    fn a_denial_outweighs_whatever_allows() {
        let statements = [
            statement(Effect::Allow, &["*"], &["*"]),
            statement(Effect::Deny, &["dynamodb:Delete*"], &[ORDERS]),
        ];
        assert_eq!(decide(&statements, "dynamodb:GetItem", ORDERS), Decision::Allowed(0));
        assert_eq!(decide(&statements, "dynamodb:DeleteItem", ORDERS), Decision::Denied(&statements[1]));
    }

    #[test]
    fn the_case_of_actions_does_not_matter_and_that_of_arns_does() {
        let statements = [statement(Effect::Allow, &["DynamoDB:getitem"], &[ORDERS])];
        assert_eq!(decide(&statements, "dynamodb:GetItem", ORDERS), Decision::Allowed(0));
        assert_eq!(decide(&statements, "dynamodb:GetItem", &ORDERS.to_lowercase()), Decision::NotAllowed);
    }

    #[test]
    fn of_two_that_allow_the_same_only_the_first_is_needed() {
        let statements = [statement(Effect::Allow, &["dynamodb:Query", "dynamodb:*"], &["*", ORDERS])];
        assert_eq!(permissions(&statements).count(), 4);
        assert_eq!(decide(&statements, "dynamodb:Query", ORDERS), Decision::Allowed(0));
        assert_eq!(decide(&statements, "dynamodb:Scan", ORDERS), Decision::Allowed(2));
    }

    fn keys(keys: &[&str]) -> BTreeSet<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    fn only(comparison: Comparison, values: &[&str]) -> Vec<Condition> {
        vec![Condition { comparison, values: values.iter().map(|value| (*value).to_owned()).collect() }]
    }

    #[test]
    fn a_condition_must_hold_of_all_keys_of_a_call() {
        let comments = only(Comparison::Like, &["comments#*", "drafts#?"]);
        let allow = [Statement {
            conditions: comments,
            ..statement(Effect::Allow, &["dynamodb:PutItem"], &[ORDERS])
        }];
        let decide = |named: &[&str]| super::decide(&allow, "dynamodb:PutItem", ORDERS, &keys(named));
        for allowed in [&["comments#a#1"][..], &["comments#"], &["comments#a", "drafts#1"], &[]] {
            assert_eq!(decide(allowed), Decision::Allowed(0), "{allowed:?}");
        }
        for refused in
            [&["home"][..], &["comments"], &["Comments#a"], &["comments#a", "home"], &["drafts#12"], &[""]]
        {
            assert_eq!(decide(refused), Decision::NotAllowed, "{refused:?}");
        }
    }

    #[test]
    fn a_condition_of_equality_knows_no_wildcards() {
        let conditions = only(Comparison::Equals, &["home", "a*"]);
        let allow = [Statement { conditions, ..statement(Effect::Allow, &["*"], &["*"]) }];
        let decide = |named: &str| super::decide(&allow, "dynamodb:GetItem", ORDERS, &keys(&[named]));
        assert_eq!(decide("home"), Decision::Allowed(0));
        assert_eq!(decide("a*"), Decision::Allowed(0));
        assert_eq!(decide("ab"), Decision::NotAllowed);
    }

    #[test]
    fn a_denial_with_a_condition_denies_what_that_holds_of() {
        let conditions = only(Comparison::Equals, &["home"]);
        let statements = [
            statement(Effect::Allow, &["*"], &["*"]),
            Statement { conditions, ..statement(Effect::Deny, &["dynamodb:PutItem"], &[ORDERS]) },
        ];
        let decide = |named: &[&str]| super::decide(&statements, "dynamodb:PutItem", ORDERS, &keys(named));
        assert_eq!(decide(&["comments#a"]), Decision::Allowed(0));
        assert_eq!(decide(&["comments#a", "home"]), Decision::Allowed(0));
        assert_eq!(decide(&["home"]), Decision::Denied(&statements[1]));
    }
}
