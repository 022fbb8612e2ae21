//! Physical names: what `Ref` and `Fn::GetAtt` give for each resource. All are known before anything runs.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{ACCOUNT, Problem, REGION, URL_SUFFIX, intrinsics};
use crate::dynamodb::{stream_arn, table_arn};

/// What every name of the template stands for.
#[derive(Debug)]
pub(super) struct Names {
    /// Parameters, pseudo parameters included.
    parameters: BTreeMap<String, String>,
    resources: BTreeMap<String, Named>,
}

#[derive(Debug)]
struct Named {
    reference: String,
    attributes: BTreeMap<&'static str, String>,
    /// What to do when an attribute is not among them.
    hint: &'static str,
}

impl Names {
    /// The names of these resources.
    pub(super) fn of(
        resources: &Map<String, Value>,
        parameters: BTreeMap<String, String>,
    ) -> Result<Self, Problem> {
        let mut names = Self { parameters, resources: BTreeMap::new() };
        // Collected apart: a name may be made of parameters, not of other resources' names.
        let physical = resources
            .iter()
            .map(|(id, resource)| Ok((id.clone(), named(id, resource, &names)?)))
            .collect::<Result<_, Problem>>()?;
        names.resources = physical;
        Ok(names)
    }

    /// What `Ref` gives.
    pub(super) fn reference(&self, at: &str, name: &str) -> Result<String, Problem> {
        let resource = || self.resources.get(name).map(|named| &named.reference);
        self.parameters
            .get(name)
            .or_else(resource)
            .cloned()
            .ok_or_else(|| Problem::NoSuchName { at: at.to_owned(), name: name.to_owned() })
    }

    /// What `Fn::GetAtt` gives.
    pub(super) fn attribute(&self, at: &str, id: &str, attribute: &str) -> Result<String, Problem> {
        let named = self
            .resources
            .get(id)
            .ok_or_else(|| Problem::NoSuchName { at: at.to_owned(), name: id.to_owned() })?;
        named.attributes.get(attribute).cloned().ok_or_else(|| Problem::NoSuchAttribute {
            at: at.to_owned(),
            id: id.to_owned(),
            attribute: attribute.to_owned(),
            hint: if attribute == "StreamArn" { named.hint } else { "" },
        })
    }

    /// The resource that has this attribute, to find what an ARN belongs to.
    pub(super) fn owner(&self, attribute: &str, value: &str) -> Option<&str> {
        let owns = |named: &Named| named.attributes.get(attribute).is_some_and(|own| own == value);
        self.resources.iter().find(|(_, named)| owns(named)).map(|(id, _)| id.as_str())
    }
}

/// The host of an API.
pub(super) fn api_host(api_id: &str) -> String {
    format!("{api_id}.execute-api.{REGION}.{URL_SUFFIX}")
}

/// The physical id of an API.
pub(super) fn api_id(id: &str) -> String {
    id.to_ascii_lowercase()
}

/// The public host of a distribution.
pub(super) fn distribution_domain(id: &str) -> String {
    format!("{}.cloudfront.net", id.to_ascii_lowercase())
}

fn named(id: &str, resource: &Value, names: &Names) -> Result<Named, Problem> {
    let properties = &resource["Properties"];
    let mut hint = "";
    let (reference, attributes): (String, Vec<(&str, String)>) =
        match resource["Type"].as_str().unwrap_or_default() {
            "AWS::DynamoDB::Table" => {
                let at = format!("{id}.TableName");
                let name = intrinsics::resolve(&properties["TableName"], names, &at)?;
                let name = name.as_str().unwrap_or(id).to_owned();
                let mut attributes = vec![("Arn", table_arn(&name))];
                if properties["StreamSpecification"].is_object() {
                    attributes.push(("StreamArn", stream_arn(&name)));
                } else {
                    hint = ": give the table a StreamSpecification";
                }
                (name, attributes)
            }
            "AWS::Serverless::Function" => {
                (id.to_owned(), vec![("Arn", format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{id}"))])
            }
            "AWS::SQS::Queue" => {
                let url = format!("https://sqs.{REGION}.{URL_SUFFIX}/{ACCOUNT}/{id}");
                let arn = format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{id}");
                (url.clone(), vec![("Arn", arn), ("QueueName", id.to_owned()), ("QueueUrl", url)])
            }
            "AWS::ApiGatewayV2::Api" => {
                let endpoint = format!("https://{}", api_host(&api_id(id)));
                (api_id(id), vec![("ApiId", api_id(id)), ("ApiEndpoint", endpoint)])
            }
            "AWS::Serverless::WebSocketApi" => {
                let endpoint = format!("wss://{}", api_host(&api_id(id)));
                (api_id(id), vec![("ApiId", api_id(id)), ("ApiEndpoint", endpoint)])
            }
            "AWS::CloudFront::Distribution" => {
                (id.to_owned(), vec![("Id", id.to_owned()), ("DomainName", distribution_domain(id))])
            }
            "AWS::CloudFront::Function" => {
                (id.to_owned(), vec![("FunctionARN", format!("arn:aws:cloudfront::{ACCOUNT}:function/{id}"))])
            }
            "AWS::Logs::LogGroup" => {
                let name =
                    intrinsics::resolve(&properties["LogGroupName"], names, &format!("{id}.LogGroupName"))?;
                let name = name.as_str().unwrap_or(id).to_owned();
                let arn = format!("arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}:*");
                (name, vec![("Arn", arn)])
            }
            "AWS::SNS::Topic" => (format!("arn:aws:sns:{REGION}:{ACCOUNT}:{id}"), vec![]),
            _ => (id.to_owned(), vec![]),
        };
    Ok(Named { reference, attributes: attributes.into_iter().collect(), hint })
}
