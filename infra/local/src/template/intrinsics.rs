//! Intrinsics: `Ref`, `Fn::GetAtt` and `Fn::Sub`, replaced by what they stand for.

use serde_json::{Map, Value};

use super::Problem;
use super::names::Names;

/// Replaces every intrinsic in `value`, which stands at `at`.
pub(super) fn resolve(value: &Value, names: &Names, at: &str) -> Result<Value, Problem> {
    match value {
        Value::Object(fields) => match intrinsic(fields) {
            Some(("Ref", argument)) => names.reference(at, expect_text(at, argument)?).map(Value::String),
            Some(("Fn::GetAtt", argument)) => get_att(argument, names, at).map(Value::String),
            Some(("Fn::Sub", argument)) => substitute(argument, names, at).map(Value::String),
            Some((name, _)) => Err(Problem::UnknownIntrinsic { at: at.to_owned(), name: name.to_owned() }),
            None => fields
                .iter()
                .map(|(name, value)| Ok((name.clone(), resolve(value, names, &format!("{at}.{name}"))?)))
                .collect::<Result<Map<_, _>, _>>()
                .map(Value::Object),
        },
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| resolve(item, names, &format!("{at}[{index}]")))
            .collect(),
        scalar => Ok(scalar.clone()),
    }
}

/// An intrinsic is a mapping of one entry, with a name of theirs.
fn intrinsic(fields: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, argument) = fields.iter().next().filter(|_| fields.len() == 1)?;
    (name == "Ref" || name.starts_with("Fn::")).then_some((name, argument))
}

fn get_att(argument: &Value, names: &Names, at: &str) -> Result<String, Problem> {
    match argument.as_array().map(Vec::as_slice) {
        Some([id, attribute]) => names.attribute(at, expect_text(at, id)?, expect_text(at, attribute)?),
        _ => Err(Problem::refused(at, "Fn::GetAtt is written as Resource.Attribute")),
    }
}

/// `${Name}`, `${Resource.Attribute}`, `${!Literal}`, and names of the intrinsic's own.
fn substitute(argument: &Value, names: &Names, at: &str) -> Result<String, Problem> {
    let (text, own) = match argument {
        Value::Array(parts) => match parts.as_slice() {
            [text, own @ Value::Object(_)] => (expect_text(at, text)?, resolve(own, names, at)?),
            _ => return Err(Problem::refused(at, "Fn::Sub takes a text, or a list of a text and a mapping")),
        },
        text => (expect_text(at, text)?, Value::Null),
    };
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after
            .split_once('}')
            .ok_or_else(|| Problem::refused(at, format!("`{text}` lacks a closing brace")))?;
        result.push_str(before);
        match (own.get(name), name.strip_prefix('!'), name.split_once('.')) {
            (Some(value), ..) => result.push_str(expect_text(at, value)?),
            (_, Some(literal), _) => result.extend(["${", literal, "}"]),
            (_, _, Some((id, attribute))) => result.push_str(&names.attribute(at, id, attribute)?),
            _ => result.push_str(&names.reference(at, name)?),
        }
        rest = after;
    }
    result.push_str(rest);
    Ok(result)
}

fn expect_text<'a>(at: &str, value: &'a Value) -> Result<&'a str, Problem> {
    value.as_str().ok_or_else(|| Problem::refused(at, "an intrinsic takes a text here"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::template::parameters;

    fn names() -> Names {
        let resources = json!({
            "Notes": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {"StreamSpecification": {"StreamViewType": "KEYS_ONLY"}},
            },
            "Users": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {"TableName": {"Fn::Sub": "${AWS::StackName}-users"}},
            },
            "Api": {"Type": "AWS::Serverless::WebSocketApi"},
            "FrontDoor": {"Type": "AWS::CloudFront::Distribution"},
        });
        let parameters = parameters::values(None, &BTreeMap::new()).unwrap();
        Names::of(resources.as_object().unwrap(), parameters).unwrap()
    }

    fn resolved(value: &Value) -> Result<Value, String> {
        resolve(value, &names(), "Http.X").map_err(|problem| problem.to_string())
    }

    #[test]
    fn references_become_physical_names() {
        assert_eq!(
            resolved(&json!([{"Ref": "Notes"}, {"Ref": "Users"}, {"Ref": "Api"}])).unwrap(),
            json!(["Notes", "notes-users", "api"])
        );
        assert_eq!(
            resolved(&json!({"a": {"Fn::GetAtt": ["Notes", "StreamArn"]}})).unwrap(),
            json!({"a": "arn:aws:dynamodb:us-east-1:123456789012:table/Notes/stream/2026-01-01T00:00:00.000"})
        );
        assert_eq!(
            resolved(&json!({"Fn::Sub": "https://${FrontDoor.DomainName}/${!Notes}/${AWS::Region}$1"}))
                .unwrap(),
            "https://frontdoor.cloudfront.net/${Notes}/us-east-1$1"
        );
        assert_eq!(
            resolved(&json!({"Fn::Sub": ["${A}-${Notes}", {"A": {"Ref": "AWS::Partition"}}]})).unwrap(),
            "aws-Notes"
        );
    }

    #[test]
    fn what_names_nothing_is_refused_by_place_and_name() {
        let nowhere = "Http.X: there is no resource or parameter Nowhere: declare it, or correct the name";
        assert_eq!(resolved(&json!({"Ref": "Nowhere"})).unwrap_err(), nowhere);
        assert_eq!(resolved(&json!({"Fn::Sub": "a${Nowhere}"})).unwrap_err(), nowhere);
        assert_eq!(resolved(&json!({"Fn::GetAtt": ["Nowhere", "Arn"]})).unwrap_err(), nowhere);
        assert_eq!(
            resolved(&json!({"Fn::GetAtt": ["Notes", "Size"]})).unwrap_err(),
            "Http.X: Notes has no attribute Size"
        );
        assert_eq!(
            resolved(&json!({"Fn::GetAtt": ["Users", "StreamArn"]})).unwrap_err(),
            "Http.X: Users has no attribute StreamArn: give the table a StreamSpecification"
        );
    }

    #[test]
    fn an_unknown_intrinsic_is_refused_by_place_and_name() {
        assert_eq!(
            resolved(&json!({"Y": [{"Fn::Join": ["", []]}]})).unwrap_err(),
            "Http.X.Y[0]: the local cloud does not run Fn::Join: write it with Ref, Fn::GetAtt or Fn::Sub"
        );
    }
}
