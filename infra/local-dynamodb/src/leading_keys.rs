//! The partition keys of the items in a call, which policies call `dynamodb:LeadingKeys`.

use std::collections::BTreeSet;

use serde_json::Value;

/// Returns the partition keys in a call. `attribute` is the partition key attribute. `call` is the body of a call, a part of
/// a transaction, or the part of a batch for one table.
pub(crate) fn of(call: &Value, attribute: &str) -> BTreeSet<String> {
    let mut named: Vec<&Value> = vec![&call["Key"][attribute], &call["Item"][attribute]];
    for request in call.as_array().into_iter().flatten() {
        named
            .extend([&request["PutRequest"]["Item"][attribute], &request["DeleteRequest"]["Key"][attribute]]);
    }
    named.extend(call["Keys"].as_array().into_iter().flatten().map(|key| &key[attribute]));
    named.extend(call["KeyConditions"][attribute]["AttributeValueList"].as_array().into_iter().flatten());
    if let Some(condition) = call["KeyConditionExpression"].as_str() {
        named.extend(queried(condition, call, attribute));
    }
    named.into_iter().filter_map(text).collect()
}

/// Returns the values that a key condition compares with the attribute: `board = :board AND ...`.
fn queried<'a>(condition: &str, call: &'a Value, attribute: &str) -> Vec<&'a Value> {
    let spaced = condition.replace(['(', ')'], " ").replace('=', " = ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let is_attribute =
        |word: &str| word == attribute || call["ExpressionAttributeNames"][word].as_str() == Some(attribute);
    let comparisons = words.windows(3).filter_map(|words| match words {
        [name, "=", value] | [value, "=", name] if is_attribute(name) => Some(value),
        _ => None,
    });
    comparisons.map(|value| &call["ExpressionAttributeValues"][value]).collect()
}

/// Returns a key as text, as policies compare it. Keys are strings, numbers or bytes.
fn text(value: &Value) -> Option<String> {
    ["S", "N", "B"].iter().find_map(|kind| value[kind].as_str()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn keys(call: &Value) -> Vec<String> {
        of(call, "board").into_iter().collect()
    }

    #[test]
    fn a_call_names_an_item_by_key_or_holds_it() {
        let item = json!({"board": {"S": "home"}, "key": {"S": "a"}});
        assert_eq!(keys(&json!({"Key": item})), ["home"]);
        assert_eq!(keys(&json!({"Item": item})), ["home"]);
        assert_eq!(keys(&json!({"Key": {"board": {"N": "1"}}})), ["1"]);
        assert_eq!(keys(&json!({"Key": {"board": {"B": "aGk="}}})), ["aGk="]);
        assert!(keys(&json!({"Key": {"key": {"S": "a"}}})).is_empty());
    }

    #[test]
    fn a_query_names_the_partition_in_its_condition() {
        for condition in [
            "board = :b",
            "board=:b",
            "#b = :b",
            "(#b = :b) AND (#k BETWEEN :low AND :high)",
            "#k = :low and #b = :b",
            "begins_with(#k, :low) AND board = :b",
            ":b = board",
        ] {
            let call = json!({
                "KeyConditionExpression": condition,
                "ExpressionAttributeNames": {"#b": "board", "#k": "key"},
                "ExpressionAttributeValues": {":b": {"S": "home"}, ":low": {"S": "a"}, ":high": {"S": "z"}},
            });
            assert_eq!(keys(&call), ["home"], "{condition}");
        }
        let legacy = json!({"KeyConditions": {
            "board": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "home"}]},
            "key": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]},
        }});
        assert_eq!(keys(&legacy), ["home"]);
    }
}
