//! ARNs of AWS, and their correction in the engine's responses.

use serde_json::Value;

use sam_template::{STREAM_LABEL, Table, stream_arn, table_arn};

/// Prefix of the engine's ARNs.
const ENGINE: &str = "arn:aws:dynamodb:dynoxide:000000000000:table/";

/// Returns the name of a table, given its name or ARN.
pub(crate) fn table_name(name_or_arn: &str) -> &str {
    name_or_arn.split_once(":table/").map_or(name_or_arn, |(_, rest)| rest.split('/').next().unwrap_or(rest))
}

/// Corrects the engine's description of a table to AWS's.
///
/// Only for responses without items, since it would change the text of items.
pub(crate) fn correct(description: &mut Value, table: &Table) {
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
            "TableName": "Orders",
            "TableArn": "arn:aws:dynamodb:dynoxide:000000000000:table/Orders",
            "LatestStreamArn": "arn:aws:dynamodb:dynoxide:000000000000:table/Orders/stream/1761.5",
            "LatestStreamLabel": "1761.5",
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            "LocalSecondaryIndexes": [
                {"IndexArn": "arn:aws:dynamodb:dynoxide:000000000000:table/Orders/index/by-updated"}
            ],
        }});
        let table = Table {
            id: "Orders".to_owned(),
            name: "Orders".to_owned(),
            create: json!({}),
            ttl_attribute: None,
            stream_view: Some("KEYS_ONLY".to_owned()),
        };
        correct(&mut description, &table);
        let orders = "arn:aws:dynamodb:us-east-1:123456789012:table/Orders";
        assert_eq!(
            description,
            json!({"Table": {
                "TableName": "Orders",
                "TableArn": orders,
                "LatestStreamArn": format!("{orders}/stream/2026-01-01T00:00:00.000"),
                "LatestStreamLabel": "2026-01-01T00:00:00.000",
                "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"},
                "LocalSecondaryIndexes": [{"IndexArn": format!("{orders}/index/by-updated")}],
            }})
        );
    }

    #[test]
    fn a_table_is_named_by_name_or_by_arn() {
        assert_eq!(table_name("Orders"), "Orders");
        assert_eq!(table_name(&table_arn("Orders")), "Orders");
        assert_eq!(table_name(&stream_arn("Orders")), "Orders");
    }
}
