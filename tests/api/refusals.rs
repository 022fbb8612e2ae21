//! Requests that reach no handler, or that it cannot parse.

use aws_sdk_dynamodb::types::AttributeValue;
use reqwest::Method;
use serde_json::json;

use crate::support::Response;
use crate::support::TestCloud;
use crate::support::client::{ABSENT, Client, draft};

/// The routes with a JSON body.
const TAKE_JSON: [(Method, &str); 4] = [
    (Method::POST, "/api/users"),
    (Method::POST, "/api/session"),
    (Method::POST, "/api/boards/team/notes"),
    (Method::PUT, "/api/boards/team/notes/a"),
];

/// The routes with a body, and its content type.
const TAKE_BODIES: [(Method, &str, &str); 8] = [
    (Method::POST, "/api/users", "application/json"),
    (Method::POST, "/api/session", "application/json"),
    (Method::POST, "/api/boards/team/notes", "application/json"),
    (Method::PUT, "/api/boards/team/notes/a", "application/json"),
    (Method::PUT, "/api/account/display-name", "application/json"),
    (Method::PUT, "/api/account/password", "application/json"),
    (Method::POST, "/api/account/deletion", "application/json"),
    (Method::POST, "/api/boards/team/import", "application/x-ndjson"),
];

/// Sends a body with a content type to each route with a JSON body.
async fn send_to_each_route(client: &Client, content_type: &str, body: impl Into<Vec<u8>>) -> Vec<Response> {
    let body = body.into();
    let mut responses = Vec::new();
    for (method, path) in TAKE_JSON {
        let request = client.request(method, path).header("if-none-match", "*").body(body.clone());
        let typed =
            if content_type.is_empty() { request } else { request.header("content-type", content_type) };
        responses.push(Response::to(typed).await);
    }
    responses
}

#[tokio::test]
async fn another_content_type_is_415() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for content_type in ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
        for response in send_to_each_route(&ada, content_type, "{}").await {
            response.problem(415);
            assert_eq!(response.header("accept"), "application/json");
        }
    }
    cloud.stop().await;
}

