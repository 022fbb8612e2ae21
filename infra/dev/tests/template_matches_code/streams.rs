//! The stream views, and the filters of triggers.

use sam_template::Plan;
use serde_json::{Value, json};
use socketio::{CONNECTIONS_TABLE, Connection, RoomChange};

use crate::tables::table;
use crate::{mistaken_plan, plan};

/// Compares the views of the streams with those that the stream function needs.
fn view_complaints(plan: &Plan) -> Vec<String> {
    let mut complaints = Vec::new();
    for &(variable, needed) in stream_function::STREAM_VIEWS.iter().chain(merge_function::STREAM_VIEWS) {
        let view = table(plan, variable).and_then(|table| table.stream_view.as_deref());
        if view != Some(needed) {
            complaints.push(format!("{variable} has the stream view {view:?}, but the code needs {needed}"));
        }
    }
    complaints
}

/// Checks that the triggers let through the records that the stream function acts on.
fn filter_complaints(plan: &Plan) -> Vec<String> {
    let acted_on = [
        ("NOTES_TABLE", "a changed note", changed_note()),
        ("EDITS_TABLE", "a new edit", new_edit()),
        ("CONNECTIONS_TABLE", "a new connection", new_connection()),
        ("CONNECTIONS_TABLE", "a socket that joined a note", joined_socket()),
        ("CONNECTIONS_TABLE", "an expired connection", expired_connection()),
        ("SESSIONS_TABLE", "a deleted session", deleted_session()),
    ];
    let mut complaints = Vec::new();
    for (variable, name, record) in acted_on {
        let table = table(plan, variable).map(|table| table.id.as_str());
        let passes = plan.triggers.iter().filter(|trigger| Some(&*trigger.table) == table).any(|trigger| {
            trigger.filters.is_empty() || trigger.filters.iter().any(|filter| filter.matches(&record))
        });
        if !passes {
            complaints.push(format!("{variable}: no trigger lets {name} through"));
        }
    }
    complaints
}

fn changed_note() -> Value {
    let keys = json!({ "board": { "S": "home" }, "key": { "S": "shopping" } });
    json!({ "eventName": "MODIFY", "dynamodb": { "Keys": keys } })
}

fn new_edit() -> Value {
    let keys =
        json!({ "document": { "S": "019ab2b5-8e30-7c4b-9d52-3f1c0e6a7b88" }, "id": { "S": "e#019ab2b5" } });
    json!({ "eventName": "INSERT", "dynamodb": { "Keys": keys } })
}

fn new_connection() -> Value {
    let keys = connection_keys("L0SM9cOFvHcCIhw=");
    let mut row = keys.clone();
    row["engine"] = json!({ "S": "AA9AAA0AAzAAAAHs" });
    row[CONNECTIONS_TABLE.ttl] = json!({ "N": "4102444800" });
    json!({ "eventName": "INSERT", "dynamodb": { "Keys": keys, "NewImage": row } })
}

fn joined_socket() -> Value {
    let room = format!("{},shopping#0", notes::live::NOTES);
    json!({ "eventName": "INSERT", "dynamodb": { "Keys": connection_keys(&room) } })
}

fn expired_connection() -> Value {
    let by_dynamodb = json!({ "type": "Service", "principalId": "dynamodb.amazonaws.com" });
    let change = json!({ "Keys": connection_keys("L0SM9cOFvHcCIhw=") });
    json!({ "eventName": "REMOVE", "userIdentity": by_dynamodb, "dynamodb": change })
}

fn deleted_session() -> Value {
    let keys = json!({ "username": { "S": "ada" }, "id": { "S": "x" } });
    json!({ "eventName": "REMOVE", "dynamodb": { "Keys": keys } })
}

fn connection_keys(room: &str) -> Value {
    json!({
        CONNECTIONS_TABLE.partition_key: { "S": room },
        CONNECTIONS_TABLE.sort_key: { "S": "L0SM9cOFvHcCIhw=" },
    })
}

#[test]
fn the_streams_have_the_images_that_the_code_reads() {
    assert!(view_complaints(&plan()).is_empty(), "{:?}", view_complaints(&plan()));
}

#[test]
fn the_triggers_let_the_records_through_that_the_code_acts_on() {
    assert!(filter_complaints(&plan()).is_empty(), "{:?}", filter_complaints(&plan()));
}

/// The filters are compared with sample records. This shows that the code reads these samples.
#[test]
fn the_code_reads_the_sample_records() {
    let event = |mut record: Value| {
        record["awsRegion"] = json!("us-east-1");
        record["eventID"] = json!("7");
        record["dynamodb"]["SizeBytes"] = json!(100);
        serde_json::from_value(record).unwrap()
    };
    assert!(Connection::from_record(&event(new_connection())).is_ok());
    let mut without_engine = new_connection();
    without_engine["dynamodb"]["NewImage"].as_object_mut().unwrap().remove("engine");
    assert!(Connection::from_record(&event(without_engine)).is_err());
    let change = RoomChange::from_record(&event(joined_socket())).unwrap();
    assert_eq!((&*change.namespace, &*change.room), (notes::live::NOTES, "shopping"));
}

#[test]
fn a_stream_without_the_images_that_are_read_is_caught() {
    let plan = mistaken_plan("StreamViewType: NEW_AND_OLD_IMAGES", "StreamViewType: KEYS_ONLY");
    assert_eq!(
        view_complaints(&plan),
        [r#"NOTES_TABLE has the stream view Some("KEYS_ONLY"), but the code needs NEW_AND_OLD_IMAGES"#]
    );
}

#[test]
fn a_filter_by_an_unknown_attribute_is_caught() {
    let complaint = ["CONNECTIONS_TABLE: no trigger lets a new connection through"];
    assert_eq!(filter_complaints(&mistaken_plan(r#"{"engine":"#, r#"{"engineId":"#)), complaint);
    let complaint = ["CONNECTIONS_TABLE: no trigger lets a socket that joined a note through"];
    assert_eq!(filter_complaints(&mistaken_plan(r#"{"room":"#, r#"{"rooms":"#)), complaint);
}

#[test]
fn a_filter_for_another_namespace_is_caught() {
    let plan = mistaken_plan(r#"[{"prefix": "/notes,"}]"#, r#"[{"prefix": "/note,"}]"#);
    assert_eq!(
        filter_complaints(&plan),
        ["CONNECTIONS_TABLE: no trigger lets a socket that joined a note through"]
    );
}

#[test]
fn a_filter_for_an_unknown_event_is_caught() {
    let plan = mistaken_plan(r#"'{"eventName": ["REMOVE"]}'"#, r#"'{"eventName": ["DELETE"]}'"#);
    assert_eq!(filter_complaints(&plan), ["SESSIONS_TABLE: no trigger lets a deleted session through"]);
}

#[test]
fn a_trigger_on_another_tables_stream_is_caught() {
    let plan = mistaken_plan("Stream: !GetAtt Sessions.StreamArn", "Stream: !GetAtt Notes.StreamArn");
    assert_eq!(filter_complaints(&plan), ["SESSIONS_TABLE: no trigger lets a deleted session through"]);
}
