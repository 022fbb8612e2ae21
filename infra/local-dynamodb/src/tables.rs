//! Creates the tables of a template, and updates tables of an earlier run.

use std::collections::{BTreeMap, BTreeSet};

use dynoxide::{Database, DynoxideError};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::DynamoDbError;
use crate::ttl::Records;
use sam_template::Table;

/// Creates a table, or updates an existing one as CloudFormation does. Streams, expiry and global indexes can change in
/// place. Keys and local indexes cannot.
///
/// # Errors
/// If the engine refuses the table, or keys or local indexes differ.
pub(crate) fn create_or_update(
    database: &Database,
    records: &Records,
    table: &Table,
) -> Result<(), DynamoDbError> {
    let refused = |source| DynamoDbError::Table { table: table.name.clone(), source };
    let described =
        request(&json!({"TableName": table.name})).and_then(|request| database.describe_table(request));
    match described {
        Err(DynoxideError::ResourceNotFoundException(_)) => {
            request(&declaration(table))
                .and_then(|request| database.create_table(request))
                .map_err(refused)?;
        }
        Err(error) => return Err(refused(error)),
        Ok(answer) => {
            let existing = serde_json::to_value(&answer.table)
                .map_err(|error| refused(DynoxideError::InternalServerError(error.to_string())))?;
            change(database, records, table, &existing)?;
        }
    }
    expire(database, table).map_err(refused)
}

/// Returns the `CreateTable` call. The engine records both images for every stream view type, since only the two images
/// show whether a write changed the item.
fn declaration(table: &Table) -> Value {
    let mut create = table.create.clone();
    if table.stream_view.is_some() {
        create["StreamSpecification"] = stream(true);
    }
    create
}

fn stream(enabled: bool) -> Value {
    if enabled {
        json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    } else {
        json!({"StreamEnabled": false})
    }
}

fn change(
    database: &Database,
    records: &Records,
    table: &Table,
    existing: &Value,
) -> Result<(), DynamoDbError> {
    let refused = |source| DynamoDbError::Table { table: table.name.clone(), source };
    let differs = |what: &str| DynamoDbError::Differs { table: table.name.clone(), what: what.to_owned() };
    let wanted = &table.create;

    if existing["KeySchema"] != wanted["KeySchema"] || key_types(existing) != key_types(wanted) {
        return Err(differs("keys"));
    }
    if indexes(existing, "LocalSecondaryIndexes") != indexes(wanted, "LocalSecondaryIndexes") {
        return Err(differs("local indexes"));
    }

    let update = |change: Value| {
        let mut update =
            json!({"TableName": table.name, "AttributeDefinitions": wanted["AttributeDefinitions"]});
        if let (Some(update), Value::Object(change)) = (update.as_object_mut(), change) {
            update.extend(change);
        }
        request(&update).and_then(|request| database.update_table(request)).map(drop).map_err(refused)
    };

    let old = indexes(existing, "GlobalSecondaryIndexes");
    let new = indexes(wanted, "GlobalSecondaryIndexes");
    if new.iter().any(|(name, index)| old.get(name).is_some_and(|before| before != index)) {
        return Err(differs("global indexes"));
    }
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        update(json!({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": name}}]}))?;
    }
    for index in new.iter().filter(|(name, _)| !old.contains_key(*name)).map(|(_, index)| index) {
        update(json!({"GlobalSecondaryIndexUpdates": [{"Create": index}]}))?;
    }

    let streamed = existing["StreamSpecification"]["StreamEnabled"] == true;
    if streamed != table.stream_view.is_some() {
        update(json!({"StreamSpecification": stream(!streamed)}))?;
        // The engine keeps the records of a deleted stream, and the next stream would begin with them.
        records
            .purge(&table.name)
            .map_err(|error| refused(DynoxideError::InternalServerError(error.to_string())))?;
    }
    Ok(())
}

/// Switches expiry on or off.
fn expire(database: &Database, table: &Table) -> Result<(), DynoxideError> {
    let describe = request(&json!({"TableName": table.name}))?;
    let current = database.describe_time_to_live(describe)?.time_to_live_description.attribute_name;
    if current == table.ttl_attribute {
        return Ok(());
    }
    let set = |attribute: &str, enabled: bool| {
        let specification = json!({"AttributeName": attribute, "Enabled": enabled});
        let update = request(&json!({"TableName": table.name, "TimeToLiveSpecification": specification}))?;
        database.update_time_to_live(update).map(drop)
    };
    if let Some(attribute) = &current {
        set(attribute, false)?;
    }
    table.ttl_attribute.as_ref().map_or(Ok(()), |attribute| set(attribute, true))
}

/// Returns the types of the table's key attributes.
fn key_types(table: &Value) -> BTreeSet<(&str, &str)> {
    let keys: BTreeSet<&str> =
        entries(table, "KeySchema").filter_map(|key| key["AttributeName"].as_str()).collect();
    entries(table, "AttributeDefinitions")
        .filter_map(|attribute| {
            Some((attribute["AttributeName"].as_str()?, attribute["AttributeType"].as_str()?))
        })
        .filter(|(name, _)| keys.contains(name))
        .collect()
}

/// Returns the indexes of a kind by name, with their definitions.
fn indexes(table: &Value, kind: &str) -> BTreeMap<String, Value> {
    let definition = |index: &Value| {
        let mut projection = index["Projection"].clone();
        if let Some(Value::Array(attributes)) = projection.get_mut("NonKeyAttributes") {
            attributes.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
        }
        json!({"IndexName": index["IndexName"], "KeySchema": index["KeySchema"], "Projection": projection})
    };
    entries(table, kind)
        .filter_map(|index| Some((index["IndexName"].as_str()?.to_owned(), definition(index))))
        .collect()
}

fn entries<'a>(table: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    table[list].as_array().into_iter().flatten()
}

/// Converts DynamoDB's JSON into a request to the engine.
fn request<T: DeserializeOwned>(json: &Value) -> Result<T, DynoxideError> {
    serde_json::from_value(json.clone()).map_err(|error| {
        // The engine's error for a request that it can read and refuses.
        let reason = error.to_string();
        DynoxideError::ValidationException(reason.strip_prefix("VALIDATION:").unwrap_or(&reason).to_owned())
    })
}