#[tokio::test]
async fn the_content_type_may_have_a_charset() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for response in send_to_each_route(&ada, "application/JSON; charset=utf-8", "{}").await {
        response.problem(422);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn malformed_json_is_400() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let deep = "[".repeat(100_000);
    for body in ["", "{", "{\"title\": \"A\",}", "nonsense", "{} {}", &deep] {
        for response in send_to_each_route(&ada, "application/json", body).await {
            response.problem(400);
        }
    }
    for response in send_to_each_route(&ada, "application/json", b"{\"title\": \"\xff\"}".as_slice()).await {
        response.problem(400);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn json_that_is_not_an_object_is_422() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for body in ["null", "3", "\"A\"", "[]"] {
        for response in send_to_each_route(&ada, "application/json", body).await {
            response.problem(422);
        }
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_request_that_is_too_large_is_413() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for response in send_to_each_route(&ada, "application/json", " ".repeat(3 * 1024 * 1024)).await {
        response.problem(413);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn an_unknown_route_is_404() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for path in [
        "/api",
        "/api/",
        "/api/boards/team/notes/",
        "/api/boards/team/notes/a/b",
        "/API/notes",
        "/nothing",
        "/index.php",
    ] {
        Response::to(ada.request(Method::GET, path)).await.problem(404);
        Response::to(ada.request(Method::POST, path).json(&json!({}))).await.problem(404);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_wrong_method_is_405_with_the_allowed_methods() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for (method, path, allowed) in [
        (Method::PUT, "/api/users", "GET HEAD OPTIONS POST"),
        (Method::GET, "/api/account/display-name", "OPTIONS PUT"),
        (Method::PUT, "/api/session", "DELETE GET HEAD OPTIONS POST"),
        (Method::DELETE, "/api/boards/team/notes", "GET HEAD OPTIONS POST"),
        (Method::POST, "/api/boards/team/notes/a", "DELETE GET HEAD OPTIONS PATCH PUT"),
        (Method::PATCH, "/api/boards/team/notes", "GET HEAD OPTIONS POST"),
        (Method::POST, "/", "GET HEAD OPTIONS"),
    ] {
        let response = Response::to(ada.request(method.clone(), path)).await;
        response.problem(405);
        let options = Response::to(ada.request(Method::OPTIONS, path)).await;
        options.empty(204);
        for response in [response, options] {
            let mut methods: Vec<&str> = response.header("allow").split(',').collect();
            methods.sort_unstable();
            assert_eq!(methods.join(" "), allowed, "{method} {path}");
        }
    }
    Response::to(ada.request(Method::OPTIONS, "/nothing")).await.problem(404);
    cloud.stop().await;
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    for path in [
        "/",
        "/api/session",
        "/api/boards/team/notes",
        "/api/boards/team/notes?select=count",
        "/api/boards/team/notes/a",
        "/api/boards/team/notes/b",
    ] {
        let get = Response::to(ada.request(Method::GET, path)).await;
        let head = Response::to(ada.request(Method::HEAD, path)).await;
        head.empty(get.status);
        // The gateway sets the length of the body.
        for name in ["content-type", "etag", "cache-control", "vary"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
    }
    cloud.stop().await;
}

#[tokio::test]
async fn an_internal_error_reveals_nothing_internal() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    corrupt_the_note(&cloud).await;
    let stale = ("if-match", "\"7\"");
    for response in
        [ada.read("a").await, ada.write("a", stale, draft("B", "")).await, ada.destroy("a", stale).await]
    {
        let problem = response.problem(500);
        let members: Vec<&String> = problem.as_object().unwrap().keys().collect();
        assert_eq!(members, ["detail", "requestId", "status", "title", "type"]);
        for internal in ["Notes", "DynamoDB", "title", "row", "src/"] {
            assert!(!problem["detail"].as_str().unwrap().contains(internal), "{internal} in {problem}");
        }
    }
    // The function continues to work.
    ada.list("").await.json(200);
    ada.write("b", ABSENT, draft("B", "")).await.json(201);
    cloud.stop().await;
}

/// Makes the row of the only note invalid.
async fn corrupt_the_note(cloud: &TestCloud) {
    let mut row = cloud.rows("Notes").await.remove(0);
    row.insert("title".into(), AttributeValue::Bool(true));
    cloud.dynamodb().put_item().table_name("Notes").set_item(Some(row)).send().await.unwrap();
}

#[tokio::test]
async fn at_most_ten_invalid_members_are_reported_and_truncated() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let many: serde_json::Map<_, _> =
        (0..50_000).map(|number| (format!("unknown member {number}"), json!(1))).collect();
    let long = json!({ "n".repeat(500_000): 1, "🦀".repeat(100_000): 2 });
    for body in [json!(many), long] {
        for response in send_to_each_route(&ada, "application/json", body.to_string()).await {
            assert!(response.wrong_fields(422).len() <= 10);
            assert!(response.body.len() < 4 * 1024, "{} bytes", response.body.len());
        }
    }
    for response in [
        Response::to(ada.request(Method::PUT, "/api/account/password").json(&many)).await,
        Response::to(ada.request(Method::POST, "/api/account/deletion").json(&many)).await,
    ] {
        assert_eq!(response.wrong_fields(422).len(), 10);
    }
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    let query = (0..500).map(|number| format!("q{number}=1")).collect::<Vec<_>>().join("&");
    let users = Response::to(ada.request(Method::GET, &format!("/api/users?{query}"))).await;
    for response in [users, ada.list(&query).await, ada.comments("a", &query).await, ada.export(&query).await]
    {
        assert_eq!(response.wrong_fields(422).len(), 10);
    }
    let lines = ada.import(format!("{}\n", json!({ "note": many }))).await.lines();
    assert!(lines[0]["why"].as_str().unwrap().chars().count() <= 201, "{lines:?}");
    cloud.stop().await;
}

#[tokio::test]
async fn an_encoded_body_is_415_and_reports_its_encoding() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for (method, path, content_type) in TAKE_BODIES {
        let send = |encoding: &str, body: &[u8]| {
            let request = ada.request(method.clone(), path).header("if-none-match", "*");
            let request = request.header("content-type", content_type).header("content-encoding", encoding);
            Response::to(request.body(body.to_vec()))
        };
        for (encoding, reported) in
            [("gzip", "gzip"), ("identity, BR", "BR"), ("zstd, gzip", "zstd"), ("x-ü", "x-ü")]
        {
            // The start of a gzip body, and plain JSON with a false encoding.
            for body in [&b"\x1f\x8b\x08\x00"[..], b"{}"] {
                let response = send(encoding, body).await;
                let problem = response.problem(415);
                assert!(problem["detail"].as_str().unwrap().contains(reported), "{problem}");
                assert_eq!(response.header("accept-encoding"), "identity");
            }
        }
        for identity in ["identity", "Identity", "", "identity, identity"] {
            assert_ne!(send(identity, b"{}").await.status, 415, "{path} {identity:?}");
        }
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_lone_surrogate_is_explained() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for half in [r"\ud83d", r"cut \ud83d off", r"\ude00", r"\ud83d\u0041"] {
        let body = format!(r#"{{"title": "A", "body": "{half}"}}"#);
        for response in send_to_each_route(&ada, "application/json", body.clone()).await {
            let problem = response.problem(400);
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
    let note = ada
        .request(Method::POST, "/api/boards/team/notes")
        .header("content-type", "application/json")
        .body(whole);
    assert_eq!(Response::to(note).await.json(201)["body"], "\u{1f600}");
    cloud.stop().await;
}
