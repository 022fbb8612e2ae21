//! Storage of tables, and the time of writes.

use std::path::Path;
use std::time::Instant;

use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};
use local_dynamodb::Data;
use local_dynamodb::{DynamoDb, DynamoDbError, Options};
use local_service::Ledger;
use serde_json::json;

use crate::tables::{client, put_note, records, start, tables, text};

#[tokio::test]
async fn writes_survive_a_killed_process() {
    let directory = tempfile::tempdir().unwrap();
    let [before, after] = ["before", "after"].map(|name| directory.path().join(name));
    let tables = tables("NEW_AND_OLD_IMAGES");
    let dynamodb =
        DynamoDb::start(Options::new(&tables, &Data::Directory(before.clone())).context(Ledger::default()))
            .unwrap();
    put_note(&client(&dynamodb), "a", "2026-01-01", "first").await;

    // A killed process leaves its files unchanged, with the write-ahead log not merged.
    copy(&before, &after);
    let revived =
        DynamoDb::start(Options::new(&tables, &Data::Directory(after)).context(Ledger::default())).unwrap();
    let streams = revived.streams();
    let get =
        client(&revived).get_item().table_name("Orders").key("board", text("main")).key("key", text("a"));
    assert_eq!(get.send().await.unwrap().item().unwrap()["title"], text("first"));
    let beginning = streams.beginning("Orders").await.unwrap();
    assert_eq!(records(&streams, "Orders", &beginning).await.len(), 1);
}

#[tokio::test]
async fn the_file_has_the_index_of_stream_records() {
    let directory = tempfile::tempdir().unwrap();
    let data = Data::Directory(directory.path().to_owned());
    let _dynamodb =
        DynamoDb::start(Options::new(&tables("KEYS_ONLY"), &data).context(Ledger::default())).unwrap();
    let file = rusqlite::Connection::open(directory.path().join("dynamodb.sqlite")).unwrap();
    let indexes = "SELECT COUNT(*) FROM sqlite_master WHERE name = '_stream_records_in_order'";
    assert_eq!(file.query_row(indexes, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}

#[tokio::test]
async fn a_table_of_an_earlier_run_is_updated_to_the_template_or_refused() {
    let directory = tempfile::tempdir().unwrap();
    let data = Data::Directory(directory.path().to_owned());
    let mut tables = tables("NEW_AND_OLD_IMAGES");
    let dynamodb = DynamoDb::start(Options::new(&tables, &data).context(Ledger::default())).unwrap();
    put_note(&client(&dynamodb), "a", "2026-01-01", "first").await;
    drop(dynamodb);

    // The expiry attribute, a global index and the stream change in place.
    tables[1].ttl_attribute = Some("ends".to_owned());
    tables[0].stream_view = None;
    tables[0].create["GlobalSecondaryIndexes"] = json!([{
        "IndexName": "by-key",
        "KeySchema": [{"AttributeName": "key", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }]);
    let dynamodb = DynamoDb::start(Options::new(&tables, &data).context(Ledger::default())).unwrap();
    let client_now = client(&dynamodb);
    let by_key =
        client_now.query().table_name("Orders").index_name("by-key").key_condition_expression("#key = :key");
    let by_key =
        by_key.expression_attribute_names("#key", "key").expression_attribute_values(":key", text("a"));
    assert_eq!(by_key.send().await.unwrap().count(), 1);
    let ttl = client_now.describe_time_to_live().table_name("Sessions").send().await.unwrap();
    assert_eq!(ttl.time_to_live_description().unwrap().attribute_name(), Some("ends"));
    drop(dynamodb);

    // A new stream has no records of the old one. The index is removed.
    tables[0].stream_view = Some("NEW_IMAGE".to_owned());
    tables[0].create["GlobalSecondaryIndexes"] = json!(null);
    let dynamodb = DynamoDb::start(Options::new(&tables, &data).context(Ledger::default())).unwrap();
    let beginning = dynamodb.streams().beginning("Orders").await.unwrap();
    assert_eq!(records(&dynamodb.streams(), "Orders", &beginning).await.len(), 0);
    drop(dynamodb);

    // The same template changes nothing.
    drop(DynamoDb::start(Options::new(&tables, &data).context(Ledger::default())).unwrap());

    // A local index with more attributes cannot change in place, as on AWS.
    let held = std::mem::replace(
        &mut tables[0].create["LocalSecondaryIndexes"][0]["Projection"]["NonKeyAttributes"],
        json!(["title"]),
    );
    let refusal = DynamoDb::start(Options::new(&tables, &data).context(Ledger::default())).unwrap_err();
    assert!(refusal.to_string().starts_with("table Orders: its local indexes in the data directory differ"));
    tables[0].create["LocalSecondaryIndexes"][0]["Projection"]["NonKeyAttributes"] = held;

    // Neither can keys.
    tables[0].create["KeySchema"][1]["AttributeName"] = "updated".into();
    let refusal = DynamoDb::start(Options::new(&tables, &data).context(Ledger::default())).unwrap_err();
    assert!(matches!(refusal, DynamoDbError::Differs { .. }));
    assert_eq!(
        refusal.to_string(),
        "table Orders: its keys in the data directory differ from the template's, and cannot be changed in place; \
         give the table another name, or start with an empty data directory (--data)"
    );
}

/// Without the index, the engine reads the whole stream at every write. Writes to a full and a new database alternate, so
/// that a busy machine slows both. Of 200 times the test compares the twentieth fastest.
#[tokio::test]
async fn the_ten_thousandth_write_is_as_fast_as_the_first() {
    let (dynamodb, fresh) = (start(), start());
    let (client, other) = (client(&dynamodb), client(&fresh));
    // The first calls open the connections.
    put_note(&client, "warm", "2026-01-01", "up").await;
    put_note(&other, "warm", "2026-01-01", "up").await;
    for batch in 0..392 {
        let put = |n: i32| {
            let item = [("board", "main"), ("key", &format!("{batch}-{n}")), ("updated", "2026-01-01")];
            let item = item.map(|(name, value)| (name.to_owned(), text(value)));
            let put = PutRequest::builder().set_item(Some(item.into())).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        };
        let write = client.batch_write_item().request_items("Orders", (0..25).map(put).collect());
        write.send().await.unwrap();
    }
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for n in 0..200 {
        for (client, took) in [(&other, &mut first), (&client, &mut last)] {
            let begun = Instant::now();
            put_note(client, &format!("timed-{n}"), "2026-01-01", "a title").await;
            took.push(begun.elapsed());
        }
    }
    first.sort();
    last.sort();
    let (first, last) = (first[20], last[20]);
    println!("a write takes {first:?} among the first 200, {last:?} among those from the 9,802nd");
    assert!(last < 2 * first, "{first:?}, then {last:?}");
}

#[tokio::test]
async fn databases_in_memory_are_separate() {
    let (one, other) = (start(), start());
    put_note(&client(&one), "a", "2026-01-01", "first").await;
    let get = client(&other).get_item().table_name("Orders").key("board", text("main")).key("key", text("a"));
    assert!(get.send().await.unwrap().item().is_none());
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
