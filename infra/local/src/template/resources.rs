//! The template's sections and resources: each resource goes to the file that knows its type.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::events::Events;
use super::names::Names;
use super::properties::Properties;
use super::{
    Plan, Problem, accepted, conditions, front_door, functions, http_apis, intrinsics, parameters, queues,
    tables, websocket_apis,
};

/// The types of resources that are run.
const RUN: [&str; 11] = [
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage",
    "AWS::CloudFront::Distribution",
    "AWS::CloudFront::Function",
    "AWS::DynamoDB::Table",
    "AWS::Lambda::Permission",
    "AWS::SQS::Queue",
    "AWS::Serverless::Function",
    "AWS::Serverless::WebSocketApi",
];

/// A resource, its intrinsics resolved.
#[derive(Debug)]
pub(super) struct Resource {
    /// Its logical id.
    pub(super) id: String,
    /// What it is made of.
    pub(super) properties: Properties,
    /// What tools are told about it.
    pub(super) metadata: Value,
}

/// The resources by type.
#[derive(Debug)]
pub(super) struct Resources {
    by_type: BTreeMap<String, Vec<Resource>>,
    /// What everything is called.
    pub(super) names: Names,
}

impl Resources {
    /// Takes the resources of a type.
    pub(super) fn take(&mut self, kind: &str) -> Vec<Resource> {
        self.by_type.remove(kind).unwrap_or_default()
    }
}

/// Resolves a template.
pub(super) fn plan(template: &Value, given: &BTreeMap<String, String>) -> Result<Plan, Problem> {
    let sections =
        template.as_object().ok_or_else(|| Problem::NotYaml("there are no sections".to_owned()))?;
    check_sections(sections)?;
    let parameters = parameters::values(sections.get("Parameters"), given)?;
    let sections = conditions::decide(sections, &parameters)?;
    let mut declared = sections
        .get("Resources")
        .and_then(Value::as_object)
        .cloned()
        .ok_or_else(|| Problem::Missing { at: "Resources".to_owned() })?;
    check_types(&declared)?;
    functions::merge_globals(sections.get("Globals"), &mut declared)?;

    let names = Names::of(&declared, parameters)?;
    let mut by_type: BTreeMap<String, Vec<Resource>> = BTreeMap::new();
    for (id, declaration) in declared {
        let (kind, resource) = resource(id, &declaration, &names)?;
        by_type.entry(kind).or_default().push(resource);
    }
    if let Some(outputs) = sections.get("Outputs") {
        intrinsics::resolve(outputs, &names, "Outputs")?;
    }

    let mut resources = Resources { by_type, names };
    let tables = tables::read(&mut resources)?;
    let queues = queues::read(&mut resources)?;
    let (functions, Events { triggers, schedules }) = functions::read(&mut resources)?;
    let http_apis = http_apis::read(&mut resources)?;
    let websocket_apis = websocket_apis::read(&mut resources)?;
    let front_door = front_door::read(&mut resources, &http_apis, &websocket_apis)?;

    Ok(Plan { tables, functions, http_apis, websocket_apis, triggers, schedules, queues, front_door })
}

/// First of all: what refers to a resource that isn't run would be told something else.
fn check_types(resources: &Map<String, Value>) -> Result<(), Problem> {
    for (id, resource) in resources {
        let kind = resource["Type"].as_str().ok_or_else(|| Problem::Missing { at: format!("{id}.Type") })?;
        if !RUN.contains(&kind) && !accepted::is_accepted(kind) {
            return Err(Problem::UnknownType { id: id.clone(), kind: kind.to_owned() });
        }
    }
    Ok(())
}

fn check_sections(sections: &Map<String, Value>) -> Result<(), Problem> {
    let run = ["Transform", "Parameters", "Rules", "Conditions", "Globals", "Resources", "Outputs"];
    let known =
        |name: &str| run.contains(&name) || accepted::properties("Template").any(|known| known == name);
    if let Some(unknown) = sections.keys().find(|name| !known(name)) {
        return Err(Problem::UnknownSection(unknown.clone()));
    }
    match sections.get("Transform").and_then(Value::as_str) {
        Some("AWS::Serverless-2016-10-31") => Ok(()),
        _ => Err(Problem::refused(
            "Transform",
            "the local cloud runs AWS::Serverless-2016-10-31, and no other",
        )),
    }
}

fn resource(id: String, declaration: &Value, names: &Names) -> Result<(String, Resource), Problem> {
    let mut declaration = Properties::of(&id, declaration.clone())?;
    let kind = declaration.text("Type")?;
    let metadata = declaration.optional("Metadata").unwrap_or_default();
    let properties = declaration.optional("Properties").unwrap_or_default();
    declaration.accept("Resource");
    declaration.finish()?;
    let properties = Properties::of(&id, intrinsics::resolve(&properties, names, &id)?)?;
    Ok((kind, Resource { id, properties, metadata }))
}
