//! Physical names: the values of `Ref` and `Fn::GetAtt` for each resource. All are known before anything runs.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::arns::{stream_arn, table_arn};
use crate::error::Problems;
use crate::intrinsics::{self, Lookup};
use crate::node::{Fields, Node, Place};
use crate::pseudo_parameters::{ACCOUNT, REGION, STACK, URL_SUFFIX};
use crate::types;

/// The values of all names of a template.
#[derive(Debug)]
pub(crate) struct Names {
    /// Parameters, pseudo parameters included.
    parameters: BTreeMap<String, String>,
    declared: Fields,
    /// Resolved names. A name may depend on others, so each is resolved on first use.
    known: RefCell<BTreeMap<String, Known>>,
}

#[derive(Debug, Clone)]
enum Known {
    /// The name is being resolved. A second request means that it depends on itself.
    Begun,
    Named(Named),
}

#[derive(Debug, Clone)]
struct Named {
    reference: String,
    attributes: BTreeMap<&'static str, String>,
    /// Advice for an unknown attribute. `None` for an unsupported type, which is reported already.
    hint: Option<&'static str>,
}

impl Names {
    /// Creates the names of resources.
    pub(crate) fn of(declared: &Fields, parameters: BTreeMap<String, String>, problems: &Problems) -> Self {
        let names = Self { parameters, declared: declared.clone(), known: RefCell::default() };
        for (id, resource) in declared {
            names.named(&Place::new(id, resource.line), id, problems);
        }
        names
    }

    /// Returns the resource whose attribute has a value, such as an ARN.
    pub(crate) fn owner(&self, attribute: &str, value: &str) -> Option<String> {
        let known = self.known.borrow();
        let owner = known.iter().find(|(_, known)| match known {
            Known::Named(named) => named.attributes.get(attribute).is_some_and(|own| own == value),
            Known::Begun => false,
        });
        owner.map(|(id, _)| id.clone())
    }

    fn named(&self, at: &Place, id: &str, problems: &Problems) -> Option<Named> {
        let known = self.known.borrow().get(id).cloned();
        match (known, self.declared.get(id)) {
            (Some(Known::Named(named)), _) => Some(named),
            (Some(Known::Begun), _) => {
                problems.refuse(
                    at.clone(),
                    format!("the name of {id} depends on itself: remove one of the references"),
                );
                None
            }
            (None, None) => {
                let role = self.role_of_function(id);
                if role.is_none() {
                    problems.no_such_name(at.clone(), id);
                }
                role
            }
            (None, Some(resource)) => {
                self.known.borrow_mut().insert(id.to_owned(), Known::Begun);
                let named = self.name(id, resource, problems);
                self.known.borrow_mut().insert(id.to_owned(), Known::Named(named.clone()));
                Some(named)
            }
        }
    }

    /// Returns the name of the role that SAM generates for a function.
    fn role_of_function(&self, id: &str) -> Option<Named> {
        let function = self.declared.get(id.strip_suffix("Role")?)?;
        function.get("Type").filter(|kind| kind.as_text() == Some("AWS::Serverless::Function"))?;
        let reference = format!("{STACK}-{id}");
        let arn = format!("arn:aws:iam::{ACCOUNT}:role/{reference}");
        Some(Named { reference, attributes: [("Arn", arn)].into(), hint: Some("") })
    }

    /// Returns the property that names a resource, if it exists.
    fn own_name(&self, id: &str, resource: &Node, property: &str, problems: &Problems) -> Option<String> {
        let name = resource.get("Properties")?.get(property)?;
        let at = Place::new(id, resource.line).field(property, name.line);
        intrinsics::resolve(name, self, &at, problems).scalar()
    }

