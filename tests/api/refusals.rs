//! Requests that no handler ever sees, or that it cannot read.

use aws_sdk_dynamodb::types::AttributeValue;
use reqwest::Method;
use serde_json::json;

use crate::support::Answer;
use crate::support::TestCloud;
use crate::support::client::{ABSENT, Client, draft};

/// The routes that take JSON, with what else they want.
const TAKE_JSON: [(Method, &str); 4] = [
    (Method::POST, "/api/users"),
    (Method::POST, "/api/session"),
    (Method::POST, "/api/notes"),
    (Method::PUT, "/api/notes/a"),
];

/// The routes that take a body, with the type that they want.
const TAKE_BODIES: [(Method, &str, &str); 7] = [
    (Method::POST, "/api/users", "application/json"),
    (Method::POST, "/api/session", "application/json"),
    (Method::POST, "/api/notes", "application/json"),
    (Method::PUT, "/api/notes/a", "application/json"),
    (Method::PUT, "/api/account/password", "application/json"),
    (Method::POST, "/api/account/deletion", "application/json"),
    (Method::POST, "/api/import", "application/x-ndjson"),
];

/// Sends a body as a content type to each route that takes JSON.
async fn each_route_answers(client: &Client, content_type: &str, body: impl Into<Vec<u8>>) -> Vec<Answer> {
    let body = body.into();
    let mut answers = Vec::new();
    for (method, path) in TAKE_JSON {
        let request = client.request(method, path).header("if-none-match", "*").body(body.clone());
        let typed =
            if content_type.is_empty() { request } else { request.header("content-type", content_type) };
        answers.push(Answer::to(typed).await);
    }
    answers
}

#[tokio::test]
async fn what_is_not_json_is_415() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for content_type in ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
        for answer in each_route_answers(&ada, content_type, "{}").await {
            answer.problem(415);
            assert_eq!(answer.header("accept"), "application/json");
        }
    }
    cloud.stop().await;
}

