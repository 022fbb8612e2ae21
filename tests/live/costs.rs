//! The costs of joining and pushing, in calls to DynamoDB and `@connections`.

use crate::support::{JOIN_HOME, TestCloud, until};

#[tokio::test]
async fn opening_a_connection_takes_three_requests_to_dynamodb_or_five_with_an_early_open_packet() {
    let requests = ["GetItem Sessions", "PutItem Connections", "Query Connections/index/by-session"];
    opening_a_connection_takes(TestCloud::start().await, &requests).await;
    let [session, connection, others] = requests;
    let requests = ["GetItem Connections", session, connection, others, "UpdateItem Connections"];
    opening_a_connection_takes(TestCloud::with_early_pushes().await, &requests).await;
}

async fn opening_a_connection_takes(cloud: TestCloud, expected: &[&str]) {
    let ada = cloud.sign_up("ada").await;
    let mut first = cloud.socket(&ada).await;
    first.join_home().await;
    cloud.forget_calls().await;
    let mut socket = cloud.socket(&ada).await;
    socket.expect("0").await;
    until("the session's other connections are queried", async || {
        cloud.count("Stream", "dynamodb:Query", "Connections/index/by-session") == 1
    })
    .await;
    let mut requests: Vec<_> =
        cloud.calls().iter().map(|call| format!("{} {}", call.action, call.resource)).collect();
    // Posts are retried while the connection is still opening, so they are not counted.
    requests.retain(|request| request.starts_with("dynamodb:"));
    requests.sort();
    // The stream's function reads the row again while the packet is being sent. On AWS, its record arrives later.
    requests.dedup();
    let expected: Vec<_> = expected.iter().map(|request| format!("dynamodb:{request}")).collect();
    assert_eq!(requests, expected);
    cloud.stop().await;
}

#[tokio::test]
async fn joining_home_takes_five_requests_to_dynamodb_and_two_posts() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut first = cloud.socket(&ada).await;
    first.join_home().await;
    let mut socket = cloud.socket(&ada).await;
    socket.expect("0").await;
    cloud.forget_calls().await;

    socket.send(JOIN_HOME).await;
    socket.expect("40/home,").await;
    socket.notetitles().await;
    let calls = cloud.calls();
    let (posts, requests): (Vec<_>, Vec<_>) =
        calls.iter().partition(|call| call.action.starts_with("execute-api:"));
    assert_eq!((requests.len(), posts.len()), (5, 2), "{calls:#?}");
    cloud.stop().await;
}

/// Asserts the calls of one push to a room of this number of partitions.
async fn a_push_costs(shards: usize) {
    let cloud = TestCloud::with(|options| {
        options.parameters.insert("RoomShards".into(), shards.to_string());
    })
    .await;
    let ada = cloud.sign_up("ada").await;
    cloud.silence_activity().await;
    let mut sockets = Vec::new();
    for _ in 0..5 {
        let mut socket = cloud.socket(&ada).await;
        socket.join_home().await;
        sockets.push(socket);
    }
    // Warms up the function. The measured batch has several records.
    ada.create("warm", "Warm").await;
    for socket in &mut sockets {
        socket.notetitles().await;
    }
    cloud.forget_calls().await;

    let events = include_str!("../../events/stream-note-created.json");
    let mut batch: serde_json::Value = serde_json::from_str(events).unwrap();
    let record = batch["Records"][0].clone();
    batch["Records"] = std::iter::repeat_n(record, 50).collect();
    cloud.invoke("Stream", &batch.to_string()).await;
    for socket in &mut sockets {
        socket.notetitles().await;
    }
    assert_eq!(cloud.count("Stream", "dynamodb:UpdateItem", "Connections"), 1, "one revision");
    assert_eq!(cloud.count("Stream", "dynamodb:Query", "Notes/index/by-listed"), 1, "one query of titles");
    assert_eq!(
        cloud.count("Stream", "dynamodb:Query", "Connections"),
        2 * shards,
        "one query per shard of the list's room, and of the note's room"
    );
    assert_eq!(cloud.count("Stream", "execute-api:POST", ""), 5, "one post per connection");
    assert_eq!(cloud.count("Stream", "dynamodb:UpdateItem", "Boards"), 1, "one look at the board's activity");
    assert_eq!(cloud.calls().len(), 1 + 1 + 1 + 2 * shards + 5, "{:#?}", cloud.calls());
    cloud.stop().await;
}

#[tokio::test]
async fn a_push_takes_one_revision_one_list_one_room_and_one_post_per_connection() {
    a_push_costs(1).await;
}

#[tokio::test]
async fn a_push_queries_each_of_eight_partitions_once() {
    a_push_costs(8).await;
}

/// Counts the calls of the HTTP function after a write with this number of open pages, which are not its own two.
async fn an_early_push_makes(pages: usize) -> [usize; 4] {
    let cloud = TestCloud::with_early_pushes().await;
    let ada = cloud.sign_up("ada").await;
    cloud.silence_activity().await;
    let mut sockets = Vec::new();
    for _ in 0..pages {
        let mut socket = cloud.socket(&ada).await;
        socket.join_home().await;
        sockets.push(socket);
    }
    cloud.forget_calls().await;
    ada.create("a", "A").await;
    for socket in &mut sockets {
        socket.notetitles().await;
    }
    cloud.rests().await;
    let counts = [
        cloud.count("Http", "dynamodb:Query", "Connections"),
        cloud.count("Http", "dynamodb:Query", "Notes/index/by-listed"),
        cloud.count("Http", "dynamodb:UpdateItem", "Connections"),
        cloud.count("Http", "execute-api:POST", ""),
    ];
    let of_http = cloud.calls().iter().filter(|call| call.caller == "Http").count();
    assert_eq!(of_http, 2 + counts.iter().sum::<usize>(), "{:#?}", cloud.calls());
    cloud.stop().await;
    counts
}

#[tokio::test]
async fn an_early_push_reads_two_rooms_and_the_list_and_writes_a_revision_and_a_mark() {
    assert_eq!(an_early_push_makes(0).await, [2, 0, 1, 0], "only a mark if nobody has the board open");
    assert_eq!(an_early_push_makes(3).await, [2, 1, 2, 3]);
}

#[tokio::test]
async fn no_function_scans_a_table() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    socket.join_home().await;
    ada.create("a", "A").await;
    socket.notetitles().await;
    ada.titles().await;
    ada.sign_out().await;
    socket.closed().await;
    until("the rows are gone", async || cloud.socket_rows().await == 0).await;
    let scans: Vec<_> = cloud
        .calls()
        .into_iter()
        .filter(|call| call.action == "dynamodb:Scan" && call.caller != "operator")
        .collect();
    assert!(scans.is_empty(), "{scans:#?}");
    cloud.stop().await;
}
