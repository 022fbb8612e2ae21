//! Tests of the responses while DynamoDB fails.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use axum::body::to_bytes;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use lambda_http::{Request, Service as _};
use notes::{SessionToken, Timestamp};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::fake_dynamodb::{Reply, failing_dynamodb};
use crate::app::{App, TIME_BUDGET};
use crate::request::event;
use crate::router::router;

/// Creates the state of the function with this client.
fn app(client: Client, time_budget: Duration) -> Arc<App> {
    Arc::new(App { time_budget, ..App::on(client) })
}

/// Requests the signed-in user, with the session of the sample event.
async fn who_am_i(client: Client, time_budget: Duration) -> Response {
    let event = serde_json::from_str(include_str!("../../../../events/http-who-am-i.json")).unwrap();
    let request: Request = event::normalize(event).into();
    router(app(client, time_budget)).call(request).await.unwrap()
}

/// Asserts that a response is 503 with `Retry-After` and the request's id, and reveals nothing internal.
async fn assert_unavailable(response: Response) {
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let wait = response.headers()[RETRY_AFTER].to_str().unwrap().parse::<u32>().unwrap();
    assert!((1..=60).contains(&wait));
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let problem: Value = serde_json::from_slice(&body).unwrap();
    let members: Vec<&String> = problem.as_object().unwrap().keys().collect();
    assert_eq!(members, ["detail", "requestId", "status", "title", "type"]);
    assert_eq!(problem["requestId"], "UZ5jmhdYoAMEJ04=");
    for internal in ["DynamoDB", "hroughput", "Secrets", "table", "src/"] {
        assert!(!problem.to_string().contains(internal), "{internal} in {problem}");
    }
}

/// Returns the response with the session of the sample event.
fn session() -> Value {
    json!({ "Item": session_row() })
}

/// Returns the response with that session, and with the first team board.
fn session_and_board() -> Value {
    let board = json!({
        "board": { "S": "team" }, "member": { "S": "#board" }, "name": { "S": "Team" },
        "teamRole": { "S": "editor" }, "version": { "N": "1" }, "created": { "S": Timestamp::now() },
    });
    json!({ "Responses": { "Sessions": [session_row()], "Boards": [board] }, "UnprocessedKeys": {} })
}

fn session_row() -> Value {
    let token = SessionToken::parse("ada.YSBzYW1wbGUgdG9rZW4sIGV4YWN0bHkgMzIgYnl0ZXM").unwrap();
    let now = Timestamp::now();
    json!({
        "username": { "S": "ada" }, "id": { "S": token.id().digest() }, "displayName": { "S": "Ada" },
        "created": { "S": now }, "lastSeen": { "S": now }, "expires": { "N": "4102444800" },
        "address": { "S": "" }, "agent": { "S": "" },
    })
}

#[tokio::test]
async fn a_failure_after_all_retries_is_503_with_retry_after() {
    for reply in [
        Reply::Error(400, "ProvisionedThroughputExceededException"),
        Reply::Error(400, "ThrottlingException"),
        Reply::Error(400, "RequestLimitExceeded"),
        Reply::Error(500, "InternalServerError"),
        Reply::Error(503, "ServiceUnavailable"),
        Reply::Reset,
    ] {
        // Without a time budget, the retries end by themselves.
        assert_unavailable(who_am_i(failing_dynamodb(vec![reply]).await, Duration::MAX).await).await;
    }
}

