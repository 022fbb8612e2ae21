//! Stream triggers: a function's events of type `DynamoDB`.

use std::time::Duration;

use crate::destinations;
use crate::filter::Pattern;
use crate::model::{StartingPosition, StreamTrigger};
use crate::names::Names;
use crate::properties::Properties;

/// Reads a trigger. Returns `None` if it is disabled or invalid.
pub(crate) fn read(
    function: &str,
    event: &str,
    mut properties: Properties,
    names: &Names,
) -> Option<StreamTrigger> {
    let stream = properties.text("Stream");
    let table = names.owner("StreamArn", &stream);
    if table.is_none() {
        properties.refuse(
            "Stream",
            "is not a stream of this template: write !GetAtt TABLE.StreamArn, and give the table a StreamSpecification",
        );
    }
    let starting_position = match properties.only("StartingPosition", &["TRIM_HORIZON", "LATEST"]).as_deref()
    {
        Some("LATEST") => StartingPosition::Latest,
        Some(_) => StartingPosition::TrimHorizon,
        None => {
            properties.problems().missing(properties.at("StartingPosition"));
            StartingPosition::TrimHorizon
        }
    };
    let batch_size = properties.integer("BatchSize", 1..=10_000).unwrap_or(100);
    let batching_window = properties.integer("MaximumBatchingWindowInSeconds", 0..=300).unwrap_or(0);
    let parallelization_factor = properties.integer("ParallelizationFactor", 1..=10).unwrap_or(1);
    let endless = |number: i64| u64::try_from(number).ok();
    let maximum_retries = properties.integer("MaximumRetryAttempts", -1..=10_000).and_then(endless);
    let maximum_age = maximum_age(&mut properties).and_then(endless);
    let bisect = properties.flag("BisectBatchOnFunctionError").unwrap_or(false);
    let response_types = properties.optional_texts("FunctionResponseTypes").unwrap_or_default();
    let partial_responses = response_types == ["ReportBatchItemFailures"];
    if !partial_responses && !response_types.is_empty() {
        properties.refuse("FunctionResponseTypes", "the local cloud supports [ReportBatchItemFailures]");
    }
    let filters = properties.section("FilterCriteria").map(filters).unwrap_or_default();
    let on_failure =
        properties.section("DestinationConfig").and_then(|config| destinations::on_failure(config, names));
    let enabled = properties.flag("Enabled").unwrap_or(true);
    properties.finish();
    let table = table.filter(|_| enabled)?;
    Some(StreamTrigger {
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
    })
}

/// Reads the maximum age. Lambda accepts -1 (no limit), or at least a minute.
fn maximum_age(properties: &mut Properties) -> Option<i64> {
    let name = "MaximumRecordAgeInSeconds";
    let age = properties.integer(name, -1..=604_800)?;
    if (0..60).contains(&age) {
        properties.refuse(name, format!("`{age}` is neither -1 nor from 60 to 604800"));
    }
    Some(age)
}

fn filters(mut criteria: Properties) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for mut filter in criteria.sections("Filters") {
        let text = filter.text("Pattern");
        // Validators accept this, and the deployment fails.
        match serde_json::from_str(&text).map(|json| Pattern::parse(&json)) {
            Ok(Ok(pattern)) => patterns.push(pattern),
            Ok(Err(error)) => filter.refuse("Pattern", format!("the filter is not supported: {error}")),
            Err(error) => filter.refuse("Pattern", format!("the filter is not JSON: {error}")),
        }
        filter.finish();
    }
    criteria.finish();
    patterns
}
