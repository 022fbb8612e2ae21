//! Reads the `Events` of a function.

use crate::model::{AsynchronousInvocation, Schedule, StreamTrigger};
use crate::names::Names;
use crate::properties::Properties;
use crate::{schedules, triggers};

/// The events of functions, by type.
#[derive(Debug, Default)]
pub(crate) struct Events {
    pub(crate) triggers: Vec<StreamTrigger>,
    pub(crate) schedules: Vec<Schedule>,
}

impl Events {
    /// Adds the events of a function.
    pub(crate) fn read(
        &mut self,
        function: &str,
        events: Properties,
        invocation: &AsynchronousInvocation,
        names: &Names,
    ) {
        for (name, mut event) in events.named_sections() {
            let kind = event.text("Type");
            let instead = match kind.as_str() {
                "DynamoDB" | "Schedule" => None,
                "HttpApi" | "Api" => Some("declare the route with AWS::ApiGatewayV2::Route"),
                "ScheduleV2" => Some("write Schedule"),
                _ => Some("the local cloud supports DynamoDB and Schedule"),
            };
            if let Some(instead) = instead {
                event.refuse("Type", format!("`{kind}` is not supported: {instead}"));
                continue;
            }
            let properties = event.required_section("Properties");
            event.finish();
            if kind == "DynamoDB" {
                self.triggers.extend(triggers::read(function, &name, properties, names));
            } else {
                self.schedules.extend(schedules::read(function, &name, properties, invocation));
            }
        }
    }
}