#[tokio::test]
async fn a_call_that_fails_twice_is_retried() {
    for reply in
        [Reply::Error(400, "ThrottlingException"), Reply::Error(500, "InternalServerError"), Reply::Reset]
    {
        let client = failing_dynamodb(vec![reply.clone(), reply, Reply::Success(session())]).await;
        assert_eq!(who_am_i(client, Duration::MAX).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn another_error_is_500_and_reveals_nothing_internal() {
    let response =
        who_am_i(failing_dynamodb(vec![Reply::Error(400, "AccessDeniedException")]).await, TIME_BUDGET).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let problem: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(problem["requestId"], "UZ5jmhdYoAMEJ04=");
    assert!(!problem.to_string().contains("Secrets") && !problem.to_string().contains("Denied"), "{problem}");
}

/// The clock is paused, so time advances only when every task is idle.
#[tokio::test(start_paused = true)]
async fn a_call_that_hangs_times_out_before_the_function() {
    let start = Instant::now();
    assert_unavailable(who_am_i(failing_dynamodb(vec![Reply::Hang]).await, Duration::MAX).await).await;
    assert!(start.elapsed() <= Duration::from_secs(11), "{:?}", start.elapsed());
}

/// The clock is paused, as above.
#[tokio::test(start_paused = true)]
async fn a_request_over_its_time_budget_is_503() {
    let time_budget = Duration::from_millis(50);
    let start = Instant::now();
    assert_unavailable(who_am_i(failing_dynamodb(vec![Reply::Hang]).await, time_budget).await).await;
    assert!((time_budget..Duration::from_secs(1)).contains(&start.elapsed()), "{:?}", start.elapsed());
}

#[test]
fn the_time_budget_is_below_the_other_limits() {
    let template = include_str!("../../../../template.yaml");
    let timeout = template.lines().find_map(|line| line.trim().strip_prefix("Timeout: ")).unwrap();
    let timeout = Duration::from_secs(timeout.parse().unwrap());
    assert!(TIME_BUDGET < timeout && timeout < Duration::from_secs(29));
}

#[tokio::test]
async fn a_full_board_is_409_with_advice() {
    let full = || Reply::Error(400, "ItemCollectionSizeLimitExceededException");
    let administrator =
        json!({ "Item": { "displayName": { "S": "Ada" }, "administrator": { "BOOL": true } } });
    let mut with_note = session_and_board();
    let time = json!({ "S": "2026-11-23T20:15:00.000Z" });
    with_note["Responses"]["Notes"] = json!([{
        "board": { "S": "team" }, "key": { "S": "shopping" }, "title": { "S": "Shopping" }, "body": { "S": "" },
        "author": { "S": "ada" }, "editor": { "S": "ada" }, "version": { "N": "1" },
        "created": time, "updated": time, "listed": time,
        "document": { "S": "019ab2b5-8e30-7c4b-9d52-3f1c0e6a7b88" },
    }]);
    for (sample, authorizations) in [
        (include_str!("../../../../events/http-create-note.json"), vec![session_and_board()]),
        (include_str!("../../../../events/http-create-note-under-key.json"), vec![session_and_board()]),
        (include_str!("../../../../events/http-update-note.json"), vec![with_note, json!({ "Items": [] })]),
        (include_str!("../../../../events/http-import.json"), vec![session_and_board(), administrator]),
    ] {
        let replies = authorizations.into_iter().map(Reply::Success).chain([full()]).collect();
        let request: Request = event::normalize(serde_json::from_str(sample).unwrap()).into();
        let response = router(app(failing_dynamodb(replies).await, TIME_BUDGET)).call(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::CONFLICT);
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["type"], "/api/problems/board-full");
        assert!(problem["detail"].as_str().unwrap().contains("Delete notes"), "{problem}");
    }
}

#[tokio::test]
async fn reads_that_are_postponed_are_repeated_and_503_if_all_are() {
    let row = |username: &str| json!({ "username": { "S": username }, "displayName": { "S": username } });
    let response = |rows: &[&str], postponed: &[&str]| {
        let keys: Vec<Value> =
            postponed.iter().map(|username| json!({ "username": { "S": username } })).collect();
        let rows: Vec<Value> = rows.iter().copied().map(row).collect();
        let unprocessed = if keys.is_empty() { json!({}) } else { json!({ "Users": { "Keys": keys } }) };
        Reply::Success(json!({ "Responses": { "Users": rows }, "UnprocessedKeys": unprocessed }))
    };
    let look_up = async |replies: Vec<Reply>| {
        let event = include_str!("../../../../events/http-look-up-users.json");
        let request: Request = event::normalize(serde_json::from_str(event).unwrap()).into();
        let session = Reply::Success(session());
        let client = failing_dynamodb(std::iter::once(session).chain(replies).collect()).await;
        router(app(client, TIME_BUDGET)).call(request).await.unwrap()
    };
    let found = look_up(vec![response(&["ada"], &["bob"]), response(&["bob"], &[])]).await;
    assert_eq!(found.status(), StatusCode::OK);
    let body = to_bytes(found.into_body(), usize::MAX).await.unwrap();
    let users = ["ada", "bob"].map(|username| json!({ "username": username, "displayName": username }));
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), json!({ "users": users }));

    let none = look_up(vec![response(&[], &["ada", "bob"])]).await;
    assert_eq!(none.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn what_a_request_needs_is_read_again_if_it_is_postponed() {
    let create = async |replies: Vec<Value>| {
        let event = include_str!("../../../../events/http-create-note.json");
        let request: Request = event::normalize(serde_json::from_str(event).unwrap()).into();
        let client = failing_dynamodb(replies.into_iter().map(Reply::Success).collect()).await;
        router(app(client, TIME_BUDGET)).call(request).await.unwrap().status()
    };
    let postponed = |session: Value, key: Value| json!({ "Responses": { "Sessions": session }, "UnprocessedKeys": { "Boards": { "Keys": [key] } } });
    let key = json!({ "board": { "S": "team" }, "member": { "S": "#board" } });
    let board = json!({ "Responses": { "Boards": session_and_board()["Responses"]["Boards"] } });
    let half = postponed(json!([session_row()]), key.clone());
    assert_eq!(create(vec![half.clone(), board, json!({})]).await, StatusCode::CREATED);
    let all = postponed(json!([]), key);
    assert_eq!(create(vec![half, all]).await, StatusCode::SERVICE_UNAVAILABLE);
}
