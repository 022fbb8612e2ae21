//! What a request is answered while DynamoDB throttles, fails, hangs, or is away. In the running cloud it never does.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, Credentials, Region};
use axum::body::to_bytes;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use lambda_http::{Request, Service as _};
use notes::{SessionToken, Timestamp};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use crate::app::App;
use crate::event;
use crate::router::router;
use crate::time_budget::BUDGET;

/// What a DynamoDB that has a bad day does with a call.
#[derive(Clone)]
enum Fault {
    /// Refuses it, in its own words.
    Refuses(u16, &'static str),
    /// Closes the connection.
    Resets,
    /// Says nothing, for ever.
    Hangs,
    /// None: answers it.
    Answers(Value),
}

/// A DynamoDB that meets its first calls with these faults, and all later ones with the last.
async fn dynamodb(faults: Vec<Fault>) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut hanging = Vec::new();
        let last = faults.last().cloned().into_iter().cycle();
        for fault in faults.into_iter().chain(last) {
            let mut stream = listener.accept().await.unwrap().0;
            read(&mut stream).await;
            match fault {
                Fault::Refuses(status, name) => {
                    let name = format!("com.amazonaws.dynamodb.v20120810#{name}");
                    write(&mut stream, status, &json!({ "__type": name, "message": "of the table Secrets" }))
                        .await;
                }
                Fault::Answers(answer) => write(&mut stream, 200, &answer).await,
                Fault::Resets => drop(stream),
                Fault::Hangs => hanging.push(stream),
            }
        }
    });
    let config = Builder::default()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(address)
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("TESTS", "secret", None, None, "tests"))
        .retry_config(aws::retries().with_initial_backoff(Duration::from_millis(1)))
        .timeout_config(aws::timeouts());
    notes::dynamodb(config)
}

/// Reads a call to its end.
async fn read(stream: &mut TcpStream) {
    let (mut call, mut chunk) = (String::new(), [0; 4096]);
    loop {
        if let Some((head, body)) = call.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.unwrap().parse().unwrap() {
                return;
            }
        }
        let length = stream.read(&mut chunk).await.unwrap();
        call.push_str(std::str::from_utf8(&chunk[..length]).unwrap());
    }
}

