//! Where goes what was given up on: the `DestinationConfig` of a trigger, or of asynchronous invocations.

use super::Problem;
use super::names::Names;
use super::properties::Properties;

/// The logical id of the queue that takes it, if one does.
pub(super) fn on_failure(mut destinations: Properties, names: &Names) -> Result<Option<String>, Problem> {
    let Some(mut on_failure) = destinations.section("OnFailure")? else {
        destinations.finish()?;
        return Ok(None);
    };
    destinations.finish()?;
    on_failure.only("Type", &["SQS"])?;
    let arn = on_failure.text("Destination")?;
    let queue = names.owner("Arn", &arn).filter(|_| arn.starts_with("arn:aws:sqs:")).map(str::to_owned);
    let queue = queue.ok_or_else(|| {
        Problem::refused(
            on_failure.at("Destination"),
            "is no queue of this template: write !GetAtt QUEUE.Arn",
        )
    })?;
    on_failure.finish()?;
    Ok(Some(queue))
}
