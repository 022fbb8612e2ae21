//! The `DestinationConfig` of a trigger or of asynchronous invocations.

use crate::names::Names;
use crate::properties::Properties;

/// Returns the logical id of the `OnFailure` queue, if there is one.
pub(crate) fn on_failure(mut destinations: Properties, names: &Names) -> Option<String> {
    let on_failure = destinations.section("OnFailure");
    destinations.finish();
    let mut on_failure = on_failure?;
    on_failure.only("Type", &["SQS"]);
    let arn = on_failure.text("Destination");
    let queue = names.owner("Arn", &arn).filter(|_| arn.starts_with("arn:aws:sqs:"));
    if queue.is_none() {
        on_failure.refuse("Destination", "is not a queue of this template: write !GetAtt QUEUE.Arn");
    }
    on_failure.finish();
    queue
}