    fn name(&self, id: &str, resource: &Node, problems: &Problems) -> Named {
        let own =
            |property: &str| self.own_name(id, resource, property, problems).unwrap_or_else(|| id.to_owned());
        let plain = || id.to_owned();
        let arn = |service: &str, rest: &str| format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}");
        let kind = resource.get("Type").and_then(Node::as_text).unwrap_or_default();
        let mut hint = Some("");
        let (reference, attributes): (String, Vec<(&str, String)>) = match kind {
            "AWS::DynamoDB::Table" => {
                let name = own("TableName");
                let mut attributes = vec![("Arn", table_arn(&name))];
                let properties = resource.get("Properties");
                if properties.and_then(|properties| properties.get("StreamSpecification")).is_some() {
                    attributes.push(("StreamArn", stream_arn(&name)));
                } else {
                    hint = Some(": give the table a StreamSpecification");
                }
                (name, attributes)
            }
            "AWS::Serverless::Function" => (plain(), vec![("Arn", arn("lambda", &format!("function:{id}")))]),
            "AWS::SQS::Queue" => {
                let url = format!("https://sqs.{REGION}.{URL_SUFFIX}/{ACCOUNT}/{id}");
                (url.clone(), vec![("Arn", arn("sqs", id)), ("QueueName", plain()), ("QueueUrl", url)])
            }
            "AWS::ApiGatewayV2::Api" => {
                let endpoint = format!("https://{}", api_host(&api_id(id)));
                (api_id(id), vec![("ApiId", api_id(id)), ("ApiEndpoint", endpoint)])
            }
            "AWS::Serverless::WebSocketApi" => {
                let endpoint = format!("wss://{}", api_host(&api_id(id)));
                (api_id(id), vec![("ApiId", api_id(id)), ("ApiEndpoint", endpoint)])
            }
            "AWS::ApiGatewayV2::Integration" => (plain(), vec![("IntegrationId", plain())]),
            "AWS::ApiGatewayV2::Route" => (plain(), vec![("RouteId", plain())]),
            "AWS::ApiGatewayV2::Stage" => (own("StageName"), vec![]),
            "AWS::Lambda::Permission" | "AWS::CloudFront::ResponseHeadersPolicy" => {
                (plain(), vec![("Id", plain())])
            }
            "AWS::CloudFront::Distribution" => {
                (plain(), vec![("Id", plain()), ("DomainName", distribution_domain(id))])
            }
            "AWS::CloudFront::Function" => {
                let arn = format!("arn:aws:cloudfront::{ACCOUNT}:function/{id}");
                (arn.clone(), vec![("FunctionARN", arn.clone()), ("FunctionMetadata.FunctionARN", arn)])
            }
            "AWS::CloudWatch::Alarm" => {
                let name = own("AlarmName");
                let arn = arn("cloudwatch", &format!("alarm:{name}"));
                (name, vec![("Arn", arn)])
            }
            "AWS::CloudWatch::Dashboard" => (own("DashboardName"), vec![]),
            "AWS::Logs::LogGroup" => {
                let name = own("LogGroupName");
                let arn = arn("logs", &format!("log-group:{name}:*"));
                (name, vec![("Arn", arn)])
            }
            "AWS::SNS::Topic" => {
                let name = own("TopicName");
                let arn = arn("sns", &name);
                (arn.clone(), vec![("TopicArn", arn), ("TopicName", name)])
            }
            "AWS::WAFv2::WebACL" => {
                let arn = arn("wafv2", &format!("global/webacl/{}/{id}", own("Name")));
                (arn.clone(), vec![("Arn", arn), ("Id", plain())])
            }
            "AWS::SNS::Subscription" => (arn("sns", id), vec![("Arn", arn("sns", id))]),
            _ => {
                hint = types::is_known(kind).then_some("");
                (plain(), vec![])
            }
        };
        Named { reference, attributes: attributes.into_iter().collect(), hint }
    }
}

impl Lookup for Names {
    fn reference(&self, at: &Place, name: &str, problems: &Problems) -> Option<String> {
        if let Some(value) = self.parameters.get(name) {
            return Some(value.clone());
        }
        let Named { reference, hint, .. } = self.named(at, name, problems)?;
        if hint.is_none() {
            problems.silence(at);
        }
        Some(reference)
    }

    fn attribute(&self, at: &Place, id: &str, attribute: &str, problems: &Problems) -> Option<String> {
        let Named { attributes, hint, .. } = self.named(at, id, problems)?;
        if let Some(value) = attributes.get(attribute) {
            return Some(value.clone());
        }
        match hint {
            None => {
                problems.silence(at);
                Some(format!("{id}.{attribute}"))
            }
            Some(hint) => {
                let hint = if attribute == "StreamArn" { hint } else { "" };
                problems.refuse(at.clone(), format!("{id} has no attribute {attribute}{hint}"));
                None
            }
        }
    }
}

/// Returns the host of an API.
pub(crate) fn api_host(api_id: &str) -> String {
    format!("{api_id}.execute-api.{REGION}.{URL_SUFFIX}")
}

/// Returns the physical id of an API.
pub(crate) fn api_id(id: &str) -> String {
    id.to_ascii_lowercase()
}

/// Returns the public host of a distribution.
pub(crate) fn distribution_domain(id: &str) -> String {
    format!("{}.cloudfront.net", id.to_ascii_lowercase())
}
