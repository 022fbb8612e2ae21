//! The metrics of the functions, in CloudWatch's embedded metric format.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};

use crate::support::client::{ABSENT, Client, PASSWORD, credentials, draft};
use crate::support::{Logs, PATIENCE, TestCloud};

/// Asserts that a line is valid in the embedded metric format: each declared metric and dimension is a member of the
/// right type, and no limit is exceeded.
#[track_caller]
fn assert_embedded(line: &Value) {
    assert!(line["_aws"]["Timestamp"].as_u64().is_some_and(|time| time > 1_700_000_000_000), "{line}");
    for directive in line["_aws"]["CloudWatchMetrics"].as_array().unwrap() {
        assert_eq!(directive["Namespace"], "Notes");
        let metrics = directive["Metrics"].as_array().unwrap();
        assert!((1..=100).contains(&metrics.len()), "{line}");
        for metric in metrics {
            let value = &line[metric["Name"].as_str().unwrap()];
            let numbers = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            assert!((1..=100).contains(&numbers.len()), "{metric} in {line}");
            assert!(numbers.iter().all(Value::is_number), "{metric} in {line}");
        }
        for dimension in
            directive["Dimensions"].as_array().unwrap().iter().flat_map(|set| set.as_array().unwrap())
        {
            assert!(line[dimension.as_str().unwrap()].is_string(), "{dimension} in {line}");
        }
    }
}

/// Returns the lines in which a function reports a metric.
async fn metric_lines(logs: &Logs, count: usize, function: &str, metric: &str) -> Vec<Value> {
    let lines = logs.lines(count, function, |line| !line["_aws"].is_null() && !line[metric].is_null()).await;
    lines.iter().for_each(assert_embedded);
    lines
}

#[tokio::test]
async fn requests_are_counted_by_route_and_status_and_never_by_key() {
    let (cloud, logs) = Logs::of_a_cloud("INFO").await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    ada.read("a").await.json(200);
    ada.read("b").await.problem(404);
    let lines = metric_lines(&logs, 4, "Http", "Requests").await;
    let counts =
        lines.iter().map(|line| json!([line["Method"], line["Route"], line["Status"], line["Requests"]]));
    assert_eq!(
        counts.collect::<Vec<_>>(),
        [
            json!(["POST", "/api/users", "201", 1]),
            json!(["PUT", "/api/boards/{board}/notes/{key}", "201", 1]),
            json!(["GET", "/api/boards/{board}/notes/{key}", "200", 1]),
            json!(["GET", "/api/boards/{board}/notes/{key}", "404", 1]),
        ]
    );
    for line in lines {
        assert!(line["Duration"][0].as_f64().is_some_and(|milliseconds| milliseconds > 0.0), "{line}");
        assert_eq!(
            line["_aws"]["CloudWatchMetrics"][0]["Dimensions"],
            json!([["Method", "Route", "Status"]])
        );
    }
    cloud.stop().await;
}

#[tokio::test]
async fn failed_sign_ins_are_counted_by_reason() {
    let (cloud, logs) = Logs::of_a_cloud("INFO").await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.sign_in(credentials("ada", PASSWORD)).await.json(200);
    ada.sign_in(credentials("a", "b")).await.problem(401);
    let mut wrong = 1;
    while ada.sign_in(credentials("ada", "a wrong one")).await.status == 401 {
        wrong += 1;
    }
    let lines = metric_lines(&logs, wrong + 1, "Http", "SignInsFailed").await;
    let mut reasons: Vec<&str> = lines.iter().map(|line| line["Reason"].as_str().unwrap()).collect();
    assert_eq!(reasons.pop(), Some("too many"));
    assert!(reasons.iter().all(|reason| *reason == "wrong"), "{reasons:?}");
    assert!(lines.iter().all(|line| line["SignInsFailed"] == 1), "{lines:?}");
    cloud.stop().await;
}

/// Inserts a socket in the first board's room whose connection does not exist.
async fn insert_room_member(cloud: &TestCloud, connection: &str, expires: i64) {
    let text = |text: &str| AttributeValue::S(text.into());
    let put = cloud.dynamodb().put_item().table_name("Connections").item("room", text("/home,team#0"));
    let put = put.item("connectionId", text(connection)).item("socket", text("0123456789abcdef"));
    put.item("expires", AttributeValue::N(expires.to_string())).send().await.unwrap();
}

#[tokio::test]
async fn pushes_are_counted_by_result_and_delay() {
    for (most_sockets, function) in [("0", "Stream"), ("200", "Http")] {
        a_push_is_counted(most_sockets, function).await;
    }
}

/// Asserts what a function counts that pushes a change, if early pushes go to at most this many sockets.
async fn a_push_is_counted(most_sockets: &str, function: &str) {
    let (cloud, logs) = Logs::of_a_cloud_with(&[("EarlyPushSockets", most_sockets)]).await;
    cloud.keep_expired_items();
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    socket.join_home().await;
    let now = jiff::Timestamp::now().as_second();
    insert_room_member(&cloud, "gone=", now + 3600).await;
    insert_room_member(&cloud, "expired=", now).await;
    ada.create("shopping", "Shopping").await;
    socket.notetitles().await;
    let pushed = metric_lines(&logs, 1, function, "PushDelay").await.remove(0);
    let counts =
        ["PushesReached", "PushesGone", "PushesClosed", "PushesMissed"].map(|name| pushed[name].clone());
    assert_eq!(counts, [json!(1), json!(1), json!(1), Value::Null], "{pushed}");
    let [delay] = pushed["PushDelay"].as_array().unwrap().as_slice() else { panic!("{pushed}") };
    // The bounds show that the unit is milliseconds.
    let longest = PATIENCE.as_secs_f64() * 1000.0;
    assert!(delay.as_f64().is_some_and(|milliseconds| (1.0..longest).contains(&milliseconds)), "{pushed}");
    cloud.stop().await;
}

#[tokio::test]
async fn writes_report_the_size_of_the_board() {
    let (cloud, logs) = Logs::of_a_cloud("INFO").await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let note = json!({ "note": ada.write("a", ABSENT, draft("A", "")).await.json(201) });
    ada.rename("a", "B").await.json(200);
    ada.read("a").await.json(200);
    ada.destroy("a", ("if-match", "\"2\"")).await.empty(204);
    ada.import(format!("{note}\n")).await.lines();
    // The create, the new title and the import report the size in whole GB. Transactions do so only on AWS.
    for line in metric_lines(&logs, 3, "Http", "BoardSize").await {
        assert_eq!(line["BoardSize"], json!([0.0]), "{line}");
        assert_eq!(line["_aws"]["CloudWatchMetrics"][0]["Dimensions"], json!([[]]));
    }
    cloud.stop().await;
}
