//! ARNs as AWS writes them, and their way back from what the engine writes.

use serde_json::Value;

use crate::template::{ACCOUNT, REGION, Table};

/// What the engine's ARNs begin with.
const ENGINE: &str = "arn:aws:dynamodb:dynoxide:000000000000:table/";
/// When each stream was made, which AWS makes part of its name. Fixed, so that an ARN is known before its table is.
const STREAM_LABEL: &str = "2026-01-01T00:00:00.000";

/// The ARN of a table, by its name.
#[must_use]
pub fn table_arn(name: &str) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}")
}

/// The ARN of a table's stream, by the table's name.
#[must_use]
pub fn stream_arn(name: &str) -> String {
    format!("{}/stream/{STREAM_LABEL}", table_arn(name))
}

/// The name of a table, from a call that may give its ARN instead.
pub(super) fn table_name(name_or_arn: &str) -> &str {
    name_or_arn.split_once(":table/").map_or(name_or_arn, |(_, rest)| rest.split('/').next().unwrap_or(rest))
}

/// Makes what the engine says of a table say what AWS would.
///
/// Only for answers that hold no items: an item's text is its author's.
pub(super) fn correct(description: &mut Value, table: &Table) {
    match description {
        Value::Object(fields) => {
            for (field, value) in fields {
                match (field.as_str(), value.as_str()) {
                    ("LatestStreamLabel", Some(_)) => *value = STREAM_LABEL.into(),
                    ("LatestStreamArn", Some(_)) => *value = stream_arn(&table.name).into(),
                    ("StreamViewType", Some(_)) => *value = table.stream_view.clone().into(),
                    (_, Some(text)) if text.starts_with(ENGINE) => {
                        *value = text.replacen(ENGINE, &table_arn(""), 1).into();
                    }
                    _ => correct(value, table),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| correct(item, table)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_description_names_our_region_account_stream_and_view() {
        let mut description = json!({"Table": {
            "TableName": "Notes",
            "TableArn": "arn:aws:dynamodb:dynoxide:000000000000:table/Notes",
            "LatestStreamArn": "arn:aws:dynamodb:dynoxide:000000000000:table/Notes/stream/1761.5",
            "LatestStreamLabel": "1761.5",
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            "LocalSecondaryIndexes": [
                {"IndexArn": "arn:aws:dynamodb:dynoxide:000000000000:table/Notes/index/by-updated"}
            ],
        }});
        let table = Table {
            id: "Notes".to_owned(),
            name: "Notes".to_owned(),
            create: json!({}),
            ttl_attribute: None,
            stream_view: Some("KEYS_ONLY".to_owned()),
        };
        correct(&mut description, &table);
        let notes = "arn:aws:dynamodb:us-east-1:123456789012:table/Notes";
        assert_eq!(
            description,
            json!({"Table": {
                "TableName": "Notes",
                "TableArn": notes,
                "LatestStreamArn": format!("{notes}/stream/2026-01-01T00:00:00.000"),
                "LatestStreamLabel": "2026-01-01T00:00:00.000",
                "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"},
                "LocalSecondaryIndexes": [{"IndexArn": format!("{notes}/index/by-updated")}],
            }})
        );
    }

    #[test]
    fn a_table_is_named_by_name_or_by_arn() {
        assert_eq!(table_name("Notes"), "Notes");
        assert_eq!(table_name(&table_arn("Notes")), "Notes");
        assert_eq!(table_name(&stream_arn("Notes")), "Notes");
    }
}
