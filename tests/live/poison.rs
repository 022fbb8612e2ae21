//! Stream records that cannot be read.

use serde_json::{Value, json};

use crate::support::TestCloud;

fn event(name: &str) -> Value {
    let path = format!("{}/../events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[tokio::test]
async fn a_poison_record_fails_alone_and_the_rest_of_its_batch_is_pushed() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    socket.join_home().await;

    let mut batch = event("stream-note-created");
    let good = batch["Records"][0].clone();
    let mut poison = good.clone();
    poison["dynamodb"]["NewImage"]["version"] = json!({ "S": "one" });
    poison["dynamodb"]["SequenceNumber"] = json!("666");
    batch["Records"] = json!([good.clone(), poison, good]);
    let result = cloud.invoke("Stream", &batch.to_string()).await;
    assert_eq!(result["batchItemFailures"], json!([{ "itemIdentifier": "666" }]));
    socket.notetitles().await;
    cloud.stop().await;
}

#[tokio::test]
async fn records_of_other_streams_and_invalid_rows_are_reported_as_failed() {
    let cloud = TestCloud::start().await;
    let mut foreign = event("stream-note-created");
    foreign["Records"][0]["eventSourceARN"] =
        json!("arn:aws:dynamodb:us-east-1:123456789012:table/Other/stream/x");
    let mut invalid_connection = event("stream-connection-opened");
    invalid_connection["Records"][0]["dynamodb"]["NewImage"]["engine"] = json!({ "S": "short" });
    let mut invalid_board = event("stream-note-created");
    for image in ["Keys", "NewImage"] {
        invalid_board["Records"][0]["dynamodb"][image]["board"] = json!({ "S": "no board" });
    }
    let mut invalid_session = event("stream-session-ended");
    invalid_session["Records"][0]["dynamodb"]["Keys"] = json!({ "id": { "S": "no digest" } });
    for batch in [foreign, invalid_connection, invalid_board, invalid_session] {
        let number = batch["Records"][0]["dynamodb"]["SequenceNumber"].clone();
        let result = cloud.invoke("Stream", &batch.to_string()).await;
        assert_eq!(result["batchItemFailures"], json!([{ "itemIdentifier": number }]));
    }
    cloud.stop().await;
}
