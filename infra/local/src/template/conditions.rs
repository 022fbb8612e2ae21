//! Conditions: what a template has for some values of its parameters only. All are decided, and rules are held to, before
//! anything else is read: nobody after this knows of them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Problem;

/// Sections whose entries may have a `Condition`.
const CONDITIONAL: [&str; 2] = ["Resources", "Outputs"];

/// The sections of a template as they are for these parameters: without `Conditions`, `Rules` and `Fn::If`.
pub(super) fn decide(
    sections: &Map<String, Value>,
    parameters: &BTreeMap<String, String>,
) -> Result<Map<String, Value>, Problem> {
    let nothing = Map::new();
    let declared = sections.get("Conditions").and_then(Value::as_object).unwrap_or(&nothing);
    let conditions = Conditions { declared, parameters };
    for (name, rule) in sections.get("Rules").and_then(Value::as_object).into_iter().flatten() {
        conditions.hold_to(name, rule)?;
    }
    for name in declared.keys() {
        conditions.holds(&format!("Conditions.{name}"), name, &mut Vec::new())?;
    }
    let mut decided = Map::new();
    for (name, section) in
        sections.iter().filter(|(name, _)| !["Conditions", "Rules"].contains(&name.as_str()))
    {
        let section =
            if CONDITIONAL.contains(&name.as_str()) { conditions.kept(section)? } else { section.clone() };
        if let Some(section) = conditions.choose(&section, name)? {
            decided.insert(name.clone(), section);
        }
    }
    Ok(decided)
}

struct Conditions<'a> {
    declared: &'a Map<String, Value>,
    parameters: &'a BTreeMap<String, String>,
}

