//! `Globals`: properties that SAM merges into every resource of a type, by SAM's rules (`samtranslator/plugins/globals`).

use crate::error::Problems;
use crate::node::{Fields, Kind, Node, Place};

/// A section of `Globals`.
struct Section {
    name: &'static str,
    /// Properties that SAM accepts here. It refuses those that are hard to merge or belong to one resource.
    properties: &'static [&'static str],
    /// Lists that a resource's value replaces. A resource's value extends every other list.
    replaced: &'static [&'static str],
}

/// The sections for supported resources.
const SECTIONS: [Section; 2] = [
    Section {
        name: "Function",
        properties: &[
            "Architectures",
            "AssumeRolePolicyDocument",
            "AutoPublishAlias",
            "AutoPublishAliasAllProperties",
            "CapacityProviderConfig",
            "CodeSigningConfigArn",
            "CodeUri",
            "DeadLetterQueue",
            "DeploymentPreference",
            "Description",
            "DurableConfig",
            "Environment",
            "EphemeralStorage",
            "EventInvokeConfig",
            "FileSystemConfigs",
            "FunctionScalingConfig",
            "FunctionUrlConfig",
            "Handler",
            "KmsKeyArn",
            "Layers",
            "LoggingConfig",
            "MemorySize",
            "PermissionsBoundary",
            "PropagateTags",
            "ProvisionedConcurrencyConfig",
            "PublishToLatestPublished",
            "RecursiveLoop",
            "ReservedConcurrentExecutions",
            "RolePath",
            "Runtime",
            "RuntimeManagementConfig",
            "SnapStart",
            "SourceKMSKeyArn",
            "Tags",
            "TenancyConfig",
            "Timeout",
            "Tracing",
            "VersionDeletionPolicy",
            "VpcConfig",
        ],
        replaced: &["Architectures"],
    },
    Section {
        name: "WebSocketApi",
        properties: &[
            "AccessLogSettings",
            "ApiKeySelectionExpression",
            "DefaultRouteSettings",
            "DisableExecuteApiEndpoint",
            "DisableSchemaValidation",
            "Domain",
            "FailOnWarnings",
            "IpAddressType",
            "PropagateTags",
            "RouteSelectionExpression",
            "RouteSettings",
            "StageVariables",
            "Tags",
        ],
        replaced: &[],
    },
];

/// Merges `Globals` into the resources. As in SAM, this precedes the conditions, and an `Fn::If` is one value.
pub(crate) fn merge_into(resources: &mut Fields, globals: Option<&Node>, problems: &Problems) {
    let Some(globals) = globals else { return };
    let at = Place::new("Globals", globals.line);
    let Some(globals) = globals.fields() else {
        problems.refuse(at, "expected a mapping");
        return;
    };
    for (name, properties) in globals {
        let at = at.field(name, properties.line);
        let Some(section) = SECTIONS.iter().find(|section| section.name == name) else {
            let known = SECTIONS.map(|section| section.name).join(" and ");
            problems.refuse(at, format!("the local cloud supports {known} in Globals: remove this section"));
            continue;
        };
        let Some(properties) = properties.fields() else {
            problems.refuse(at, "expected a mapping");
            continue;
        };
        let mut global = properties.clone();
        global.retain(|name, value| {
            let is_taken = section.properties.contains(&name.as_str());
            if !is_taken {
                let reason = format!("SAM does not accept {name} in Globals: write it in each resource");
                problems.refuse(at.field(name, value.line), reason);
            }
            is_taken
        });
        let kind = format!("AWS::Serverless::{name}");
        for (id, resource) in resources.iter_mut() {
            if resource.get("Type").and_then(Node::as_text) == Some(&kind) {
                merge_into_resource(id, resource, &global, section, problems);
            }
        }
    }
}

fn merge_into_resource(
    id: &str,
    resource: &mut Node,
    global: &Fields,
    section: &Section,
    problems: &Problems,
) {
    let line = resource.line;
    let Kind::Fields(declaration) = &mut resource.kind else { return };
    let ignored = declaration.remove("IgnoreGlobals");
    let mut global = global.clone();
    if let Some(ignored) = ignored {
        let at = Place::new(id, line).field("IgnoreGlobals", ignored.line);
        if ignored.as_text() == Some("*") {
            return;
        }
        for (at, name) in ignored.one_or_more(&at) {
            if name.as_text().is_none_or(|name| global.remove(name).is_none()) {
                problems.refuse(at, "is not a property of Globals: name one, or write \"*\" for all");
            }
        }
    }
    let own =
        declaration.remove("Properties").unwrap_or_else(|| Node::new(line, Kind::Fields(Fields::new())));
    let merged = merge(Node::new(own.line, Kind::Fields(global)), own, "", section);
    declaration.insert("Properties".to_owned(), merged);
}

