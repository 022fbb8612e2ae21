//! Schedules: a function's events of type `Schedule`.

use std::time::Duration;

use crate::model::{AsynchronousInvocation, Schedule};
use crate::properties::Properties;

const KIND: &str = "Schedule";

/// Reads a schedule. Returns `None` if it is disabled or invalid.
pub(crate) fn read(
    function: &str,
    event: &str,
    mut properties: Properties,
    invocation: &AsynchronousInvocation,
) -> Option<Schedule> {
    let expression = properties.text("Schedule");
    let every = rate(&expression)
        .map_err(|reason| properties.refuse("Schedule", format!("`{expression}` {reason}")))
        .ok();
    let enabled = properties.flag("Enabled").unwrap_or(true);
    properties.accept(KIND);
    properties.finish();
    let every = every.filter(|_| enabled)?;
    let (id, invocation) = (format!("{function}.{event}"), invocation.clone());
    Some(Schedule { id, function: function.to_owned(), every, invocation })
}

/// Parses an interval like `rate(9 minutes)`. EventBridge accepts the singular only for one and the plural only for more.
fn rate(expression: &str) -> Result<Duration, &'static str> {
    if expression.starts_with("cron(") {
        return Err("is not supported: use rate(N minutes), rate(N hours) or rate(N days)");
    }
    let unclear = "is not a rate: write rate(9 minutes), rate(1 hour) or rate(2 days)";
    let inner = expression.strip_prefix("rate(").and_then(|rest| rest.strip_suffix(')')).ok_or(unclear)?;
    let (number, unit) = inner.split_once(' ').ok_or(unclear)?;
    let number: u32 = number.parse().ok().filter(|number| *number > 0).ok_or(unclear)?;
    let minutes = match (number, unit) {
        (1, "minute") | (2.., "minutes") => 1,
        (1, "hour") | (2.., "hours") => 60,
        (1, "day") | (2.., "days") => 24 * 60,
        _ => return Err(unclear),
    };
    Ok(Duration::from_mins(minutes) * number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_as_eventbridge_does() {
        assert_eq!(rate("rate(9 minutes)"), Ok(Duration::from_mins(9)));
        assert_eq!(rate("rate(1 hour)"), Ok(Duration::from_hours(1)));
        assert_eq!(rate("rate(2 days)"), Ok(Duration::from_hours(48)));
        for wrong in [
            "",
            "rate()",
            "rate(0 minutes)",
            "rate(1 minutes)",
            "rate(2 hour)",
            "rate(9 seconds)",
            "9 minutes",
        ] {
            assert!(rate(wrong).unwrap_err().starts_with("is not a rate: "), "{wrong}");
        }
        assert!(rate("cron(0 12 * * ? *)").unwrap_err().starts_with("is not supported: "));
    }
}