async fn write(stream: &mut TcpStream, status: u16, body: &Value) {
    let body = body.to_string();
    let head = format!("HTTP/1.1 {status} -\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
}

/// The function in front of such a DynamoDB.
fn app(client: Client, budget: Duration) -> Arc<App> {
    Arc::new(App { budget, ..App::on(client) })
}

/// Asks who is signed in, with the session of the sample event.
async fn who_am_i(client: Client, budget: Duration) -> Response {
    let event = serde_json::from_str(include_str!("../../../events/http-who-am-i.json")).unwrap();
    let request: Request = event::fit(event).into();
    router(app(client, budget)).call(request).await.unwrap()
}

/// Asserts that an answer is 503, says when to come back, and names its request and nothing of the inside.
async fn assert_unavailable(response: Response) {
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let wait = response.headers()[RETRY_AFTER].to_str().unwrap().parse::<u32>().unwrap();
    assert!((1..=60).contains(&wait));
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let problem: Value = serde_json::from_slice(&body).unwrap();
    let members: Vec<&String> = problem.as_object().unwrap().keys().collect();
    assert_eq!(members, ["detail", "requestId", "status", "title", "type"]);
    assert_eq!(problem["requestId"], "UZ5jmhdYoAMEJ04=");
    for inside in ["DynamoDB", "hroughput", "Secrets", "table", "src/"] {
        assert!(!problem.to_string().contains(inside), "{inside} in {problem}");
    }
}

/// The session of the sample event, as its row.
fn session() -> Value {
    let token = SessionToken::parse("ada.YSBzYW1wbGUgdG9rZW4sIGV4YWN0bHkgMzIgYnl0ZXM").unwrap();
    let now = Timestamp::now();
    json!({ "Item": {
        "username": { "S": "ada" }, "id": { "S": token.id().digest() }, "displayName": { "S": "Ada" },
        "created": { "S": now }, "lastSeen": { "S": now }, "expires": { "N": "4102444800" },
        "address": { "S": "" }, "agent": { "S": "" },
    } })
}

#[tokio::test]
async fn what_is_throttled_or_fails_beyond_all_retries_is_503_with_when_to_come_back() {
    for fault in [
        Fault::Refuses(400, "ProvisionedThroughputExceededException"),
        Fault::Refuses(400, "ThrottlingException"),
        Fault::Refuses(400, "RequestLimitExceeded"),
        Fault::Refuses(500, "InternalServerError"),
        Fault::Refuses(503, "ServiceUnavailable"),
        Fault::Resets,
    ] {
        // However long it may take: that the retries come to an end is what is seen here.
        assert_unavailable(who_am_i(dynamodb(vec![fault]).await, Duration::MAX).await).await;
    }
}

#[tokio::test]
async fn what_fails_twice_and_then_is_done_is_done() {
    for fault in [
        Fault::Refuses(400, "ThrottlingException"),
        Fault::Refuses(500, "InternalServerError"),
        Fault::Resets,
    ] {
        let client = dynamodb(vec![fault.clone(), fault, Fault::Answers(session())]).await;
        assert_eq!(who_am_i(client, Duration::MAX).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn what_is_refused_for_another_reason_is_500_and_says_as_little() {
    let response = who_am_i(dynamodb(vec![Fault::Refuses(400, "AccessDeniedException")]).await, BUDGET).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let problem: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(problem["requestId"], "UZ5jmhdYoAMEJ04=");
    assert!(!problem.to_string().contains("Secrets") && !problem.to_string().contains("Denied"), "{problem}");
}

/// Time is the test's own here: it passes when nothing else is left to do.
#[tokio::test(start_paused = true)]
async fn a_dynamodb_that_hangs_is_given_up_while_there_is_time_to_say_so() {
    let began = Instant::now();
    assert_unavailable(who_am_i(dynamodb(vec![Fault::Hangs]).await, Duration::MAX).await).await;
    assert!(began.elapsed() <= Duration::from_secs(11), "{:?}", began.elapsed());
}

/// Time is the test's own here, too.
#[tokio::test(start_paused = true)]
async fn a_request_that_is_over_its_budget_is_503_however_much_is_left_to_do() {
    let budget = Duration::from_millis(50);
    let began = Instant::now();
    assert_unavailable(who_am_i(dynamodb(vec![Fault::Hangs]).await, budget).await).await;
    assert!((budget..Duration::from_secs(1)).contains(&began.elapsed()), "{:?}", began.elapsed());
}

#[test]
fn the_budget_is_below_every_other_limit() {
    let template = include_str!("../../../template.yaml");
    let timeout = template.lines().find_map(|line| line.trim().strip_prefix("Timeout: ")).unwrap();
    let timeout = Duration::from_secs(timeout.parse().unwrap());
    assert!(BUDGET < timeout && timeout < Duration::from_secs(29));
}

#[tokio::test]
async fn a_board_that_is_full_says_what_to_do() {
    let full = || Fault::Refuses(400, "ItemCollectionSizeLimitExceededException");
    for (sample, faults) in [
        (include_str!("../../../events/http-create-note.json"), vec![Fault::Answers(session()), full()]),
        (
            include_str!("../../../events/http-create-note-under-key.json"),
            vec![Fault::Answers(session()), full()],
        ),
        (include_str!("../../../events/http-update-note.json"), vec![Fault::Answers(session()), full()]),
        (include_str!("../../../events/http-import.json"), vec![Fault::Answers(session()), full()]),
    ] {
        let request: Request = event::fit(serde_json::from_str(sample).unwrap()).into();
        let response = router(app(dynamodb(faults).await, BUDGET)).call(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::CONFLICT);
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["type"], "/api/problems/board-full");
        assert!(problem["detail"].as_str().unwrap().contains("Delete notes"), "{problem}");
    }
}
