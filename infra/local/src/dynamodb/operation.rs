//! What a call to DynamoDB asks for: which operation, on which tables and indexes.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::arns;

/// An operation, from the `X-Amz-Target` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation<'a> {
    /// Its name: `GetItem`.
    pub(super) name: &'a str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Read,
    Write,
    Describe,
}

/// A table, or an index of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Resource {
    /// The table's name.
    pub(super) table: String,
    /// The index's name.
    pub(super) index: Option<String>,
}

impl<'a> Operation<'a> {
    /// Reads the header. `None` if it's nothing that is run here: tables are made by the template, streams read by
    /// triggers.
    pub(super) fn parse(target: &'a str) -> Option<Self> {
        let name = target.strip_prefix("DynamoDB_20120810.")?;
        let kind = match name {
            "GetItem" | "BatchGetItem" | "TransactGetItems" | "Query" | "Scan" => Kind::Read,
            "PutItem" | "UpdateItem" | "DeleteItem" | "BatchWriteItem" | "TransactWriteItems" => Kind::Write,
            "DescribeTable" | "DescribeTimeToLive" => Kind::Describe,
            _ => return None,
        };
        Some(Self { name, kind })
    }

    /// Whether it changes items.
    pub(super) fn writes(&self) -> bool {
        self.kind == Kind::Write
    }

    /// Whether its answer describes a table, and holds no items.
    pub(super) fn describes(&self) -> bool {
        self.kind == Kind::Describe
    }

    /// What a call with this body touches. The order is alphabetical, each once.
    pub(super) fn resources(&self, body: &Value) -> BTreeSet<Resource> {
        match self.name {
            "BatchGetItem" | "BatchWriteItem" => {
                let tables = body["RequestItems"].as_object().into_iter().flat_map(Map::keys);
                tables.map(|table| Resource::of(table, None)).collect()
            }
            "TransactGetItems" | "TransactWriteItems" => {
                let items = body["TransactItems"].as_array().into_iter().flatten();
                items
                    .filter_map(Value::as_object)
                    .flat_map(Map::values)
                    .filter_map(|call| Some(Resource::of(call["TableName"].as_str()?, None)))
                    .collect()
            }
            _ => body["TableName"]
                .as_str()
                .map(|table| Resource::of(table, body["IndexName"].as_str()))
                .into_iter()
                .collect(),
        }
    }
}

impl Resource {
    fn of(table: &str, index: Option<&str>) -> Self {
        Self { table: arns::table_name(table).to_owned(), index: index.map(str::to_owned) }
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
    fn a_call_touches_its_table_or_its_index() {
        assert_eq!(resources("GetItem", &json!({"TableName": "Notes"})), ["Notes"]);
        let arn = arns::table_arn("Notes");
        assert_eq!(
            resources("Query", &json!({"TableName": arn, "IndexName": "by-updated"})),
            ["Notes/index/by-updated"]
        );
    }

    #[test]
    fn a_batch_or_transaction_touches_all_its_tables_each_once() {
        assert_eq!(resources("BatchGetItem", &json!({"RequestItems": {"B": {}, "A": {}}})), ["A", "B"]);
        let puts = json!({"TransactItems": [
            {"Put": {"TableName": "B"}}, {"Update": {"TableName": "A"}}, {"Delete": {"TableName": "B"}},
        ]});
        assert_eq!(resources("TransactWriteItems", &puts), ["A", "B"]);
    }

    #[test]
    fn what_the_template_or_a_trigger_is_there_for_is_no_operation() {
        for target in ["DynamoDB_20120810.CreateTable", "DynamoDBStreams_20120810.GetRecords", "GetItem", ""]
        {
            assert_eq!(Operation::parse(target), None, "{target}");
        }
    }
}
