//! The sample events in `events/`, and the visit that `tests/samples` makes of them: which come in which order, and what is
//! answered to each.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;
use serde_json::Value;

use super::TestCloud;

/// A step of the visit: an event, and what its function answers.
#[derive(Debug, Deserialize)]
pub struct Step {
    /// The name of the event's file.
    pub event: String,
    /// The status of the answer; none where an answer has none.
    pub status: Option<u16>,
    /// A part of the answer's body.
    #[serde(default)]
    pub body: String,
}

/// The events in `events/`, by the names of their files.
pub fn sample_events() -> BTreeMap<String, String> {
    let folder = format!("{}/../events", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// The steps of the visit, in order.
pub fn visit() -> Vec<Step> {
    serde_json::from_str(&read("visit.json")).unwrap()
}

/// Gives the events' cookie a session.
pub async fn begin_the_samples_session(cloud: &TestCloud) {
    let rows: Value = serde_json::from_str(&read("rows.json")).unwrap();
    let row = rows["session"]["item"].as_object().unwrap();
    let value = |value: &Value| match (&value["S"], &value["N"]) {
        (Value::String(text), _) => AttributeValue::S(text.clone()),
        (_, Value::String(number)) => AttributeValue::N(number.clone()),
        _ => panic!("{value} is neither a text nor a number"),
    };
    let item: HashMap<_, _> = row.iter().map(|(name, given)| (name.clone(), value(given))).collect();
    cloud.dynamodb().put_item().table_name("Sessions").set_item(Some(item)).send().await.unwrap();
}

fn read(file: &str) -> String {
    let path = format!("{}/samples/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}