impl Conditions<'_> {
    /// The entries whose condition holds, or that have none.
    fn kept(&self, section: &Value) -> Result<Value, Problem> {
        let mut kept = Map::new();
        for (name, entry) in section.as_object().into_iter().flatten() {
            let mut entry = entry.clone();
            let condition = entry.as_object_mut().and_then(|entry| entry.remove("Condition"));
            let at = format!("{name}.Condition");
            let holds = match condition {
                None => true,
                Some(Value::String(condition)) => self.holds(&at, &condition, &mut Vec::new())?,
                Some(_) => return Err(Problem::refused(at, "a condition's name is expected")),
            };
            if holds {
                kept.insert(name.clone(), entry);
            }
        }
        Ok(Value::Object(kept))
    }

    /// The value that is left once every `Fn::If` in it is decided; `None` if that is `AWS::NoValue`.
    fn choose(&self, value: &Value, at: &str) -> Result<Option<Value>, Problem> {
        match value {
            Value::Object(fields) => match alone(fields) {
                Some(("Ref", Value::String(name))) if name == "AWS::NoValue" => Ok(None),
                Some(("Fn::If", argument)) => match argument.as_array().map(Vec::as_slice) {
                    Some([Value::String(condition), then, otherwise]) => {
                        let holds = self.holds(at, condition, &mut Vec::new())?;
                        self.choose(if holds { then } else { otherwise }, at)
                    }
                    _ => Err(Problem::refused(at, "Fn::If is written as [CONDITION, value, other value]")),
                },
                _ => {
                    let mut chosen = Map::new();
                    for (name, value) in fields {
                        if let Some(value) = self.choose(value, &format!("{at}.{name}"))? {
                            chosen.insert(name.clone(), value);
                        }
                    }
                    Ok(Some(Value::Object(chosen)))
                }
            },
            Value::Array(items) => {
                let mut chosen = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    chosen.extend(self.choose(item, &format!("{at}[{index}]"))?);
                }
                Ok(Some(Value::Array(chosen)))
            }
            scalar => Ok(Some(scalar.clone())),
        }
    }

    /// Refuses parameters that break a rule, in the rule's own words.
    fn hold_to(&self, name: &str, rule: &Value) -> Result<(), Problem> {
        let at = format!("Rules.{name}");
        let concerns = match rule.get("RuleCondition") {
            Some(condition) => self.evaluate(&at, condition, &mut Vec::new())?,
            None => true,
        };
        for assertion in rule["Assertions"].as_array().into_iter().flatten().filter(|_| concerns) {
            if !self.evaluate(&at, &assertion["Assert"], &mut Vec::new())? {
                let description =
                    assertion["AssertDescription"].as_str().unwrap_or("its assertion does not hold");
                return Err(Problem::refused(at, description));
            }
        }
        Ok(())
    }

    /// Whether a declared condition holds. `within` are those that it is asked for by.
    fn holds(&self, at: &str, name: &str, within: &mut Vec<String>) -> Result<bool, Problem> {
        let Some(condition) = self.declared.get(name) else {
            return Err(Problem::refused(
                at,
                format!("there is no condition {name}: declare it, or correct the name"),
            ));
        };
        if within.iter().any(|asking| asking == name) {
            return Err(Problem::refused(at, format!("the condition {name} depends on itself")));
        }
        within.push(name.to_owned());
        let holds = self.evaluate(&format!("Conditions.{name}"), condition, within);
        within.pop();
        holds
    }

    fn evaluate(&self, at: &str, condition: &Value, within: &mut Vec<String>) -> Result<bool, Problem> {
        let Some((name, argument)) = condition.as_object().and_then(alone) else {
            return Err(Problem::refused(at, "a condition is expected, as !Equals [A, B]"));
        };
        let arguments = argument.as_array().map(Vec::as_slice).unwrap_or_default();
        match (name, argument, arguments) {
            ("Condition", Value::String(name), _) => self.holds(at, name, within),
            ("Fn::Equals", _, [one, other]) => Ok(self.text(at, one)? == self.text(at, other)?),
            ("Fn::Not", _, [condition]) => Ok(!self.evaluate(at, condition, within)?),
            ("Fn::And" | "Fn::Or", _, [_, _, ..]) => {
                // All of them, so that an error in the last is found whatever the first says.
                let all: Vec<bool> = arguments
                    .iter()
                    .map(|condition| self.evaluate(at, condition, within))
                    .collect::<Result<_, _>>()?;
                Ok(if name == "Fn::And" { !all.contains(&false) } else { all.contains(&true) })
            }
            ("Condition" | "Fn::Equals" | "Fn::Not" | "Fn::And" | "Fn::Or", ..) => {
                Err(Problem::refused(at, format!("{name} has not the arguments that it takes")))
            }
            _ => Err(Problem::refused(
                at,
                format!("{name} decides nothing here: write it with Fn::Equals, Fn::Not, Fn::And or Fn::Or"),
            )),
        }
    }

    fn text(&self, at: &str, value: &Value) -> Result<String, Problem> {
        match value {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            Value::Bool(flag) => Ok(flag.to_string()),
            Value::Object(fields) => match alone(fields) {
                Some(("Ref", Value::String(name))) => self
                    .parameters
                    .get(name)
                    .cloned()
                    .ok_or_else(|| Problem::NoSuchName { at: at.to_owned(), name: name.clone() }),
                _ => Err(Problem::refused(at, "a condition compares texts, and parameters by !Ref")),
            },
            _ => Err(Problem::refused(at, "a condition compares texts, and parameters by !Ref")),
        }
    }
}

/// The one entry of a mapping.
fn alone(fields: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, argument) = fields.iter().next().filter(|_| fields.len() == 1)?;
    Some((name, argument))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn decided(template: &Value) -> Result<Value, String> {
        let parameters = [("Edge", "yes"), ("Domain", "")];
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        decide(template.as_object().unwrap(), &parameters)
            .map(Value::Object)
            .map_err(|problem| problem.to_string())
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
    fn what_has_a_condition_is_there_where_that_holds() {
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
    fn what_is_chosen_is_there_and_no_value_leaves_no_trace() {
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
    fn a_rule_that_is_broken_is_said_in_its_own_words() {
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
    fn a_condition_that_is_wrong_is_refused_by_place() {
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
            "Conditions.A: Fn::Not has not the arguments that it takes"
        );
        assert!(
            refused(json!({"A": {"Fn::Contains": [[], "a"]}})).contains("Fn::Contains decides nothing here")
        );
        let unknown = json!({"Resources": {"Door": {"X": {"Fn::If": ["Nowhere", 1, 2]}}}});
        assert!(
            decided(&unknown).unwrap_err().starts_with("Resources.Door.X: there is no condition Nowhere")
        );
    }
}