/// Merges mappings by entry and concatenates lists. For other values, including intrinsics, the resource's value counts.
fn merge(global: Node, own: Node, path: &str, section: &Section) -> Node {
    let is_scalar = |value: &Node| {
        value.intrinsic().is_some() || value.alone().is_some_and(|(name, _)| name == "Condition")
    };
    if is_scalar(&global) || is_scalar(&own) {
        return own;
    }
    match (global.kind, own.kind) {
        (Kind::Fields(mut global), Kind::Fields(fields)) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let value = match global.remove(&name) {
                    Some(before) => merge(before, value, &path, section),
                    None => value,
                };
                global.insert(name, value);
            }
            Node::new(own.line, Kind::Fields(global))
        }
        (Kind::List(mut global), Kind::List(items)) if !section.replaced.contains(&path) => {
            global.extend(items);
            Node::new(own.line, Kind::List(global))
        }
        (_, kind) => Node::new(own.line, kind),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Returns the properties of a function after the merge, or the problems.
    #[expect(clippy::needless_pass_by_value, reason = "a test writes its values where it calls this")]
    fn merged(global: Value, own: Value) -> Result<Value, Vec<String>> {
        declared(json!({"Function": global}), json!({"Properties": own}))
    }

    fn declared(globals: Value, mut function: Value) -> Result<Value, Vec<String>> {
        function["Type"] = "AWS::Serverless::Function".into();
        let mut resources = Fields::from([("Http".to_owned(), Node::from(function))]);
        let problems = Problems::default();
        merge_into(&mut resources, Some(&globals.into()), &problems);
        match problems.into_list() {
            problems if problems.is_empty() => {
                Ok(resources["Http"].get("Properties").unwrap().clone().into_json())
            }
            problems => Err(problems.iter().map(ToString::to_string).collect()),
        }
    }

    #[test]
    fn mappings_are_merged_lists_are_concatenated_and_scalars_are_replaced() {
        let global = json!({
            "Timeout": 20, "Layers": ["a", "b"], "Tracing": "Active", "Environment": {"Variables": {"A": 1, "B": 1}},
        });
        let own = json!({"Timeout": 5, "Layers": ["b", "c"], "Environment": {"Variables": {"B": 2, "C": 2}}});
        assert_eq!(
            merged(global, own).unwrap(),
            json!({
                "Timeout": 5, "Layers": ["a", "b", "b", "c"], "Tracing": "Active",
                "Environment": {"Variables": {"A": 1, "B": 2, "C": 2}},
            })
        );
        let architectures = json!({"Architectures": ["x86_64"]});
        assert_eq!(
            merged(json!({"Architectures": ["arm64"]}), architectures.clone()).unwrap(),
            architectures
        );
        // Values of different kinds cannot be merged, so the resource's value counts.
        assert_eq!(
            merged(
                json!({"CodeUri": {"Bucket": "b"}, "Layers": ["a"]}),
                json!({"CodeUri": ".", "Layers": null})
            )
            .unwrap(),
            json!({"CodeUri": ".", "Layers": null})
        );
    }

    #[test]
    fn an_intrinsic_is_a_scalar_on_either_side() {
        let choice = json!({"Fn::If": ["HasMore", {"A": 1}, {"B": 1}]});
        let variables = |variables: Value| json!({"Environment": {"Variables": variables}});
        let own = variables(json!({"C": 2}));
        assert_eq!(merged(variables(choice.clone()), own.clone()).unwrap(), own);
        let own = variables(choice);
        assert_eq!(merged(variables(json!({"C": 2})), own.clone()).unwrap(), own);
        for intrinsic in
            [json!({"Ref": "AWS::NoValue"}), json!({"Fn::Sub": "a"}), json!({"Condition": "HasMore"})]
        {
            let own = json!({"Layers": intrinsic});
            assert_eq!(merged(json!({"Layers": ["a"]}), own.clone()).unwrap(), own);
        }
        // A variable may have the name of an intrinsic.
        assert_eq!(
            merged(variables(json!({"Ref": "a", "B": 1})), variables(json!({"C": 2}))).unwrap(),
            variables(json!({"Ref": "a", "B": 1, "C": 2}))
        );
    }

    #[test]
    fn a_resource_may_ignore_globals() {
        let globals = json!({"Function": {"Timeout": 20, "MemorySize": 256}});
        let ignoring =
            |ignored: Value| declared(globals.clone(), json!({"IgnoreGlobals": ignored, "Properties": {}}));
        assert_eq!(ignoring(json!(["Timeout"])).unwrap(), json!({"MemorySize": 256}));
        assert_eq!(ignoring(json!("*")).unwrap(), json!({}));
        assert_eq!(
            ignoring(json!(["Timeuot"])).unwrap_err(),
            ["Http.IgnoreGlobals[0]: is not a property of Globals: name one, or write \"*\" for all"]
        );
    }

    #[test]
    fn properties_that_sam_refuses_in_globals_are_refused() {
        assert_eq!(
            merged(json!({"Policies": [], "Events": {}, "Role": "r", "Timeuot": 1, "Timeout": 1}), json!({}))
                .unwrap_err(),
            ["Events", "Policies", "Role", "Timeuot"].map(|name| format!(
                "Globals.Function.{name}: SAM does not accept {name} in Globals: write it in each resource"
            ))
        );
        assert_eq!(
            declared(json!({"Api": {"Cors": "*"}}), json!({})).unwrap_err(),
            [
                "Globals.Api: the local cloud supports Function and WebSocketApi in Globals: remove this section"
            ]
        );
        assert_eq!(declared(json!([]), json!({})).unwrap_err(), ["Globals: expected a mapping"]);
        assert_eq!(
            declared(json!({"Function": 1}), json!({})).unwrap_err(),
            ["Globals.Function: expected a mapping"]
        );
    }
}
