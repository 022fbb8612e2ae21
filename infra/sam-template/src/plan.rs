//! Resolves a template into a plan: checks its sections, and hands each resource to the module of its type.

use std::collections::BTreeMap;

use crate::error::Problems;
use crate::events::Events;
use crate::model::Plan;
use crate::names::Names;
use crate::node::{Fields, Kind, Node, Place};
use crate::properties::Properties;
use crate::resources::{Resource, Resources};
use crate::{
    accepted, cdn, conditions, functions, globals, http_apis, intrinsics, parameters, queues, tables, types,
    websocket_apis,
};

/// The supported transform.
const SAM: &str = "AWS::Serverless-2016-10-31";

/// Resolves a template. The plan must not be used if there are problems.
pub(crate) fn resolve(template: &Node, given: &BTreeMap<String, String>, problems: &Problems) -> Plan {
    let mut sections = template.fields().cloned().unwrap_or_default();
    check_sections(&sections, problems);
    let parameters = parameters::values(sections.get("Parameters"), given, problems);
    let globals = sections.remove("Globals");
    match sections.get_mut("Resources").map(|section| &mut section.kind) {
        Some(Kind::Fields(resources)) => globals::merge_into(resources, globals.as_ref(), problems),
        Some(_) => problems.refuse(section_place("Resources", &sections), "expected a mapping"),
        None => problems.missing(section_place("Resources", &sections)),
    }
    let sections = conditions::decide(&sections, &parameters, problems);
    let declared = sections.get("Resources").and_then(Node::fields).cloned().unwrap_or_default();
    check_types(&declared, problems);

    let names = Names::of(&declared, parameters, problems);
    let mut by_type: BTreeMap<String, Vec<Resource>> = BTreeMap::new();
    for (id, declaration) in &declared {
        if let Some((kind, resource)) = resource(id, declaration, &names, problems) {
            by_type.entry(kind).or_default().push(resource);
        }
    }
    for (id, declaration) in &declared {
        check_dependencies(id, declaration, &declared, problems);
    }
    if let Some(outputs) = sections.get("Outputs") {
        intrinsics::resolve(outputs, &names, &section_place("Outputs", &sections), problems);
    }

    let mut resources = Resources { by_type, names, problems: problems.clone() };
    let tables = tables::read(&mut resources);
    let queues = queues::read(&mut resources);
    let (functions, Events { triggers, schedules }) = functions::read(&mut resources);
    let http_apis = http_apis::read(&mut resources);
    let websocket_apis = websocket_apis::read(&mut resources);
    let cdn = cdn::read(&mut resources, &http_apis, &websocket_apis);

    Plan { tables, functions, http_apis, websocket_apis, triggers, schedules, queues, cdn }
}

fn section_place(name: &str, sections: &Fields) -> Place {
    Place::new(name, sections.get(name).map_or(1, |section| section.line))
}

/// Reports resources of unknown types.
fn check_types(resources: &Fields, problems: &Problems) {
    for (id, resource) in resources {
        let at = Place::new(id, resource.line);
        match resource.get("Type").and_then(Node::scalar) {
            None if resource.fields().is_none() => problems.refuse(at, "expected a mapping"),
            None => problems.missing(at.field("Type", resource.line)),
            Some(kind) if !types::is_known(&kind) => problems.unknown_type(at, &kind),
            Some(_) => {}
        }
    }
}

fn check_sections(sections: &Fields, problems: &Problems) {
    let run = ["Transform", "Parameters", "Rules", "Conditions", "Globals", "Resources", "Outputs"];
    let known =
        |name: &str| run.contains(&name) || accepted::properties("Template").any(|known| known == name);
    for (name, section) in sections.iter().filter(|(name, _)| !known(name)) {
        problems.unknown_section(Place::new(name, section.line));
    }
    let at = section_place("Transform", sections);
    let transforms = sections.get("Transform").cloned().unwrap_or_default().one_or_more(&at);
    let mut runs_sam = false;
    for (at, transform) in transforms {
        match transform.as_text() {
            Some(SAM) => runs_sam = true,
            Some(other) => {
                problems.refuse(at, format!("`{other}` is not supported: the local cloud supports {SAM}"));
            }
            None if transform.is_null() => {}
            None => problems.refuse(at, format!("the local cloud supports only {SAM}: write its name")),
        }
    }
    if !runs_sam {
        problems.refuse(at, format!("is missing: write {SAM}"));
    }
}

/// Checks that the resources in `DependsOn` exist.
fn check_dependencies(id: &str, declaration: &Node, declared: &Fields, problems: &Problems) {
    let Some(dependencies) = declaration.get("DependsOn") else { return };
    let at = Place::new(id, declaration.line).field("DependsOn", dependencies.line);
    for (at, dependency) in dependencies.clone().one_or_more(&at) {
        match dependency.as_text() {
            Some(name) if declared.contains_key(name) => {}
            Some(name) => {
                problems.refuse(at, format!("there is no resource {name}: declare it, or correct the name"));
            }
            None => problems.refuse(at, "expected the logical id of a resource"),
        }
    }
}

/// Reads a resource and its type. Returns `None` for an unknown type.
fn resource(id: &str, declaration: &Node, names: &Names, problems: &Problems) -> Option<(String, Resource)> {
    let place = Place::new(id, declaration.line);
    let kind = declaration.get("Type").and_then(Node::scalar).filter(|kind| types::is_known(kind))?;
    let mut declaration = Properties::of(place.clone(), declaration.clone(), problems);
    declaration.optional("Type");
    let metadata = declaration.optional("Metadata").unwrap_or_default();
    let properties = declaration.optional("Properties").unwrap_or_else(|| Node::new(place.line, Kind::Null));
    declaration.accept("Resource");
    declaration.finish();
    let place = Place::new(id, properties.line);
    let properties =
        Properties::of(place.clone(), intrinsics::resolve(&properties, names, &place, problems), problems);
    Some((kind, Resource { id: id.to_owned(), properties, metadata }))
}
