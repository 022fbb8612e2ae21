//! DynamoDB tables.

use serde_json::{Value, json};

use crate::model::Table;
use crate::node::Node;
use crate::properties::Properties;
use crate::resources::{Resource, Resources};

const KIND: &str = "AWS::DynamoDB::Table";
const VIEWS: [&str; 4] = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"];

/// Reads all tables.
pub(crate) fn read(resources: &mut Resources) -> Vec<Table> {
    resources.take(KIND).into_iter().map(table).collect()
}

fn table(Resource { id, mut properties, .. }: Resource) -> Table {
    let name = properties.optional_text("TableName").unwrap_or_else(|| id.clone());
    // The local cloud does not simulate provisioned capacity, which throttles.
    if properties.only("BillingMode", &["PAY_PER_REQUEST"]).is_none() {
        properties.refuse("BillingMode", "is missing: write PAY_PER_REQUEST");
    }
    let mut create = json!({
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": json(properties.required("AttributeDefinitions")),
        "KeySchema": json(properties.required("KeySchema")),
    });
    for kind in ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"] {
        let indexes = properties.sections(kind);
        if !indexes.is_empty() {
            create[kind] = indexes.into_iter().map(index).collect();
        }
    }
    let stream_view = properties.section("StreamSpecification").and_then(stream_view);
    if let Some(view) = &stream_view {
        create["StreamSpecification"] = json!({"StreamEnabled": true, "StreamViewType": view});
    }
    let ttl_attribute = properties.section("TimeToLiveSpecification").and_then(ttl_attribute);
    properties.accept(KIND);
    properties.finish();
    Table { id, name, create, ttl_attribute, stream_view }
}

/// Reads an index. DynamoDB checks the keys and the projection when it creates the table.
fn index(mut index: Properties) -> Value {
    let index_json = json!({
        "IndexName": index.text("IndexName"),
        "KeySchema": json(index.required("KeySchema")),
        "Projection": json(index.required("Projection")),
    });
    index.finish();
    index_json
}

fn json(node: Option<Node>) -> Value {
    node.map(Node::into_json).unwrap_or_default()
}

fn stream_view(mut specification: Properties) -> Option<String> {
    let view = specification.only("StreamViewType", &VIEWS);
    if view.is_none() {
        specification.problems().missing(specification.at("StreamViewType"));
    }
    specification.finish();
    view
}

/// Reads the TTL attribute. Checks `AttributeName`: validators accept its absence, and the deployment fails.
fn ttl_attribute(mut specification: Properties) -> Option<String> {
    let enabled = specification.flag("Enabled");
    if enabled.is_none() {
        specification.problems().missing(specification.at("Enabled"));
    }
    let attribute = specification.optional_text("AttributeName");
    if enabled == Some(true) && attribute.is_none() {
        specification.refuse("AttributeName", "is missing: name the attribute that holds an item's expiry");
    }
    specification.finish();
    attribute.filter(|_| enabled == Some(true))
}
