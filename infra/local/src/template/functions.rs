//! Lambda functions, with the `Globals` that SAM merges into each.

use std::time::Duration;

use serde_json::{Map, Value};

use super::events::Events;
use super::names::Names;
use super::properties::Properties;
use super::resources::{Resource, Resources};
use super::{Function, Problem, invocations, policies};

const KIND: &str = "AWS::Serverless::Function";

/// Merges `Globals.Function` into every function, as SAM does: mappings by entry, lists end to end, the function's own
/// value before the global one.
pub(super) fn merge_globals(
    globals: Option<&Value>,
    resources: &mut Map<String, Value>,
) -> Result<(), Problem> {
    let Some(globals) = globals else { return Ok(()) };
    let mut globals = Properties::of("Globals", globals.clone())?;
    let function = globals.optional("Function").unwrap_or_default();
    globals.finish()?;
    for resource in resources.values_mut().filter(|resource| resource["Type"] == KIND) {
        let own = resource["Properties"].take();
        resource["Properties"] = merge(function.clone(), own);
    }
    Ok(())
}

fn merge(global: Value, own: Value) -> Value {
    match (global, own) {
        (Value::Object(mut global), Value::Object(own)) => {
            for (name, value) in own {
                let before = global.remove(&name).unwrap_or_default();
                global.insert(name, merge(before, value));
            }
            Value::Object(global)
        }
        (Value::Array(mut global), Value::Array(own)) => {
            global.extend(own);
            Value::Array(global)
        }
        (global, Value::Null) => global,
        (_, own) => own,
    }
}

/// Reads all functions, and what invokes them among their events.
pub(super) fn read(resources: &mut Resources) -> Result<(Vec<Function>, Events), Problem> {
    let (mut functions, mut events) = (Vec::new(), Events::default());
    for resource in resources.take(KIND) {
        functions.push(function(resource, &resources.names, &mut events)?);
    }
    Ok((functions, events))
}

fn function(resource: Resource, names: &Names, events: &mut Events) -> Result<Function, Problem> {
    let Resource { id, mut properties, metadata } = resource;
    let binary = metadata["BuildProperties"]["Binary"].as_str().map(str::to_owned).ok_or_else(|| {
        Problem::refused(
            format!("{id}.Metadata.BuildProperties.Binary"),
            "is missing: name the binary that plays the function",
        )
    })?;
    let code = properties.text("CodeUri")?.into();
    properties.only("Runtime", &["provided.al2023"])?;
    let environment = match properties.section("Environment")? {
        Some(mut environment) => {
            let variables = environment.section("Variables")?;
            environment.finish()?;
            variables.map(Properties::named_texts).transpose()?.unwrap_or_default()
        }
        None => Vec::new(),
    };
    let memory_mb = properties.integer("MemorySize", 128..=10_240)?.unwrap_or(128);
    let reserved_concurrency = properties.integer("ReservedConcurrentExecutions", 0..=1000)?;
    let timeout = properties.integer("Timeout", 1..=900)?.unwrap_or(3);
    let (log_format, log_level) = match properties.section("LoggingConfig")? {
        Some(mut logging) => {
            let format = logging.only("LogFormat", &["JSON", "Text"])?;
            let level = logging.only("ApplicationLogLevel", &["TRACE", "DEBUG", "INFO", "WARN", "ERROR"])?;
            logging.accept("LoggingConfig");
            logging.finish()?;
            (format, level)
        }
        None => (None, None),
    };
    let policies = policies::read(&mut properties)?;
    let invocation = invocations::read(&mut properties, names)?;
    if let Some(own) = properties.section("Events")? {
        events.read(&id, own, &invocation, names)?;
    }
    properties.accept(KIND);
    properties.finish()?;
    let environment = environment.into_iter().collect();
    let timeout = Duration::from_secs(timeout);
    Ok(Function {
        id,
        binary,
        code,
        environment,
        memory_mb,
        reserved_concurrency,
        timeout,
        log_format,
        log_level,
        policies,
    })
}

/// The function of this ARN.
pub(super) fn by_arn(names: &Names, at: String, arn: &str) -> Result<String, Problem> {
    names
        .owner("Arn", arn)
        .filter(|id| arn.ends_with(&format!(":function:{id}")))
        .map(str::to_owned)
        .ok_or_else(|| Problem::refused(at, "is no function of this template: write !GetAtt FUNCTION.Arn"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn globals_are_merged_as_sam_does() {
        let global = json!({"Timeout": 20, "Architectures": ["arm64"], "Environment": {"Variables": {"A": 1, "B": 1}}});
        let own = json!({"Timeout": 5, "Environment": {"Variables": {"B": 2}}});
        assert_eq!(
            merge(global, own),
            json!({"Timeout": 5, "Architectures": ["arm64"], "Environment": {"Variables": {"A": 1, "B": 2}}})
        );
    }
}
