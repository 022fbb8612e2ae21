//! Conditions and rules, which depend on the values of parameters. They are evaluated before anything else is read, so that
//! the other modules see none.

use std::collections::BTreeMap;

use crate::error::Problems;
use crate::node::{Fields, Kind, Node, Place};

/// Sections whose entries may have a `Condition`.
const CONDITIONAL: [&str; 2] = ["Resources", "Outputs"];

/// Evaluates the conditions for these parameters. Returns the sections without `Conditions`, `Rules` and `Fn::If`.
pub(crate) fn decide(
    sections: &Fields,
    parameters: &BTreeMap<String, String>,
    problems: &Problems,
) -> Fields {
    let nothing = Fields::new();
    let entries = |section: &str| sections.get(section).and_then(Node::fields).unwrap_or(&nothing);
    let conditions = Conditions { declared: entries("Conditions"), parameters, problems };
    for (name, rule) in entries("Rules") {
        conditions.hold_to(name, rule);
    }
    for (name, condition) in entries("Conditions") {
        let at = Place::new(format!("Conditions.{name}"), condition.line);
        conditions.holds(&at, name, &mut Vec::new());
    }
    let mut decided = Fields::new();
    for (name, section) in
        sections.iter().filter(|(name, _)| !["Conditions", "Rules"].contains(&name.as_str()))
    {
        let at = Place::new(name, section.line);
        let section =
            if CONDITIONAL.contains(&name.as_str()) { conditions.included(section) } else { section.clone() };
        if let Some(section) = conditions.choose(&section, &at) {
            decided.insert(name.clone(), section);
        }
    }
    decided
}

struct Conditions<'a> {
    declared: &'a Fields,
    parameters: &'a BTreeMap<String, String>,
    problems: &'a Problems,
}

