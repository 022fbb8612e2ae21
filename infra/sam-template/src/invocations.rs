//! The `EventInvokeConfig` of a function, for asynchronous invocations.

use std::time::Duration;

use crate::destinations;
use crate::model::AsynchronousInvocation;
use crate::names::Names;
use crate::properties::Properties;

/// Reads the configuration. By default, Lambda retries twice within six hours, and then drops the event.
pub(crate) fn read(function: &mut Properties, names: &Names) -> AsynchronousInvocation {
    let mut invocation = AsynchronousInvocation::default();
    let Some(mut config) = function.section("EventInvokeConfig") else { return invocation };
    if let Some(retries) = config.integer("MaximumRetryAttempts", 0..=2) {
        invocation.retries = retries;
    }
    if let Some(seconds) = config.integer("MaximumEventAgeInSeconds", 60..=21_600) {
        invocation.maximum_age = Duration::from_secs(seconds);
    }
    if let Some(destinations) = config.section("DestinationConfig") {
        invocation.on_failure = destinations::on_failure(destinations, names);
    }
    config.finish();
    invocation
}
