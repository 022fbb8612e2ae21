//! A function's `Policies`: what it may do.

use serde_json::Value;

use super::Problem;
use super::properties::Properties;
use crate::iam::policy::{self, Effect, Statement};

/// Parts of a statement that change what it means, and aren't run, with what to write instead.
const NOT_RUN: [(&str, &str); 5] = [
    ("Condition", "without it the statement would allow more than on AWS: say it with actions and resources"),
    ("NotAction", "name the actions that are meant, in Action"),
    ("NotPrincipal", "a function's policy is about that function: leave it out"),
    ("NotResource", "name the resources that are meant, in Resource"),
    ("Principal", "a function's policy is about that function: leave it out"),
];

/// Reads the statements of all policies: one or a list of them.
pub(super) fn read(function: &mut Properties) -> Result<Vec<Statement>, Problem> {
    let at = function.at("Policies");
    let policies = match function.optional("Policies") {
        None => return Ok(Vec::new()),
        Some(policies) => one_or_more(&at, policies),
    };
    let mut statements = Vec::new();
    for (at, policy) in policies {
        statements.extend(self::policy(&at, policy)?);
    }
    Ok(statements)
}

/// A policy document. SAM takes names of managed policies as well, and templates of policies.
fn policy(at: &str, policy: Value) -> Result<Vec<Statement>, Problem> {
    if let Some(name) = policy.as_str() {
        let instead =
            "is a managed policy, whose statements only AWS knows: write a Statement of what is needed";
        return Err(Problem::refused(at, format!("`{name}` {instead}")));
    }
    if let Some((name, _)) = policy.as_object().and_then(|policy| policy.iter().next())
        && policy.get("Statement").is_none()
    {
        let instead =
            "is a SAM policy template, and the local cloud runs none: write a Statement of what is needed";
        return Err(Problem::refused(at, format!("`{name}` {instead}")));
    }
    let mut document = Properties::of(at, policy)?;
    document.only("Version", &["2012-10-17"])?;
    let statements = one_or_more(&document.at("Statement"), document.required("Statement")?);
    document.finish()?;
    statements.into_iter().map(|(at, statement)| self::statement(at, statement)).collect()
}

fn statement(at: String, statement: Value) -> Result<Statement, Problem> {
    let mut statement = Properties::of(&at, statement)?;
    for (name, instead) in NOT_RUN {
        if statement.optional(name).is_some() {
            let reason = format!("the local cloud does not run this: {instead}");
            return Err(Problem::refused(statement.at(name), reason));
        }
    }
    let effect = match statement.only("Effect", &["Allow", "Deny"])?.as_deref() {
        Some("Allow") => Effect::Allow,
        Some(_) => Effect::Deny,
        None => return Err(Problem::Missing { at: statement.at("Effect") }),
    };
    let actions = texts(&mut statement, "Action", check_action)?;
    let resources = texts(&mut statement, "Resource", check_resource)?;
    statement.accept("Statement");
    statement.finish()?;
    Ok(Statement { at, effect, actions, resources })
}

fn check_action(action: &str) -> Result<(), String> {
    if policy::ACTIONS.iter().any(|known| policy::names_action(action, known)) {
        return Ok(());
    }
    let known = policy::ACTIONS.join(", ");
    Err(format!(
        "`{action}` is no action that the local cloud checks: write one of {known} (a trigger's own permissions come \
         from SAM, and a transaction wants those of its parts)"
    ))
}

fn check_resource(resource: &str) -> Result<(), String> {
    if resource.contains("${") {
        return Err(format!(
            "`{resource}` holds a policy variable, which the local cloud does not run: write out what it \
             stands for"
        ));
    }
    match resource {
        "*" => Ok(()),
        _ if resource.starts_with("arn:") => Ok(()),
        _ => Err(format!(
            "`{resource}` is no ARN: write !GetAtt TABLE.Arn, !Sub ${{TABLE.Arn}}/index/NAME, or \"*\""
        )),
    }
}

/// A text or a list of texts, each of which must be right.
fn texts(
    statement: &mut Properties,
    name: &str,
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<Vec<String>, Problem> {
    let at = statement.at(name);
    let given = one_or_more(&at, statement.required(name)?);
    if given.is_empty() {
        return Err(Problem::Missing { at });
    }
    let text = |(at, value): (String, Value)| match value {
        Value::String(text) => match check(&text) {
            Ok(()) => Ok(text),
            Err(reason) => Err(Problem::refused(at, reason)),
        },
        _ => Err(Problem::refused(at, "a text is expected")),
    };
    given.into_iter().map(text).collect()
}

/// The items of a list, each with its place; what is no list is the only item.
fn one_or_more(at: &str, value: Value) -> Vec<(String, Value)> {
    match value {
        Value::Array(items) => {
            items.into_iter().enumerate().map(|(index, item)| (format!("{at}[{index}]"), item)).collect()
        }
        one => vec![(at.to_owned(), one)],
    }
}
