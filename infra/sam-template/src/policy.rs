//! Evaluates policies.

use std::collections::BTreeSet;

use crate::wildcard;

/// The checked actions. A transaction has no action, but each of its parts has.
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
    /// The place in the template: `Http.Policies[0].Statement[2]`.
    pub at: String,
    /// Allow or deny.
    pub effect: Effect,
    /// Actions, with wildcards.
    pub actions: Vec<String>,
    /// ARNs, with wildcards.
    pub resources: Vec<String>,
    /// Conditions on the items of a call. All must be true.
    pub conditions: Vec<Condition>,
}

/// A condition on `dynamodb:LeadingKeys`: the partition key of every item that a call names (`ForAllValues`) must be
/// one of these. As on AWS, it is true for a call without items, such as a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The comparison of a key with a value.
    pub comparison: Comparison,
    /// The values. A key must match one of them.
    pub values: Vec<String>,
}

/// A comparison of strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Equality: `StringEquals`.
    Equals,
    /// A pattern with wildcards: `StringLike`.
    Like,
}

/// The effect of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Allows a call, unless another statement denies it.
    Allow,
    /// Denies a call, even if another statement allows it.
    Deny,
}

/// A permission: one action on one resource, as written in a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed<'a> {
    /// The place of its statement.
    pub at: &'a str,
    /// The action, with wildcards.
    pub action: &'a str,
    /// The ARN, with wildcards.
    pub resource: &'a str,
    /// The conditions of the statement.
    pub conditions: &'a [Condition],
}

/// The decision on a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision<'a> {
    /// The call is allowed, by the [`permissions`] entry with this index. Of several entries this is the first.
    Allowed(usize),
    /// This statement denies the call.
    Denied(&'a Statement),
    /// No statement allows the call.
    NotAllowed,
}

/// Returns the permissions that the statements allow, one action and one resource each.
pub fn permissions(statements: &[Statement]) -> impl Iterator<Item = Allowed<'_>> {
    let allowing = statements.iter().filter(|statement| statement.effect == Effect::Allow);
    allowing.flat_map(|statement| {
        statement.actions.iter().flat_map(move |action| {
            let Statement { at, resources, conditions, .. } = statement;
            resources.iter().map(move |resource| Allowed { at, action, resource, conditions })
        })
    })
}

/// Decides whether an action on a resource is allowed, for a call with these partition keys.
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

/// Returns whether a pattern matches an action. Actions are case-insensitive, unlike ARNs
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

    /// Decides on a call without items.
    fn decide<'a>(statements: &'a [Statement], action: &str, resource: &str) -> Decision<'a> {
        super::decide(statements, action, resource, &BTreeSet::new())
    }

    #[test]
    fn a_call_that_no_statement_allows_is_refused() {
        assert_eq!(decide(&[], "dynamodb:GetItem", ORDERS), Decision::NotAllowed);
        let allow = [statement(Effect::Allow, &["dynamodb:GetItem"], &[ORDERS])];
        assert_eq!(decide(&allow, "dynamodb:GetItem", ORDERS), Decision::Allowed(0));
        assert_eq!(decide(&allow, "dynamodb:PutItem", ORDERS), Decision::NotAllowed);
        assert_eq!(decide(&allow, "dynamodb:GetItem", &format!("{ORDERS}2")), Decision::NotAllowed);
    }

    #[test]
    fn a_permission_for_a_table_does_not_cover_its_indexes_or_the_reverse() {
        let index = format!("{ORDERS}/index/by-updated");
        let table = [statement(Effect::Allow, &["dynamodb:Query"], &[ORDERS])];
        assert_eq!(decide(&table, "dynamodb:Query", &index), Decision::NotAllowed);
        let indexes = [statement(Effect::Allow, &["dynamodb:Query"], &[&format!("{ORDERS}/index/*")])];
        assert_eq!(decide(&indexes, "dynamodb:Query", &index), Decision::Allowed(0));
        assert_eq!(decide(&indexes, "dynamodb:Query", ORDERS), Decision::NotAllowed);
    }

    #[test]
    fn a_denial_overrides_every_permission() {
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
    fn the_first_of_two_equal_permissions_is_used() {
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
    fn a_condition_must_be_true_for_all_keys_of_a_call() {
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
    fn an_equality_condition_has_no_wildcards() {
        let conditions = only(Comparison::Equals, &["home", "a*"]);
        let allow = [Statement { conditions, ..statement(Effect::Allow, &["*"], &["*"]) }];
        let decide = |named: &str| super::decide(&allow, "dynamodb:GetItem", ORDERS, &keys(&[named]));
        assert_eq!(decide("home"), Decision::Allowed(0));
        assert_eq!(decide("a*"), Decision::Allowed(0));
        assert_eq!(decide("ab"), Decision::NotAllowed);
    }

    #[test]
    fn a_denial_with_a_condition_denies_matching_calls() {
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
