//! The operation of a DynamoDB call, with its tables, indexes and permissions.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use sam_template::table_arn;

use crate::{arns, leading_keys};

/// An operation, from the `X-Amz-Target` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Operation<'a> {
    /// The name: `GetItem`.
    pub(crate) name: &'a str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Read,
    Write,
    Describe,
}

/// An action of a call. Policies must allow each action of the call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Access {
    /// The action, as policies name it: `dynamodb:GetItem`.
    pub(crate) action: String,
    /// The table or index.
    pub(crate) resource: Resource,
    /// Partition keys of the items in the call, for `dynamodb:LeadingKeys`.
    pub(crate) keys: BTreeSet<String>,
}

/// A table, or an index of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Resource {
    /// The table's name.
    pub(crate) table: String,
    /// The index's name.
    pub(crate) index: Option<String>,
}

impl<'a> Operation<'a> {
    /// Parses the header. Returns `None` for operations that are not available locally: the template creates tables, and
    /// triggers read streams.
    pub(crate) fn parse(target: &'a str) -> Option<Self> {
        let name = target.strip_prefix("DynamoDB_20120810.")?;
        let kind = match name {
            "GetItem" | "BatchGetItem" | "TransactGetItems" | "Query" | "Scan" => Kind::Read,
            "PutItem" | "UpdateItem" | "DeleteItem" | "BatchWriteItem" | "TransactWriteItems" => Kind::Write,
            "DescribeTable" | "DescribeTimeToLive" => Kind::Describe,
            _ => return None,
        };
        Some(Self { name, kind })
    }

    /// Returns whether the operation changes items.
    pub(crate) fn writes(&self) -> bool {
        self.kind == Kind::Write
    }

    /// Returns whether the response describes a table and holds no items.
    pub(crate) fn describes(&self) -> bool {
        self.kind == Kind::Describe
    }

    /// Returns the tables and indexes of a call, in alphabetical order and without duplicates.
    pub(crate) fn resources(&self, body: &Value) -> BTreeSet<Resource> {
        self.accesses(body, |_| None).into_iter().map(|access| access.resource).collect()
    }

    /// Returns the actions of a call. A batch is one action. Each part of a transaction is one
    /// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html>). `partition_key`
    /// returns the partition key attribute of a table or an index.
    pub(crate) fn accesses<'b>(
        &self,
        body: &Value,
        partition_key: impl Fn(&Resource) -> Option<&'b str>,
    ) -> BTreeSet<Access> {
        let access = |action: &str, resource: Resource, body: &Value| {
            let keys = partition_key(&resource).map(|attribute| leading_keys::of(body, attribute));
            Access { action: format!("dynamodb:{action}"), resource, keys: keys.unwrap_or_default() }
        };
        match self.name {
            "BatchGetItem" | "BatchWriteItem" => {
                let tables = body["RequestItems"].as_object().into_iter().flat_map(Map::iter);
                tables.map(|(table, items)| access(self.name, Resource::of(table, None), items)).collect()
            }
            "TransactGetItems" | "TransactWriteItems" => {
                let items = body["TransactItems"].as_array().into_iter().flatten();
                let parts = items.filter_map(Value::as_object).flatten();
                parts
                    .filter_map(|(part, call)| {
                        let action = match part.as_str() {
                            "ConditionCheck" => "ConditionCheckItem",
                            "Delete" => "DeleteItem",
                            "Get" => "GetItem",
                            "Put" => "PutItem",
                            "Update" => "UpdateItem",
                            // The engine refuses it with a reason.
                            _ => return None,
                        };
                        Some(access(action, Resource::of(call["TableName"].as_str()?, None), call))
                    })
                    .collect()
            }
            _ => body["TableName"]
                .as_str()
                .map(|table| access(self.name, Resource::of(table, body["IndexName"].as_str()), body))
                .into_iter()
                .collect(),
        }
    }
}

impl Resource {
    fn of(table: &str, index: Option<&str>) -> Self {
        Self { table: arns::table_name(table).to_owned(), index: index.map(str::to_owned) }
    }

