//! Parameters: the values that the template is given, checked as CloudFormation checks them.

use std::collections::BTreeMap;

use regex_lite::Regex;
use serde_json::Value;

use super::properties::Properties;
use super::{ACCOUNT, Problem, REGION, STACK, STACK_ID, URL_SUFFIX};

/// The value of every parameter, pseudo parameters included.
pub(super) fn values(
    declared: Option<&Value>,
    given: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Problem> {
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

    let declared = declared.and_then(Value::as_object);
    for (name, declaration) in declared.into_iter().flatten() {
        let value = value(name, declaration, given.get(name))?;
        values.insert(name.clone(), value);
    }
    if let Some(name) =
        given.keys().find(|name| declared.is_none_or(|declared| !declared.contains_key(*name)))
    {
        return Err(Problem::NoSuchName { at: "Parameters".to_owned(), name: name.clone() });
    }
    Ok(values)
}

fn value(name: &str, declaration: &Value, given: Option<&String>) -> Result<String, Problem> {
    let at = format!("Parameters.{name}");
    let mut declaration = Properties::of(&at, declaration.clone())?;
    let kind = declaration.text("Type")?;
    let default = declaration.optional_text("Default")?;
    let value = given
        .cloned()
        .or(default)
        .ok_or_else(|| Problem::refused(&at, "no value is given, and there is no Default"))?;
    let refused = |what: String| Err(Problem::refused(&at, format!("`{value}` {what}")));

    let number = value.parse::<f64>().ok();
    let size = match kind.as_str() {
        "String" => u32::try_from(value.chars().count()).map_or(f64::INFINITY, f64::from),
        "Number" => match number {
            Some(number) => number,
            None => return refused("is no number".to_owned()),
        },
        _ => {
            return Err(Problem::refused(
                format!("{at}.Type"),
                format!("{kind} is not run: use String or Number"),
            ));
        }
    };
    if let Some(pattern) = declaration.optional_text("AllowedPattern")? {
        let whole = Regex::new(&format!("^(?:{pattern})$"))
            .map_err(|error| Problem::refused(format!("{at}.AllowedPattern"), error.to_string()))?;
        if !whole.is_match(&value) {
            return refused(format!("does not match {pattern}"));
        }
    }
    if let Some(allowed) = declaration.optional_texts("AllowedValues")?
        && !allowed.contains(&value)
    {
        return refused(format!("is none of {}", allowed.join(", ")));
    }
    for (bound, beyond) in [("Min", f64::lt as fn(&f64, &f64) -> bool), ("Max", f64::gt)] {
        let bound = format!("{bound}{}", if kind == "String" { "Length" } else { "Value" });
        if let Some(limit) = declaration.optional_number(&bound)?
            && beyond(&size, &limit)
        {
            return refused(format!("is beyond {bound} {limit}"));
        }
    }
    declaration.accept("Parameter");
    declaration.finish()?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(declaration: &Value, given: &[(&str, &str)]) -> String {
        let given = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        values(Some(declaration), &given).unwrap_err().to_string()
    }

    #[test]
    fn a_parameter_takes_what_is_given_or_its_default() {
        let declared = json!({"Shards": {"Type": "Number", "Default": 1, "MinValue": 1, "MaxValue": 256}});
        assert_eq!(values(Some(&declared), &BTreeMap::new()).unwrap()["Shards"], "1");
        let given = BTreeMap::from([("Shards".to_owned(), "256".to_owned())]);
        assert_eq!(values(Some(&declared), &given).unwrap()["Shards"], "256");
    }

    #[test]
    fn a_value_that_the_declaration_forbids_is_refused() {
        let shards = json!({"Shards": {"Type": "Number", "MinValue": 1, "MaxValue": 256}});
        assert_eq!(refusal(&shards, &[]), "Parameters.Shards: no value is given, and there is no Default");
        assert_eq!(refusal(&shards, &[("Shards", "x")]), "Parameters.Shards: `x` is no number");
        assert_eq!(refusal(&shards, &[("Shards", "0")]), "Parameters.Shards: `0` is beyond MinValue 1");
        assert_eq!(refusal(&shards, &[("Shards", "257")]), "Parameters.Shards: `257` is beyond MaxValue 256");
        let cookie = json!({"Cookie": {"Type": "String", "AllowedPattern": "__Host-[a-z]+"}});
        assert_eq!(
            refusal(&cookie, &[("Cookie", "x__Host-y")]),
            "Parameters.Cookie: `x__Host-y` does not match __Host-[a-z]+"
        );
        let size = json!({"Size": {"Type": "String", "AllowedValues": ["S", "L"]}});
        assert_eq!(refusal(&size, &[("Size", "M")]), "Parameters.Size: `M` is none of S, L");
    }

    #[test]
    fn a_value_for_no_parameter_is_refused() {
        assert_eq!(
            refusal(&json!({}), &[("Shrads", "1")]),
            "Parameters: there is no resource or parameter Shrads: declare it, or correct the name"
        );
    }
}
