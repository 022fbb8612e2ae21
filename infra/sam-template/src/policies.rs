//! Reads the `Policies` of a function.

use crate::error::Problems;
use crate::node::{Node, Place};
use crate::policy::{self, Effect, Statement};
use crate::policy_conditions;
use crate::properties::Properties;

/// Unsupported parts of a statement, each with the alternative.
const NOT_RUN: [(&str, &str); 4] = [
    ("NotAction", "list the actions in Action"),
    ("NotPrincipal", "the policy of a function applies to that function: remove it"),
    ("NotResource", "list the resources in Resource"),
    ("Principal", "the policy of a function applies to that function: remove it"),
];

/// Reads the statements of one policy or a list of policies.
pub(crate) fn read(function: &mut Properties) -> Vec<Statement> {
    let at = function.at("Policies");
    let problems = function.problems().clone();
    let Some(policies) = function.optional("Policies") else { return Vec::new() };
    policies
        .one_or_more(&at)
        .into_iter()
        .flat_map(|(at, policy)| self::policy(at, policy, &problems))
        .collect()
}

/// Reads a policy document. Refuses managed policies and SAM policy templates, which SAM also accepts.
fn policy(at: Place, policy: Node, problems: &Problems) -> Vec<Statement> {
    if let Some(name) = policy.as_text() {
        let instead =
            "is a managed policy, whose statements only AWS knows: write a Statement with the permissions";
        problems.refuse(at, format!("`{name}` {instead}"));
        return Vec::new();
    }
    if let Some(name) = policy.fields().and_then(|policy| policy.keys().next())
        && policy.get("Statement").is_none()
    {
        let instead =
            "is a SAM policy template, which is not supported: write a Statement with the permissions";
        problems.refuse(at, format!("`{name}` {instead}"));
        return Vec::new();
    }
    let mut document = Properties::of(at, policy, problems);
    document.only("Version", &["2012-10-17"]);
    let at = document.at("Statement");
    let statements = document.required("Statement").map(|statements| statements.one_or_more(&at));
    document.finish();
    let statements = statements.into_iter().flatten();
    statements.filter_map(|(at, statement)| self::statement(at, statement, problems)).collect()
}

fn statement(at: Place, statement: Node, problems: &Problems) -> Option<Statement> {
    let mut statement = Properties::of(at, statement, problems);
    for (name, instead) in NOT_RUN {
        if statement.optional(name).is_some() {
            statement.refuse(name, format!("the local cloud does not support this: {instead}"));
        }
    }
    let effect = match statement.only("Effect", &["Allow", "Deny"]).as_deref() {
        Some("Allow") => Some(Effect::Allow),
        Some(_) => Some(Effect::Deny),
        None => {
            problems.missing(statement.at("Effect"));
            None
        }
    };
    let actions = texts(&mut statement, "Action", check_action);
    let resources = texts(&mut statement, "Resource", check_resource);
    let conditions = statement.section("Condition").map(policy_conditions::read).unwrap_or_default();
    statement.accept("Statement");
    let at = statement.place().path.clone();
    statement.finish();
    Some(Statement { at, effect: effect?, actions, resources, conditions })
}

fn check_action(action: &str) -> Result<(), String> {
    if policy::ACTIONS.iter().any(|known| policy::names_action(action, known)) {
        return Ok(());
    }
    let known = policy::ACTIONS.join(", ");
    Err(format!(
        "the local cloud does not check the action `{action}`: write one of {known} (a trigger's own permissions \
         come from SAM, and a transaction wants those of its parts)"
    ))
}

fn check_resource(resource: &str) -> Result<(), String> {
    policy_conditions::check_variables(resource)?;
    match resource {
        "*" => Ok(()),
        _ if resource.starts_with("arn:") => Ok(()),
        _ => Err(format!(
            "`{resource}` is not an ARN: write !GetAtt TABLE.Arn, !Sub ${{TABLE.Arn}}/index/NAME, or \"*\""
        )),
    }
}

/// Reads a string or a list of strings, and checks each.
fn texts(statement: &mut Properties, name: &str, check: impl Fn(&str) -> Result<(), String>) -> Vec<String> {
    let Some(given) = statement.required(name) else { return Vec::new() };
    let at = statement.at(name);
    let given = given.one_or_more(&at);
    if given.is_empty() {
        statement.problems().missing(at);
    }
    let text = |(at, value): (Place, Node)| {
        let checked = match value.as_text() {
            Some(text) => check(text).map(|()| text.to_owned()),
            None => Err("expected a string".to_owned()),
        };
        checked.map_err(|reason| statement.problems().refuse(at, reason)).ok()
    };
    given.into_iter().filter_map(text).collect()
}
