//! What invokes a function: its `Events`.

use super::names::Names;
use super::properties::Properties;
use super::{AsynchronousInvocation, Problem, Schedule, StreamTrigger, schedules, triggers};

/// The events of functions, by type.
#[derive(Debug, Default)]
pub(super) struct Events {
    pub(super) triggers: Vec<StreamTrigger>,
    pub(super) schedules: Vec<Schedule>,
}

impl Events {
    /// Adds the events of a function.
    pub(super) fn read(
        &mut self,
        function: &str,
        events: Properties,
        invocation: &AsynchronousInvocation,
        names: &Names,
    ) -> Result<(), Problem> {
        for (name, mut event) in events.named_sections()? {
            let kind = event.text("Type")?;
            let at = event.at("Type");
            let refused =
                |instead: &str| Err(Problem::refused(&at, format!("`{kind}` is not run: {instead}")));
            let missing = event.at("Properties");
            let properties = event.section("Properties")?.ok_or(Problem::Missing { at: missing })?;
            event.finish()?;
            match kind.as_str() {
                "DynamoDB" => self.triggers.extend(triggers::read(function, &name, properties, names)?),
                "Schedule" => {
                    self.schedules.extend(schedules::read(function, &name, properties, invocation)?);
                }
                "HttpApi" | "Api" => return refused("declare the route with AWS::ApiGatewayV2::Route"),
                "ScheduleV2" => return refused("write Schedule"),
                _ => return refused("the local cloud runs DynamoDB and Schedule"),
            }
        }
        Ok(())
    }
}
