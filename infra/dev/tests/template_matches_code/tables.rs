//! The keys, indexes and TTL attributes of the tables.

use std::collections::{BTreeMap, BTreeSet};

use notes::tables;
use sam_template::{Plan, Table};
use serde_json::Value;
use socketio::CONNECTIONS_TABLE;

use crate::{mistaken_plan, plan};

/// A table as the code uses it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UsedTable {
    /// The variable that names the table to functions.
    pub(crate) variable: &'static str,
    /// The partition key and the sort key.
    key: Key,
    /// The index that the code queries, and its key.
    pub(crate) index: Option<(&'static str, Key)>,
    /// The attributes that the index has besides the keys.
    projected: &'static [&'static str],
    /// The TTL attribute.
    ttl: Option<&'static str>,
}

type Key = (&'static str, Option<&'static str>);

/// All tables.
pub(crate) const TABLES: [UsedTable; 6] = [
    notes_table("NOTES_TABLE", tables::NOTES),
    notes_table("EDITS_TABLE", tables::EDITS),
    notes_table("BOARDS_TABLE", tables::BOARDS),
    notes_table("USERS_TABLE", tables::USERS),
    notes_table("SESSIONS_TABLE", tables::SESSIONS),
    UsedTable {
        variable: "CONNECTIONS_TABLE",
        key: (CONNECTIONS_TABLE.partition_key, Some(CONNECTIONS_TABLE.sort_key)),
        index: Some((
            CONNECTIONS_TABLE.session_index.name,
            (CONNECTIONS_TABLE.session_index.partition_key, None),
        )),
        projected: &[],
        ttl: Some(CONNECTIONS_TABLE.ttl),
    },
];

const fn notes_table(variable: &'static str, shape: tables::TableShape) -> UsedTable {
    let (index, projected) = match shape.index {
        Some(index) => (Some((index.name, (index.partition_key, index.sort_key))), index.projected),
        None => (None, [].as_slice()),
    };
    UsedTable { variable, key: (shape.partition_key, shape.sort_key), index, projected, ttl: shape.ttl }
}

/// Returns the table that a variable names to functions.
pub(crate) fn table<'p>(plan: &'p Plan, variable: &str) -> Option<&'p Table> {
    let name = plan.functions.iter().find_map(|function| function.environment.get(variable))?;
    plan.tables.iter().find(|table| table.name == *name)
}

/// Compares the tables of the template with those that the code uses.
fn complaints(plan: &Plan) -> Vec<String> {
    TABLES
        .iter()
        .flat_map(|used| match table(plan, used.variable) {
            Some(table) => table_complaints(table, used),
            None => vec![format!("{} names no table", used.variable)],
        })
        .collect()
}

fn table_complaints(table: &Table, used: &UsedTable) -> Vec<String> {
    let mut complaints = Vec::new();
    let id = &table.id;
    let (declared_key, used_key) = (declared_key(&table.create), used_key(used.key));
    if declared_key != used_key {
        complaints.push(format!("{id} has the key {declared_key:?}, but the code uses {used_key:?}"));
    }
    let declared_indexes = declared_indexes(table);
    let used_indexes: BTreeMap<String, Vec<(String, String)>> =
        used.index.iter().map(|(name, key)| ((*name).to_owned(), self::used_key(*key))).collect();
    if declared_indexes != used_indexes {
        complaints
            .push(format!("{id} has the indexes {declared_indexes:?}, but the code uses {used_indexes:?}"));
    }
    let declared_attributes = declared_attributes(table);
    if declared_attributes != used.projected {
        let used = used.projected;
        complaints.push(format!("{id} has {declared_attributes:?} in its index, but the code uses {used:?}"));
    }
    let defined: BTreeSet<String> = texts(&table.create["AttributeDefinitions"], "AttributeName").collect();
    let keys = declared_key.iter().chain(declared_indexes.values().flatten());
    let keys: BTreeSet<String> = keys.map(|(attribute, _)| attribute.clone()).collect();
    if defined != keys {
        complaints.push(format!("{id} defines the attributes {defined:?}, but its keys are {keys:?}"));
    }
    let (declared_ttl, used_ttl) = (table.ttl_attribute.as_deref(), used.ttl);
    if declared_ttl != used_ttl {
        complaints
            .push(format!("{id} has the TTL attribute {declared_ttl:?}, but the code uses {used_ttl:?}"));
    }
    complaints
}

/// Returns the attributes and types of a key, as the template declares it.
fn declared_key(declaration: &Value) -> Vec<(String, String)> {
    let schema = &declaration["KeySchema"];
    texts(schema, "AttributeName").zip(texts(schema, "KeyType")).collect()
}

