//! The sample events in `events/`, and the visit in `tests/samples`: their order, and the expected response to each.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;
use serde_json::Value;

use super::TestCloud;

/// A step of the visit: an event, and the expected response of its function.
#[derive(Debug, Deserialize)]
pub struct Step {
    /// The name of the event's file.
    pub event: String,
    /// The status of the response, if it has one.
    pub status: Option<u16>,
    /// A part of the response's body.
    #[serde(default)]
    pub body: String,
}

/// Reads the events in `events/`, by the names of their files.
pub fn sample_events() -> BTreeMap<String, String> {
    let folder = format!("{}/../events", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// Reads the steps of the visit, in order.
pub fn visit() -> Vec<Step> {
    serde_json::from_str(&read("visit.json")).unwrap()
}

/// Creates the session of the events' cookie, and the first board.
pub async fn begin_the_samples_session(cloud: &TestCloud) {
    let rows: Value = serde_json::from_str(&read("rows.json")).unwrap();
    let value = |value: &Value| match (&value["S"], &value["N"]) {
        (Value::String(text), _) => AttributeValue::S(text.clone()),
        (_, Value::String(number)) => AttributeValue::N(number.clone()),
        _ => panic!("{value} is neither a string nor a number"),
    };
    for row in ["session", "board"].map(|name| &rows[name]) {
        let item = row["item"].as_object().unwrap();
        let item: HashMap<_, _> = item.iter().map(|(name, given)| (name.clone(), value(given))).collect();
        let table = row["table"].as_str().unwrap();
        cloud.dynamodb().put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
    }
}

fn read(file: &str) -> String {
    let path = format!("{}/samples/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}
