//! DynamoDB tables.

use serde_json::{Value, json};

use super::properties::Properties;
use super::resources::{Resource, Resources};
use super::{Problem, Table};

const KIND: &str = "AWS::DynamoDB::Table";
const VIEWS: [&str; 4] = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"];

/// Reads all tables.
pub(super) fn read(resources: &mut Resources) -> Result<Vec<Table>, Problem> {
    resources.take(KIND).into_iter().map(table).collect()
}

fn table(Resource { id, mut properties, .. }: Resource) -> Result<Table, Problem> {
    let name = properties.optional_text("TableName")?.unwrap_or_else(|| id.clone());
    // Provisioned capacity would have to be exceeded to show; on-demand capacity has no such effect.
    if properties.only("BillingMode", &["PAY_PER_REQUEST"])?.is_none() {
        return Err(Problem::refused(properties.at("BillingMode"), "is missing: write PAY_PER_REQUEST"));
    }
    let mut create = json!({
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": properties.required("AttributeDefinitions")?,
        "KeySchema": properties.required("KeySchema")?,
    });
    for kind in ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"] {
        let indexes = properties.sections(kind)?;
        if !indexes.is_empty() {
            create[kind] = indexes.into_iter().map(index).collect::<Result<Value, _>>()?;
        }
    }
    let stream_view = properties.section("StreamSpecification")?.map(stream_view).transpose()?;
    if let Some(view) = &stream_view {
        create["StreamSpecification"] = json!({"StreamEnabled": true, "StreamViewType": view});
    }
    let ttl_attribute = match properties.section("TimeToLiveSpecification")? {
        Some(specification) => ttl_attribute(specification)?,
        None => None,
    };
    properties.accept(KIND);
    properties.finish()?;
    Ok(Table { id, name, create, ttl_attribute, stream_view })
}

/// What the keys and the projection may be is DynamoDB's to say when the table is made.
fn index(mut index: Properties) -> Result<Value, Problem> {
    let index_json = json!({
        "IndexName": index.text("IndexName")?,
        "KeySchema": index.required("KeySchema")?,
        "Projection": index.required("Projection")?,
    });
    index.finish()?;
    Ok(index_json)
}

fn stream_view(mut specification: Properties) -> Result<String, Problem> {
    let view = specification.only("StreamViewType", &VIEWS)?;
    let at = specification.at("StreamViewType");
    specification.finish()?;
    view.ok_or(Problem::Missing { at })
}

/// Validators let this one pass: without `AttributeName`, DynamoDB refuses to deploy.
fn ttl_attribute(mut specification: Properties) -> Result<Option<String>, Problem> {
    let at = specification.at("Enabled");
    let enabled = specification.flag("Enabled")?.ok_or(Problem::Missing { at })?;
    let name = specification.at("AttributeName");
    let attribute = specification.optional_text("AttributeName")?;
    specification.finish()?;
    match (enabled, attribute) {
        (false, _) => Ok(None),
        (true, Some(attribute)) => Ok(Some(attribute)),
        (true, None) => {
            Err(Problem::refused(name, "is missing: name the attribute that holds an item's expiry"))
        }
    }
}
