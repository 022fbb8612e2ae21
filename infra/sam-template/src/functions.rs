//! Lambda functions.

use std::time::Duration;

use crate::error::Problems;
use crate::events::Events;
use crate::model::Function;
use crate::names::Names;
use crate::node::Place;
use crate::properties::Properties;
use crate::resources::{Resource, Resources};
use crate::{invocations, policies};

const KIND: &str = "AWS::Serverless::Function";

/// Reads all functions, with their triggers and schedules.
pub(crate) fn read(resources: &mut Resources) -> (Vec<Function>, Events) {
    let (mut functions, mut events) = (Vec::new(), Events::default());
    for resource in resources.take(KIND) {
        functions.push(function(resource, &resources.names, &mut events));
    }
    (functions, events)
}

fn function(resource: Resource, names: &Names, events: &mut Events) -> Function {
    let Resource { id, mut properties, metadata } = resource;
    let binary = metadata.get("BuildProperties").and_then(|build| build.get("Binary")?.scalar());
    if binary.is_none() {
        let line = if metadata.is_null() { properties.place().line } else { metadata.line };
        let at = Place::new(format!("{id}.Metadata.BuildProperties.Binary"), line);
        properties.problems().refuse(at, "is missing: write the name of the function's binary");
    }
    let code = properties.text("CodeUri").into();
    properties.only("Runtime", &["provided.al2023"]);
    let environment = properties.section("Environment").and_then(|mut environment| {
        let variables = environment.section("Variables");
        environment.finish();
        variables.map(Properties::named_texts)
    });
    let memory_mb = properties.integer("MemorySize", 128..=10_240).unwrap_or(128);
    let reserved_concurrency = properties.integer("ReservedConcurrentExecutions", 0..=1000);
    let timeout = properties.integer("Timeout", 1..=900).unwrap_or(3);
    let (log_format, log_level) = match properties.section("LoggingConfig") {
        Some(mut logging) => {
            let format = logging.only("LogFormat", &["JSON", "Text"]);
            let level = logging.only("ApplicationLogLevel", &["TRACE", "DEBUG", "INFO", "WARN", "ERROR"]);
            logging.accept("LoggingConfig");
            logging.finish();
            (format, level)
        }
        None => (None, None),
    };
    let policies = policies::read(&mut properties);
    let invocation = invocations::read(&mut properties, names);
    if let Some(own) = properties.section("Events") {
        events.read(&id, own, &invocation, names);
    }
    properties.accept(KIND);
    properties.finish();
    let binary = binary.unwrap_or_default();
    let environment = environment.into_iter().flatten().collect();
    let timeout = Duration::from_secs(timeout);
    Function {
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
    }
}

/// Returns the function with an ARN. Reports a problem and returns an empty id if there is none.
pub(crate) fn by_arn(names: &Names, at: Place, arn: &str, problems: &Problems) -> String {
    let function = names.owner("Arn", arn).filter(|id| arn.ends_with(&format!(":function:{id}")));
    if function.is_none() {
        problems.refuse(at, "is not a function of this template: write !GetAtt FUNCTION.Arn");
    }
    function.unwrap_or_default()
}
