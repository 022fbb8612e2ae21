//! Resolves the intrinsics `Ref`, `Fn::GetAtt` and `Fn::Sub`.

use crate::error::Problems;
use crate::node::{Kind, Node, Place};

/// Looks up names. Reports unknown ones.
pub(crate) trait Lookup {
    /// Returns the value of `Ref`.
    fn reference(&self, at: &Place, name: &str, problems: &Problems) -> Option<String>;

    /// Returns the value of `Fn::GetAtt`.
    fn attribute(&self, at: &Place, id: &str, attribute: &str, problems: &Problems) -> Option<String>;
}

/// Replaces every intrinsic in the value at a place. An intrinsic without a value is reported and becomes null.
pub(crate) fn resolve(value: &Node, names: &dyn Lookup, at: &Place, problems: &Problems) -> Node {
    let resolver = Resolver { names, problems };
    resolver.resolve(value, at)
}

struct Resolver<'a> {
    names: &'a dyn Lookup,
    problems: &'a Problems,
}

impl Resolver<'_> {
    fn resolve(&self, value: &Node, at: &Place) -> Node {
        let line = value.line;
        if let Some((name, argument)) = value.intrinsic() {
            let text = match name {
                "Ref" => {
                    self.text(argument, at).and_then(|name| self.names.reference(at, name, self.problems))
                }
                "Fn::GetAtt" => self.get_att(argument, at),
                "Fn::Sub" => self.substitute(argument, at),
                name => {
                    self.problems.unknown_intrinsic(at.clone(), name);
                    None
                }
            };
            return Node::new(line, text.map_or(Kind::Null, Kind::Text));
        }
        let kind = match &value.kind {
            Kind::Fields(fields) => Kind::Fields(
                fields
                    .iter()
                    .map(|(name, value)| (name.clone(), self.resolve(value, &at.field(name, value.line))))
                    .collect(),
            ),
            Kind::List(items) => Kind::List(
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| self.resolve(item, &at.item(index, item.line)))
                    .collect(),
            ),
            scalar => scalar.clone(),
        };
        Node::new(line, kind)
    }

    fn get_att(&self, argument: &Node, at: &Place) -> Option<String> {
        let Some([id, attribute]) = argument.items() else {
            self.problems.refuse(at.clone(), "write Fn::GetAtt as Resource.Attribute");
            return None;
        };
        self.names.attribute(at, self.text(id, at)?, self.text(attribute, at)?, self.problems)
    }

    /// Resolves `Fn::Sub`: `${Name}`, `${Resource.Attribute}`, `${!Literal}`, and the variables of its mapping.
    fn substitute(&self, argument: &Node, at: &Place) -> Option<String> {
        let (text, own) = match argument.items() {
            None => (self.text(argument, at)?, Node::default()),
            Some([text, own]) if own.fields().is_some() => (self.text(text, at)?, self.resolve(own, at)),
            Some(_) => {
                let reason = "Fn::Sub takes a string, or a list of a string and a mapping";
                self.problems.refuse(at.clone(), reason);
                return None;
            }
        };
        let mut result = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, after)) = after.split_once('}') else {
                self.problems.refuse(at.clone(), format!("`{text}` lacks a closing brace"));
                return None;
            };
            result.push_str(before);
            match (own.get(name), name.strip_prefix('!'), name.split_once('.')) {
                (Some(value), ..) => {
                    let text = value.scalar();
                    if text.is_none() {
                        self.problems.refuse(at.clone(), format!("{name} has no text value"));
                    }
                    result.push_str(&text?);
                }
                (_, Some(literal), _) => result.extend(["${", literal, "}"]),
                (_, _, Some((id, attribute))) => {
                    result.push_str(&self.names.attribute(at, id, attribute, self.problems)?);
                }
                _ => result.push_str(&self.names.reference(at, name, self.problems)?),
            }
            rest = after;
        }
        result.push_str(rest);
        Some(result)
    }

    fn text<'a>(&self, value: &'a Node, at: &Place) -> Option<&'a str> {
        let text = value.as_text();
        if text.is_none() {
            self.problems.refuse(at.clone(), "an intrinsic function takes a string here");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;
    use crate::names::Names;
    use crate::parameters;

    fn names() -> Names {
        let resources = json!({
            "Orders": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {"StreamSpecification": {"StreamViewType": "KEYS_ONLY"}},
            },
            "Users": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {"TableName": {"Fn::Sub": "${AWS::StackName}-users"}},
            },
            "Hello": {"Type": "AWS::Serverless::Function"},
            "HelloLogs": {
                "Type": "AWS::Logs::LogGroup",
                "Properties": {"LogGroupName": {"Fn::Sub": "/aws/lambda/${Hello}"}},
            },
            "MoreLogs": {
                "Type": "AWS::Logs::LogGroup",
                "Properties": {"LogGroupName": {"Fn::Sub": "${HelloLogs}/${Users}"}},
            },
            "Api": {"Type": "AWS::Serverless::WebSocketApi"},
            "Cdn": {"Type": "AWS::CloudFront::Distribution"},
            "Late": {"Type": "AWS::CloudWatch::Alarm"},
        });
        let problems = Problems::default();
        let parameters = parameters::values(None, &BTreeMap::new(), &problems);
        let names = Names::of(Node::from(resources).fields().unwrap(), parameters, &problems);
        assert_eq!(problems.into_list(), []);
        names
    }

    fn resolved(value: Value) -> Result<Value, String> {
        let problems = Problems::default();
        let resolved = resolve(&value.into(), &names(), &Place::new("Http.X", 1), &problems);
        match &problems.into_list()[..] {
            [] => Ok(resolved.into_json()),
            [problem] => Err(problem.to_string()),
            several => panic!("{several:?}"),
        }
    }

    #[test]
    fn references_become_physical_names() {
        assert_eq!(
            resolved(json!([{"Ref": "Orders"}, {"Ref": "Users"}, {"Ref": "Api"}])).unwrap(),
            json!(["Orders", "local-users", "api"])
        );
        assert_eq!(
            resolved(json!({"a": {"Fn::GetAtt": ["Orders", "StreamArn"]}})).unwrap(),
            json!({"a": "arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/2026-01-01T00:00:00.000"})
        );
        assert_eq!(
            resolved(json!({"Fn::Sub": "https://${Cdn.DomainName}/${!Orders}/${AWS::Region}$1"})).unwrap(),
            "https://cdn.cloudfront.net/${Orders}/us-east-1$1"
        );
        assert_eq!(
            resolved(json!({"Fn::Sub": ["${A}-${B}-${Orders}", {"A": {"Ref": "AWS::Partition"}, "B": 1}]}))
                .unwrap(),
            "aws-1-Orders"
        );
    }

    #[test]
    fn a_name_may_contain_names_of_supported_and_accepted_resources() {
        assert_eq!(resolved(json!({"Ref": "HelloLogs"})).unwrap(), "/aws/lambda/Hello");
        assert_eq!(
            resolved(json!({"Fn::GetAtt": ["MoreLogs", "Arn"]})).unwrap(),
            "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/Hello/local-users:*"
        );
        assert_eq!(
            resolved(json!({"Fn::Sub": "${Late} ${Late.Arn}"})).unwrap(),
            "Late arn:aws:cloudwatch:us-east-1:123456789012:alarm:Late"
        );
    }

    #[test]
    fn an_unknown_name_is_refused_by_place_and_name() {
        let nowhere = "Http.X: there is no resource or parameter Nowhere: declare it, or correct the name";
        assert_eq!(resolved(json!({"Ref": "Nowhere"})).unwrap_err(), nowhere);
        assert_eq!(resolved(json!({"Fn::Sub": "a${Nowhere}"})).unwrap_err(), nowhere);
        assert_eq!(resolved(json!({"Fn::GetAtt": ["Nowhere", "Arn"]})).unwrap_err(), nowhere);
        assert_eq!(
            resolved(json!({"Fn::GetAtt": ["Orders", "Size"]})).unwrap_err(),
            "Http.X: Orders has no attribute Size"
        );
        assert_eq!(
            resolved(json!({"Fn::GetAtt": ["Users", "StreamArn"]})).unwrap_err(),
            "Http.X: Users has no attribute StreamArn: give the table a StreamSpecification"
        );
    }

    #[test]
    fn an_unknown_intrinsic_is_refused_by_place_and_name() {
        assert_eq!(
            resolved(json!({"Y": [{"Fn::Join": ["", []]}]})).unwrap_err(),
            "Http.X.Y[0]: the local cloud does not support Fn::Join: use Ref, Fn::GetAtt or Fn::Sub"
        );
    }
}
