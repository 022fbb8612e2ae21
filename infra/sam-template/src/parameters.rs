//! Parameters, checked as in CloudFormation.

use std::collections::BTreeMap;

use regex_lite::Regex;

use crate::error::Problems;
use crate::node::{Node, Place};
use crate::properties::Properties;
use crate::pseudo_parameters::{ACCOUNT, REGION, STACK, STACK_ID, URL_SUFFIX};

/// Returns the values of all parameters, including pseudo parameters.
pub(crate) fn values(
    declared: Option<&Node>,
    given: &BTreeMap<String, String>,
    problems: &Problems,
) -> BTreeMap<String, String> {
    let mut values: BTreeMap<String, String> = [
        ("AWS::AccountId", ACCOUNT),
        ("AWS::Partition", "aws"),
        ("AWS::Region", REGION),
        ("AWS::StackId", STACK_ID),
        ("AWS::StackName", STACK),
        ("AWS::URLSuffix", URL_SUFFIX),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();

    let place = Place::new("Parameters", declared.map_or(1, |declared| declared.line));
    let declared = declared.and_then(Node::fields);
    for (name, declaration) in declared.into_iter().flatten() {
        let at = place.field(name, declaration.line);
        let declaration = Properties::of(at, declaration.clone(), problems);
        values.insert(name.clone(), value(declaration, given.get(name)));
    }
    for name in given.keys() {
        if declared.is_none_or(|declared| !declared.contains_key(name)) {
            // A given value has no line in the template.
            problems.no_such_name(place.field(name, place.line), name);
        }
    }
    values
}

/// Returns the value of a parameter. An invalid value is reported and returned.
fn value(mut declaration: Properties, given: Option<&String>) -> String {
    let at = declaration.place().clone();
    let problems = declaration.problems().clone();
    let kind = declaration.text("Type");
    let default = declaration.optional_text("Default");
    let value = given.cloned().or(default);
    if value.is_none() {
        problems.refuse(at.clone(), "has no value and no Default");
    }
    let value = value.unwrap_or_default();
    let refuse = |what: String| problems.refuse(at.clone(), format!("`{value}` {what}"));

    let size = match kind.as_str() {
        "String" => u32::try_from(value.chars().count()).map_or(f64::INFINITY, f64::from),
        "Number" => value.parse().unwrap_or_else(|_| {
            refuse("is not a number".to_owned());
            f64::NAN
        }),
        _ => {
            declaration.refuse("Type", format!("{kind} is not supported: use String or Number"));
            f64::NAN
        }
    };
    if let Some(pattern) = declaration.optional_text("AllowedPattern") {
        match Regex::new(&format!("^(?:{pattern})$")) {
            Ok(whole) if whole.is_match(&value) => {}
            Ok(_) => refuse(format!("does not match {pattern}")),
            Err(error) => declaration.refuse("AllowedPattern", error.to_string()),
        }
    }
    if let Some(allowed) = declaration.optional_texts("AllowedValues")
        && !allowed.contains(&value)
    {
        refuse(format!("is not one of {}", allowed.join(", ")));
    }
    for (bound, beyond) in [("Min", f64::lt as fn(&f64, &f64) -> bool), ("Max", f64::gt)] {
        let bound = format!("{bound}{}", if kind == "String" { "Length" } else { "Value" });
        if let Some(limit) = declaration.optional_number(&bound)
            && beyond(&size, &limit)
        {
            refuse(format!("is beyond {bound} {limit}"));
        }
    }
    declaration.accept("Parameter");
    declaration.finish();
    value
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Returns the values of declared parameters, and their problems.
    fn read(declared: &Value, given: &[(&str, &str)]) -> (BTreeMap<String, String>, Vec<String>) {
        let given = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let problems = Problems::default();
        let values = values(Some(&declared.clone().into()), &given, &problems);
        (values, problems.into_list().iter().map(ToString::to_string).collect())
    }

    fn refusal(declared: &Value, given: &[(&str, &str)]) -> String {
        read(declared, given).1.concat()
    }

    #[test]
    fn a_parameter_has_its_given_value_or_its_default() {
        let declared = json!({"Shards": {"Type": "Number", "Default": 1, "MinValue": 1, "MaxValue": 256}});
        for (given, expected) in [(&[][..], "1"), (&[("Shards", "256")], "256")] {
            let (values, problems) = read(&declared, given);
            assert_eq!((values["Shards"].as_str(), problems.len()), (expected, 0));
        }
    }

    #[test]
    fn a_value_that_the_declaration_forbids_is_refused() {
        let shards = json!({"Shards": {"Type": "Number", "MinValue": 1, "MaxValue": 256}});
        assert_eq!(refusal(&shards, &[]), "Parameters.Shards: has no value and no Default");
        assert_eq!(refusal(&shards, &[("Shards", "x")]), "Parameters.Shards: `x` is not a number");
        assert_eq!(refusal(&shards, &[("Shards", "0")]), "Parameters.Shards: `0` is beyond MinValue 1");
        assert_eq!(refusal(&shards, &[("Shards", "257")]), "Parameters.Shards: `257` is beyond MaxValue 256");
        let cookie = json!({"Cookie": {"Type": "String", "AllowedPattern": "__Host-[a-z]+"}});
        assert_eq!(
            refusal(&cookie, &[("Cookie", "x__Host-y")]),
            "Parameters.Cookie: `x__Host-y` does not match __Host-[a-z]+"
        );
        let size = json!({"Size": {"Type": "String", "AllowedValues": ["S", "L"]}});
        assert_eq!(refusal(&size, &[("Size", "M")]), "Parameters.Size: `M` is not one of S, L");
    }

    #[test]
    fn a_value_for_an_unknown_parameter_is_refused() {
        assert_eq!(
            refusal(&json!({}), &[("Shrads", "1")]),
            "Parameters.Shrads: there is no resource or parameter Shrads: declare it, or correct the name"
        );
    }
}