#[tokio::test]
async fn json_may_say_its_charset() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for answer in each_route_answers(&ada, "application/JSON; charset=utf-8", "{}").await {
        answer.problem(422);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn broken_json_is_400() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let deep = "[".repeat(100_000);
    for body in ["", "{", "{\"title\": \"A\",}", "nonsense", "{} {}", &deep] {
        for answer in each_route_answers(&ada, "application/json", body).await {
            answer.problem(400);
        }
    }
    for answer in each_route_answers(&ada, "application/json", b"{\"title\": \"\xff\"}".as_slice()).await {
        answer.problem(400);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn json_that_is_no_object_is_422() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for body in ["null", "3", "\"A\"", "[]"] {
        for answer in each_route_answers(&ada, "application/json", body).await {
            answer.problem(422);
        }
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_request_that_is_too_large_is_413() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for answer in each_route_answers(&ada, "application/json", " ".repeat(3 * 1024 * 1024)).await {
        answer.problem(413);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn an_unknown_route_is_404() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for path in ["/api", "/api/", "/api/notes/", "/api/notes/a/b", "/API/notes", "/nothing", "/index.php"] {
        Answer::to(ada.request(Method::GET, path)).await.problem(404);
        Answer::to(ada.request(Method::POST, path).json(&json!({}))).await.problem(404);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_wrong_method_is_405_and_told_which_are_right() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for (method, path, allowed) in [
        (Method::GET, "/api/users", "OPTIONS POST"),
        (Method::PUT, "/api/session", "DELETE GET HEAD OPTIONS POST"),
        (Method::DELETE, "/api/notes", "GET HEAD OPTIONS POST"),
        (Method::POST, "/api/notes/a", "DELETE GET HEAD OPTIONS PUT"),
        (Method::PATCH, "/api/notes/a", "DELETE GET HEAD OPTIONS PUT"),
        (Method::POST, "/", "GET HEAD OPTIONS"),
    ] {
        let answer = Answer::to(ada.request(method.clone(), path)).await;
        answer.problem(405);
        let asked = Answer::to(ada.request(Method::OPTIONS, path)).await;
        asked.empty(204);
        for answer in [answer, asked] {
            let mut told: Vec<&str> = answer.header("allow").split(',').collect();
            told.sort_unstable();
            assert_eq!(told.join(" "), allowed, "{method} {path}");
        }
    }
    Answer::to(ada.request(Method::OPTIONS, "/nothing")).await.problem(404);
    cloud.stop().await;
}

#[tokio::test]
async fn head_answers_as_get_does_but_for_the_body() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    for path in ["/", "/api/session", "/api/notes", "/api/notes?select=count", "/api/notes/a", "/api/notes/b"]
    {
        let get = Answer::to(ada.request(Method::GET, path)).await;
        let head = Answer::to(ada.request(Method::HEAD, path)).await;
        head.empty(get.status);
        // How long the body would be is for the gateway to say.
        for name in ["content-type", "etag", "cache-control", "vary"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
    }
    cloud.stop().await;
}

#[tokio::test]
async fn what_went_wrong_inside_is_not_told() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    spoil_the_note(&cloud).await;
    let stale = ("if-match", "\"7\"");
    for answer in
        [ada.read("a").await, ada.write("a", stale, draft("B", "")).await, ada.destroy("a", stale).await]
    {
        let problem = answer.problem(500);
        let members: Vec<&String> = problem.as_object().unwrap().keys().collect();
        assert_eq!(members, ["detail", "requestId", "status", "title", "type"]);
        for inside in ["Notes", "DynamoDB", "title", "row", "src/"] {
            assert!(!problem["detail"].as_str().unwrap().contains(inside), "{inside} in {problem}");
        }
    }
    // And the function is none the worse for it.
    ada.list("").await.json(200);
    ada.write("b", ABSENT, draft("B", "")).await.json(201);
    cloud.stop().await;
}

/// Makes the one note's row one that no note can be read from.
async fn spoil_the_note(cloud: &TestCloud) {
    let mut row = cloud.rows("Notes").await.remove(0);
    row.insert("title".into(), AttributeValue::Bool(true));
    cloud.dynamodb().put_item().table_name("Notes").set_item(Some(row)).send().await.unwrap();
}

#[tokio::test]
async fn of_many_wrong_members_ten_are_told_and_briefly() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let many: serde_json::Map<_, _> =
        (0..50_000).map(|number| (format!("unknown member {number}"), json!(1))).collect();
    let long = json!({ "n".repeat(500_000): 1, "🦀".repeat(100_000): 2 });
    for body in [json!(many), long] {
        for answer in each_route_answers(&ada, "application/json", body.to_string()).await {
            assert!(answer.wrong_fields(422).len() <= 10);
            assert!(answer.body.len() < 4 * 1024, "{} bytes", answer.body.len());
        }
    }
    for answer in [
        Answer::to(ada.request(Method::PUT, "/api/account/password").json(&many)).await,
        Answer::to(ada.request(Method::POST, "/api/account/deletion").json(&many)).await,
    ] {
        assert_eq!(answer.wrong_fields(422).len(), 10);
    }
    let query = (0..500).map(|number| format!("q{number}=1")).collect::<Vec<_>>().join("&");
    for answer in [ada.list(&query).await, ada.comments("a", &query).await, ada.export(&query).await] {
        assert_eq!(answer.wrong_fields(422).len(), 10);
    }
    let lines = ada.import(format!("{}\n", json!({ "note": many }))).await.lines();
    assert!(lines[0]["why"].as_str().unwrap().chars().count() <= 201, "{lines:?}");
    cloud.stop().await;
}

#[tokio::test]
async fn an_encoded_body_is_415_and_its_encoding_is_named() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for (method, path, content_type) in TAKE_BODIES {
        let sent = |encoding: &str, body: &[u8]| {
            let request = ada.request(method.clone(), path).header("if-none-match", "*");
            let request = request.header("content-type", content_type).header("content-encoding", encoding);
            Answer::to(request.body(body.to_vec()))
        };
        for (encoding, named) in
            [("gzip", "gzip"), ("identity, BR", "BR"), ("zstd, gzip", "zstd"), ("x-ü", "x-ü")]
        {
            // As gzip begins, and as JSON that is called encoded.
            for body in [&b"\x1f\x8b\x08\x00"[..], b"{}"] {
                let answer = sent(encoding, body).await;
                let problem = answer.problem(415);
                assert!(problem["detail"].as_str().unwrap().contains(named), "{problem}");
                assert_eq!(answer.header("accept-encoding"), "identity");
            }
        }
        for none in ["identity", "Identity", "", "identity, identity"] {
            assert_ne!(sent(none, b"{}").await.status, 415, "{path} {none:?}");
        }
    }
    cloud.stop().await;
}

#[tokio::test]
async fn half_a_character_is_told_in_words() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for half in [r"\ud83d", r"cut \ud83d off", r"\ude00", r"\ud83d\u0041"] {
        let body = format!(r#"{{"title": "A", "body": "{half}"}}"#);
        for answer in each_route_answers(&ada, "application/json", body.clone()).await {
            let problem = answer.problem(400);
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.starts_with("body contains half a character"), "{detail}");
        }
        let lines = ada.import(format!("{{\"note\": {body}}}\n")).await.lines();
        assert!(
            lines[0]["why"].as_str().unwrap().starts_with("note.body contains half a character"),
            "{lines:?}"
        );
    }
    ada.create(draft("A", "\u{1f600}")).await.json(201);
    let whole = r#"{"title": "A", "body": "\ud83d\ude00"}"#;
    let note = ada.request(Method::POST, "/api/notes").header("content-type", "application/json").body(whole);
    assert_eq!(Answer::to(note).await.json(201)["body"], "\u{1f600}");
    cloud.stop().await;
}