    /// Returns the ARN.
    pub(crate) fn arn(&self) -> String {
        table_arn(&self.to_string())
    }
}

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.index {
            Some(index) => write!(f, "{}/index/{index}", self.table),
            None => f.write_str(&self.table),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn resources(operation: &str, body: &Value) -> Vec<String> {
        let target = format!("DynamoDB_20120810.{operation}");
        let operation = Operation::parse(&target).unwrap();
        operation.resources(body).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_call_names_its_table_or_its_index() {
        assert_eq!(resources("GetItem", &json!({"TableName": "Orders"})), ["Orders"]);
        let arn = table_arn("Orders");
        assert_eq!(
            resources("Query", &json!({"TableName": arn, "IndexName": "by-updated"})),
            ["Orders/index/by-updated"]
        );
    }

    #[test]
    fn a_batch_or_transaction_names_each_of_its_tables_once() {
        assert_eq!(resources("BatchGetItem", &json!({"RequestItems": {"B": {}, "A": {}}})), ["A", "B"]);
        let puts = json!({"TransactItems": [
            {"Put": {"TableName": "B"}}, {"Update": {"TableName": "A"}}, {"Delete": {"TableName": "B"}},
        ]});
        assert_eq!(resources("TransactWriteItems", &puts), ["A", "B"]);
    }

    #[test]
    fn each_part_of_a_transaction_is_an_action_and_a_batch_is_one() {
        let accesses = |operation: &str, body: Value| -> Vec<String> {
            let target = format!("DynamoDB_20120810.{operation}");
            let accesses = Operation::parse(&target).unwrap().accesses(&body, |_| None);
            accesses.iter().map(|access| format!("{} {}", access.action, access.resource)).collect()
        };
        let parts = json!({"TransactItems": [
            {"Put": {"TableName": "A"}}, {"Update": {"TableName": "A"}}, {"Delete": {"TableName": "A"}},
            {"ConditionCheck": {"TableName": "B"}}, {"Put": {"TableName": "A"}},
        ]});
        assert_eq!(
            accesses("TransactWriteItems", parts),
            [
                "dynamodb:ConditionCheckItem B",
                "dynamodb:DeleteItem A",
                "dynamodb:PutItem A",
                "dynamodb:UpdateItem A"
            ]
        );
        let gets = json!({"TransactItems": [{"Get": {"TableName": "A"}}]});
        assert_eq!(accesses("TransactGetItems", gets), ["dynamodb:GetItem A"]);
        let batch = json!({"RequestItems": {"A": []}});
        assert_eq!(accesses("BatchWriteItem", batch), ["dynamodb:BatchWriteItem A"]);
    }

    #[test]
    fn each_part_of_a_transaction_has_its_keys_and_a_batch_the_keys_of_all_items() {
        let keys = |operation: &str, body: Value| -> Vec<String> {
            let target = format!("DynamoDB_20120810.{operation}");
            let accesses = Operation::parse(&target)
                .unwrap()
                .accesses(&body, |resource| Some(if resource.index.is_some() { "author" } else { "board" }));
            let keys = |access: Access| Vec::from_iter(access.keys).join(" ");
            accesses.into_iter().map(|access| format!("{} {}", access.action.clone(), keys(access))).collect()
        };
        let item = |board: &str| json!({"board": {"S": board}, "key": {"S": "k"}});
        let parts = json!({"TransactItems": [
            {"ConditionCheck": {"TableName": "A", "Key": item("home")}},
            {"Put": {"TableName": "A", "Item": item("comments#a")}},
            {"Put": {"TableName": "A", "Item": item("comments#b")}},
        ]});
        assert_eq!(
            keys("TransactWriteItems", parts),
            [
                "dynamodb:ConditionCheckItem home",
                "dynamodb:PutItem comments#a",
                "dynamodb:PutItem comments#b"
            ]
        );
        let batch = json!({"RequestItems": {"A": [
            {"PutRequest": {"Item": item("comments#a")}}, {"DeleteRequest": {"Key": item("home")}},
        ]}});
        assert_eq!(keys("BatchWriteItem", batch), ["dynamodb:BatchWriteItem comments#a home"]);
        let batch = json!({"RequestItems": {"A": {"Keys": [item("home"), item("comments#a")]}}});
        assert_eq!(keys("BatchGetItem", batch), ["dynamodb:BatchGetItem comments#a home"]);
        let query = json!({
            "TableName": "A", "IndexName": "by-author", "KeyConditionExpression": "author = :author",
            "ExpressionAttributeValues": {":author": {"S": "ada"}},
        });
        assert_eq!(keys("Query", query), ["dynamodb:Query ada"]);
        assert_eq!(keys("Scan", json!({"TableName": "A"})), ["dynamodb:Scan "]);
    }

    #[test]
    fn each_operation_is_an_action_that_policies_can_name() {
        for operation in [
            "BatchGetItem",
            "BatchWriteItem",
            "DeleteItem",
            "DescribeTable",
            "DescribeTimeToLive",
            "GetItem",
            "PutItem",
            "Query",
            "Scan",
            "TransactGetItems",
            "TransactWriteItems",
            "UpdateItem",
        ] {
            let body = json!({
                "TableName": "A",
                "RequestItems": {"A": {}},
                "TransactItems": [{"Put": {"TableName": "A"}}, {"ConditionCheck": {"TableName": "A"}}],
            });
            let target = format!("DynamoDB_20120810.{operation}");
            let accesses = Operation::parse(&target).unwrap().accesses(&body, |_| None);
            assert!(!accesses.is_empty(), "{operation}");
            for access in accesses {
                assert!(sam_template::policy::ACTIONS.contains(&access.action.as_str()), "{access:?}");
            }
        }
    }

    #[test]
    fn operations_of_templates_and_triggers_are_not_available() {
        for target in ["DynamoDB_20120810.CreateTable", "DynamoDBStreams_20120810.GetRecords", "GetItem", ""]
        {
            assert_eq!(Operation::parse(target), None, "{target}");
        }
    }
}