/// The conditions of a template. A condition that cannot be evaluated is false, and is reported.
impl Conditions<'_> {
    /// Returns the entries without a condition, or with a true one.
    fn included(&self, section: &Node) -> Node {
        let Some(entries) = section.fields() else { return section.clone() };
        let mut remaining = entries.clone();
        remaining.retain(|name, entry| {
            let Kind::Fields(fields) = &mut entry.kind else { return true };
            let Some(condition) = fields.remove("Condition") else { return true };
            let at = Place::new(format!("{name}.Condition"), condition.line);
            match condition.as_text() {
                Some(condition) => self.holds(&at, condition, &mut Vec::new()),
                None => self.undecided(&at, "expected the name of a condition"),
            }
        });
        Node::new(section.line, Kind::Fields(remaining))
    }

    /// Returns a value with every `Fn::If` evaluated, or `None` if the result is `AWS::NoValue`.
    fn choose(&self, value: &Node, at: &Place) -> Option<Node> {
        match value.alone() {
            Some(("Ref", name)) if name.as_text() == Some("AWS::NoValue") => return None,
            Some(("Fn::If", argument)) => return self.choose_branch(argument, at),
            _ => {}
        }
        let kind = match &value.kind {
            Kind::Fields(fields) => Kind::Fields(
                fields
                    .iter()
                    .filter_map(|(name, value)| {
                        Some((name.clone(), self.choose(value, &at.field(name, value.line))?))
                    })
                    .collect(),
            ),
            Kind::List(items) => Kind::List(
                items
                    .iter()
                    .enumerate()
                    .filter_map(|(index, item)| self.choose(item, &at.item(index, item.line)))
                    .collect(),
            ),
            scalar => scalar.clone(),
        };
        Some(Node::new(value.line, kind))
    }

    fn choose_branch(&self, argument: &Node, at: &Place) -> Option<Node> {
        let branches = argument.items().and_then(|items| match items {
            [condition, then, otherwise] => Some((condition.as_text()?, then, otherwise)),
            _ => None,
        });
        let Some((condition, then, otherwise)) = branches else {
            self.problems.refuse(at.clone(), "write Fn::If as [CONDITION, value, other value]");
            return None;
        };
        let holds = self.holds(at, condition, &mut Vec::new());
        self.choose(if holds { then } else { otherwise }, at)
    }

    /// Refuses parameters that break a rule, with the rule's description.
    fn hold_to(&self, name: &str, rule: &Node) {
        let at = Place::new(format!("Rules.{name}"), rule.line);
        let concerns = match rule.get("RuleCondition") {
            Some(condition) => self.evaluate(&at, condition, &mut Vec::new()),
            None => true,
        };
        let assertions = rule.get("Assertions").and_then(Node::items).unwrap_or_default();
        for assertion in assertions.iter().filter(|_| concerns) {
            let nothing = Node::default();
            let condition = assertion.get("Assert").unwrap_or(&nothing);
            if !self.evaluate(&at, condition, &mut Vec::new()) {
                let description = assertion.get("AssertDescription").and_then(Node::as_text);
                self.problems.refuse(at.clone(), description.unwrap_or("its assertion does not hold"));
            }
        }
    }

    /// Returns whether a declared condition is true. `within` holds the conditions that depend on it.
    fn holds(&self, at: &Place, name: &str, within: &mut Vec<String>) -> bool {
        let Some(condition) = self.declared.get(name) else {
            let reason = format!("there is no condition {name}: declare it, or correct the name");
            return self.undecided(at, reason);
        };
        if within.iter().any(|asking| asking == name) {
            return self.undecided(at, format!("the condition {name} depends on itself"));
        }
        within.push(name.to_owned());
        let at = Place::new(format!("Conditions.{name}"), condition.line);
        let holds = self.evaluate(&at, condition, within);
        within.pop();
        holds
    }

    fn evaluate(&self, at: &Place, condition: &Node, within: &mut Vec<String>) -> bool {
        let Some((name, argument)) = condition.alone() else {
            return self.undecided(at, "expected a condition such as !Equals [A, B]");
        };
        let arguments = argument.items().unwrap_or_default();
        match (name, argument.as_text(), arguments) {
            ("Condition", Some(name), _) => self.holds(at, name, within),
            // Evaluates both, so that an error in the second is found, too.
            ("Fn::Equals", _, [one, other]) => match [one, other].map(|value| self.text(at, value)) {
                [Some(one), Some(other)] => one == other,
                _ => false,
            },
            ("Fn::Not", _, [condition]) => !self.evaluate(at, condition, within),
            ("Fn::And" | "Fn::Or", _, [_, _, ..]) => {
                // Evaluates all, so that an error in the last is found, too.
                let all: Vec<bool> =
                    arguments.iter().map(|condition| self.evaluate(at, condition, within)).collect();
                if name == "Fn::And" { !all.contains(&false) } else { all.contains(&true) }
            }
            ("Condition" | "Fn::Equals" | "Fn::Not" | "Fn::And" | "Fn::Or", ..) => {
                self.undecided(at, format!("{name} has the wrong number of arguments"))
            }
            _ => self.undecided(
                at,
                format!("{name} is not a condition function: use Fn::Equals, Fn::Not, Fn::And or Fn::Or"),
            ),
        }
    }

    fn text(&self, at: &Place, value: &Node) -> Option<String> {
        if let Some(text) = value.scalar() {
            return Some(text);
        }
        let Some(("Ref", Some(name))) = value.alone().map(|(name, argument)| (name, argument.as_text()))
        else {
            self.problems.refuse(at.clone(), "a condition compares strings, or parameters with !Ref");
            return None;
        };
        let value = self.parameters.get(name).cloned();
        if value.is_none() {
            self.problems.no_such_name(at.clone(), name);
        }
        value
    }

    fn undecided(&self, at: &Place, reason: impl Into<String>) -> bool {
        self.problems.refuse(at.clone(), reason);
        false
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Returns the evaluated sections, or the first problem.
    fn decided(template: &Value) -> Result<Value, String> {
        let parameters = [("Edge", "yes"), ("Domain", "")];
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let problems = Problems::default();
        let decided = decide(Node::from(template.clone()).fields().unwrap(), &parameters, &problems);
        match problems.into_list().first() {
            None => Ok(Node::new(0, Kind::Fields(decided)).into_json()),
            Some(problem) => Err(problem.to_string()),
        }
    }

    fn edge() -> Value {
        json!({
            "HasEdge": {"Fn::Equals": [{"Ref": "Edge"}, "yes"]},
            "HasDomain": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Domain"}, ""]}]},
            "HasBoth": {"Fn::And": [{"Condition": "HasEdge"}, {"Condition": "HasDomain"}]},
            "HasOne": {"Fn::Or": [{"Condition": "HasEdge"}, {"Condition": "HasDomain"}]},
        })
    }

    #[test]
    fn an_entry_exists_if_its_condition_is_true() {
        let template = json!({
            "Conditions": edge(),
            "Resources": {
                "Door": {"Type": "D", "Condition": "HasEdge"},
                "Certificate": {"Type": "C", "Condition": "HasBoth"},
                "Alias": {"Type": "A", "Condition": "HasOne"},
                "Table": {"Type": "T"},
            },
            "Outputs": {"Domain": {"Condition": "HasDomain", "Value": "x"}},
        });
        assert_eq!(
            decided(&template).unwrap(),
            json!({
                "Resources": {"Door": {"Type": "D"}, "Alias": {"Type": "A"}, "Table": {"Type": "T"}},
                "Outputs": {},
            })
        );
    }

    #[test]
    fn if_chooses_a_value_and_no_value_removes_it() {
        let choice = |then: Value| json!({"Fn::If": ["HasDomain", then, {"Ref": "AWS::NoValue"}]});
        let template = json!({
            "Conditions": edge(),
            "Resources": {"Door": {
                "Aliases": choice(json!(["a.example"])),
                "List": ["kept", choice(json!("dropped"))],
                "Origin": {"Fn::If": ["HasEdge", {"Fn::If": ["HasDomain", "domain", {"Ref": "Edge"}]}, "none"]},
            }},
        });
        let expected = json!({"Resources": {"Door": {"List": ["kept"], "Origin": {"Ref": "Edge"}}}});
        assert_eq!(decided(&template).unwrap(), expected);
    }

    #[test]
    fn a_broken_rule_is_reported_with_its_description() {
        let rules = |condition: Value| {
            json!({"Rules": {"Domain": {
                "RuleCondition": condition,
                "Assertions": [{
                    "Assert": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Domain"}, ""]}]},
                    "AssertDescription": "An edge wants a domain.",
                }],
            }}})
        };
        let concerned = rules(json!({"Fn::Equals": [{"Ref": "Edge"}, "yes"]}));
        assert_eq!(decided(&concerned).unwrap_err(), "Rules.Domain: An edge wants a domain.");
        assert_eq!(decided(&rules(json!({"Fn::Equals": [{"Ref": "Edge"}, "no"]}))).unwrap(), json!({}));
    }

    #[test]
    fn an_invalid_condition_is_refused_by_place() {
        let refused = |conditions: Value| decided(&json!({"Conditions": conditions})).unwrap_err();
        assert_eq!(
            refused(json!({"A": {"Condition": "B"}})),
            "Conditions.A: there is no condition B: declare it, or correct the name"
        );
        assert_eq!(
            refused(json!({"A": {"Condition": "B"}, "B": {"Fn::Not": [{"Condition": "A"}]}})),
            "Conditions.B: the condition A depends on itself"
        );
        assert_eq!(
            refused(json!({"A": {"Fn::Equals": ["a", {"Ref": "Nobody"}]}})),
            "Conditions.A: there is no resource or parameter Nobody: declare it, or correct the name"
        );
        assert_eq!(
            refused(json!({"A": {"Fn::Not": []}})),
            "Conditions.A: Fn::Not has the wrong number of arguments"
        );
        assert!(
            refused(json!({"A": {"Fn::Contains": [[], "a"]}}))
                .contains("Fn::Contains is not a condition function")
        );
        let unknown = json!({"Resources": {"Door": {"X": {"Fn::If": ["Nowhere", 1, 2]}}}});
        assert!(
            decided(&unknown).unwrap_err().starts_with("Resources.Door.X: there is no condition Nowhere")
        );
    }
}
