//! Stream triggers: a function's events of type `DynamoDB`.

use std::time::Duration;

use serde_json::Value;

use super::names::Names;
use super::properties::Properties;
use super::{Problem, StartingPosition, StreamTrigger, destinations};
use crate::triggers::Pattern;

/// Reads a trigger. `None` if it's switched off.
pub(super) fn read(
    function: &str,
    event: &str,
    mut properties: Properties,
    names: &Names,
) -> Result<Option<StreamTrigger>, Problem> {
    let stream = properties.text("Stream")?;
    let table = names.owner("StreamArn", &stream).map(str::to_owned).ok_or_else(|| {
        Problem::refused(
            properties.at("Stream"),
            "is no stream of this template: write !GetAtt TABLE.StreamArn, and give the table a StreamSpecification",
        )
    })?;
    let starting_position = match properties.only("StartingPosition", &["TRIM_HORIZON", "LATEST"])?.as_deref()
    {
        Some("LATEST") => StartingPosition::Latest,
        Some(_) => StartingPosition::TrimHorizon,
        None => return Err(Problem::Missing { at: properties.at("StartingPosition") }),
    };
    let batch_size = properties.integer("BatchSize", 1..=10_000)?.unwrap_or(100);
    let batching_window = properties.integer("MaximumBatchingWindowInSeconds", 0..=300)?.unwrap_or(0);
    let parallelization_factor = properties.integer("ParallelizationFactor", 1..=10)?.unwrap_or(1);
    let endless = |number: i64| u64::try_from(number).ok();
    let maximum_retries = properties.integer("MaximumRetryAttempts", -1..=10_000)?.and_then(endless);
    let maximum_age = maximum_age(&mut properties)?.and_then(endless);
    let bisect = properties.flag("BisectBatchOnFunctionError")?.unwrap_or(false);
    let partial_responses = match properties.optional_texts("FunctionResponseTypes")?.as_deref() {
        None | Some([]) => false,
        Some([one]) if one == "ReportBatchItemFailures" => true,
        Some(_) => {
            return Err(Problem::refused(
                properties.at("FunctionResponseTypes"),
                "the local cloud runs [ReportBatchItemFailures]",
            ));
        }
    };
    let filters = match properties.section("FilterCriteria")? {
        Some(criteria) => filters(criteria)?,
        None => Vec::new(),
    };
    let on_failure = match properties.section("DestinationConfig")? {
        Some(config) => destinations::on_failure(config, names)?,
        None => None,
    };
    let enabled = properties.flag("Enabled")?.unwrap_or(true);
    properties.finish()?;
    Ok(enabled.then(|| StreamTrigger {
        id: format!("{function}.{event}"),
        table,
        function: function.to_owned(),
        starting_position,
        batch_size,
        parallelization_factor,
        batching_window: Duration::from_secs(batching_window),
        maximum_retries: maximum_retries.map(|retries| u32::try_from(retries).unwrap_or(u32::MAX)),
        maximum_age: maximum_age.map(Duration::from_secs),
        bisect,
        partial_responses,
        filters,
        on_failure,
    }))
}

/// Lambda takes no age below a minute, except for none at all.
fn maximum_age(properties: &mut Properties) -> Result<Option<i64>, Problem> {
    let name = "MaximumRecordAgeInSeconds";
    match properties.integer(name, -1..=604_800)? {
        Some(age @ 0..60) => {
            Err(Problem::refused(properties.at(name), format!("`{age}` is neither -1 nor from 60 to 604800")))
        }
        age => Ok(age),
    }
}

fn filters(mut criteria: Properties) -> Result<Vec<Pattern>, Problem> {
    let mut patterns = Vec::new();
    for mut filter in criteria.sections("Filters")? {
        let at = filter.at("Pattern");
        let text = filter.text("Pattern")?;
        filter.finish()?;
        // Validators let this one pass: Lambda refuses to deploy it.
        let json: Value = serde_json::from_str(&text)
            .map_err(|error| Problem::refused(&at, format!("the filter is no JSON: {error}")))?;
        let pattern = Pattern::parse(&json)
            .map_err(|error| Problem::refused(&at, format!("the filter is not run: {error}")))?;
        patterns.push(pattern);
    }
    criteria.finish()?;
    Ok(patterns)
}