fn declared_indexes(table: &Table) -> BTreeMap<String, Vec<(String, String)>> {
    ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"]
        .into_iter()
        .filter_map(|kind| table.create[kind].as_array())
        .flatten()
        .map(|index| (index["IndexName"].as_str().unwrap().to_owned(), declared_key(index)))
        .collect()
}

/// Returns the attributes that are in an index besides the keys.
fn declared_attributes(table: &Table) -> Vec<String> {
    let indexes = ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"].map(|kind| &table.create[kind]);
    let indexes = indexes.into_iter().filter_map(Value::as_array).flatten();
    let attributes = indexes.filter_map(|index| index["Projection"]["NonKeyAttributes"].as_array()).flatten();
    attributes.map(|name| name.as_str().unwrap().to_owned()).collect()
}

/// Returns the attributes and types of a key, as the code uses it.
fn used_key((partition_key, sort_key): Key) -> Vec<(String, String)> {
    let partition_key = (partition_key.to_owned(), "HASH".to_owned());
    let sort_key = sort_key.map(|name| (name.to_owned(), "RANGE".to_owned()));
    [partition_key].into_iter().chain(sort_key).collect()
}

/// Returns one property of each item of a list.
fn texts(list: &Value, property: &str) -> impl Iterator<Item = String> {
    list.as_array().into_iter().flatten().map(move |item| item[property].as_str().unwrap().to_owned())
}

/// Makes a mistake in the template and checks that exactly these complaints follow.
#[track_caller]
fn assert_caught(right: &str, wrong: &str, expected: &[&str]) {
    let complaints = complaints(&mistaken_plan(right, wrong));
    assert_eq!(complaints.len(), expected.len(), "{complaints:?}");
    for (complaint, start) in complaints.iter().zip(expected) {
        assert!(complaint.starts_with(start), "{complaint}");
    }
}

const TTL: &str = "      TimeToLiveSpecification: { AttributeName: expires, Enabled: true }\n";

#[test]
fn the_tables_have_the_keys_indexes_and_ttl_attributes_of_the_code() {
    assert!(complaints(&plan()).is_empty(), "{:?}", complaints(&plan()));
}

#[test]
fn a_key_in_another_case_is_caught() {
    let right = "AttributeName: connectionId, KeyType: RANGE";
    let expected = ["Connections has the key", "Connections defines the attributes"];
    assert_caught(right, &right.replace("connectionId", "connectionID"), &expected);
}

#[test]
fn a_renamed_index_is_caught() {
    let expected = r#"Notes has the indexes {"by-change""#;
    assert_caught("- IndexName: by-listed", "- IndexName: by-change", &[expected]);
}

#[test]
fn an_index_by_another_attribute_is_caught() {
    let right = "AttributeName: listed, KeyType: RANGE";
    let expected = ["Notes has the indexes", "Notes defines the attributes"];
    assert_caught(right, "AttributeName: created, KeyType: RANGE", &expected);
}

#[test]
fn an_attribute_that_the_index_lacks_is_caught() {
    let right = "NonKeyAttributes: [title, editor, tags, snippet, deletedBy, expires]";
    let expected = [r#"Notes has ["title", "tags", "snippet", "deletedBy", "expires"] in its index"#];
    assert_caught(right, &right.replace("editor, ", ""), &expected);
}

#[test]
fn an_index_that_no_code_queries_is_caught() {
    let second = "        - IndexName: by-key\n          KeySchema: [{ AttributeName: board, KeyType: HASH }, \
                  { AttributeName: key, KeyType: RANGE }]\n          Projection: { ProjectionType: KEYS_ONLY }\n";
    let right = "      LocalSecondaryIndexes:\n";
    assert_caught(right, &format!("{right}{second}"), &["Notes has the indexes {\"by-key\""]);
}

#[test]
fn a_misspelt_ttl_attribute_is_caught() {
    let expected = r#"Notes has the TTL attribute Some("expire"), but the code uses Some("expires")"#;
    assert_caught(TTL, &TTL.replace("expires", "expire"), &[expected]);
}

#[test]
fn a_forgotten_or_disabled_ttl_is_caught() {
    let expected = r#"Edits has the TTL attribute None, but the code uses Some("expires")"#;
    let edits = format!("{TTL}      StreamSpecification: {{ StreamViewType: NEW_IMAGE }}\n");
    assert_caught(&edits, &edits.replace(TTL, ""), &[expected]);
    assert_caught(&edits, &edits.replace("true", "false"), &[expected]);
}

#[test]
fn a_ttl_without_an_attribute_is_refused() {
    let refused =
        crate::read(&crate::mistaken(TTL, &TTL.replace("AttributeName: expires, ", ""))).unwrap_err();
    assert!(refused.to_string().contains("TimeToLiveSpecification.AttributeName: is missing"), "{refused}");
}
