//! The `Condition` of a statement, which limits it to items by partition key.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html>

use crate::policy::{Comparison, Condition};
use crate::properties::Properties;

/// The supported condition key. Condition keys are case-insensitive.
const LEADING_KEYS: &str = "dynamodb:LeadingKeys";

/// Reads the conditions of a statement. All must be true.
pub(crate) fn read(conditions: Properties) -> Vec<Condition> {
    let problems = conditions.problems().clone();
    let mut read = Vec::new();
    for (operator, keys) in conditions.named_sections() {
        let comparison = match operator.as_str() {
            "ForAllValues:StringEquals" => Comparison::Equals,
            "ForAllValues:StringLike" => Comparison::Like,
            _ => {
                let reason = format!(
                    "the local cloud does not support this, and without it the statement would allow more than on \
                     AWS: write ForAllValues:StringEquals or ForAllValues:StringLike of {LEADING_KEYS}, or use \
                     actions and resources"
                );
                problems.refuse(keys.place().clone(), reason);
                continue;
            }
        };
        let mut keys = keys;
        for name in keys.names() {
            if !name.eq_ignore_ascii_case(LEADING_KEYS) {
                let reason =
                    format!("the local cloud supports only {LEADING_KEYS}: use actions and resources");
                keys.refuse(&name, reason);
            }
            let at = keys.at(&name);
            let given = keys.required(&name).map(|values| values.one_or_more(&at)).unwrap_or_default();
            let mut values = Vec::new();
            for (at, value) in given {
                match value.scalar().ok_or_else(|| "expected a string".to_owned()).and_then(checked) {
                    Ok(value) => values.push(value),
                    Err(reason) => problems.refuse(at, reason),
                }
            }
            read.push(Condition { comparison, values });
        }
        keys.finish();
    }
    read
}

fn checked(value: String) -> Result<String, String> {
    check_variables(&value).map(|()| value)
}

/// Refuses policy variables, such as `${aws:username}`.
pub(crate) fn check_variables(text: &str) -> Result<(), String> {
    if text.contains("${") {
        return Err(format!(
            "`{text}` holds a policy variable, which the local cloud does not support: write its value"
        ));
    }
    Ok(())
}
