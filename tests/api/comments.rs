//! Comments over HTTP: reading older ones page by page.

use aws_sdk_dynamodb::types::AttributeValue;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{ABSENT, Client, draft};
use crate::support::{Response, TestCloud};

/// Starts a cloud with note `a` and a number of comments on it. `0` is the oldest. The rows are those that the
/// WebSocket function writes. `tests/live` tests that it does.
async fn with_comments(count: usize) -> (TestCloud, Client) {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let note = ada.write("a", ABSENT, draft("A", "")).await.json(201);
    let thread = format!("comments#team#a#{}", note["created"].as_str().unwrap());
    let text = |text: &str| AttributeValue::S(text.to_owned());
    for number in 0..count {
        let put = cloud
            .dynamodb()
            .put_item()
            .table_name("Notes")
            .item("board", text(&thread))
            .item("key", text(&id(number)))
            .item("author", text("bob"))
            .item("message", text(&number.to_string()))
            .item("created", text("2026-11-23T20:15:00.000Z"));
        put.send().await.unwrap();
    }
    (cloud, ada)
}

fn id(number: usize) -> String {
    format!("019ab2b5-8e30-7c4b-9d52-{number:012}")
}

fn messages(page: &Value) -> Vec<usize> {
    let message = |comment: &Value| comment["message"].as_str().unwrap().parse().unwrap();
    page["comments"].as_array().unwrap().iter().map(message).collect()
}

#[tokio::test]
async fn comments_are_shown_newest_first() {
    let (cloud, ada) = with_comments(2).await;
    let comment = |number: usize| {
        json!({
            "id": id(number),
            "key": "a",
            "author": "bob",
            "message": number.to_string(),
            "created": "2026-11-23T20:15:00.000Z",
        })
    };
    assert_eq!(ada.comments("a", "").await.json(200), json!({ "comments": [comment(1), comment(0)] }));
    ada.write("b", ABSENT, draft("B", "")).await.json(201);
    assert_eq!(ada.comments("b", "").await.json(200), json!({ "comments": [] }));
    cloud.stop().await;
}

#[tokio::test]
async fn a_page_has_20_comments_by_default_and_pages_contain_every_comment_once() {
    let (cloud, ada) = with_comments(101).await;
    let descending: Vec<usize> = (0..101).rev().collect();
    assert_eq!(messages(&ada.comments("a", "").await.json(200)), descending[..20]);
    assert_eq!(messages(&ada.comments("a", "limit=1").await.json(200)), [100]);
    let most = ada.comments("a", "limit=100").await.json(200);
    assert_eq!(messages(&most), descending[..100]);
    let rest = ada.comments("a", &format!("cursor={}", most["cursor"].as_str().unwrap())).await.json(200);
    assert_eq!((messages(&rest), rest.get("cursor")), (vec![0], None));

    let (mut seen, mut query) = (Vec::new(), "limit=40".to_owned());
    loop {
        let page = ada.comments("a", &query).await.json(200);
        seen.extend(messages(&page));
        let Some(cursor) = page["cursor"].as_str() else { break };
        query = format!("limit=40&cursor={cursor}");
    }
    assert_eq!(seen, descending);
    cloud.stop().await;
}

#[tokio::test]
async fn invalid_parameters_are_reported_by_name() {
    let (cloud, ada) = with_comments(0).await;
    for (query, wrong) in [
        ("limit=0", vec!["limit"]),
        ("limit=101", vec!["limit"]),
        ("limit=", vec!["limit"]),
        ("limit=1&limit=2", vec!["limit"]),
        ("cursor=", vec!["cursor"]),
        ("cursor=abc", vec!["cursor"]),
        ("cursor=019AB2B5-8E30-7C4B-9D52-000000000000", vec!["cursor"]),
        ("select=count&limit=x", vec!["limit", "select"]),
    ] {
        assert_eq!(ada.comments("a", query).await.wrong_fields(422), wrong, "{query}");
    }
    assert_eq!(ada.comments("a%20b", "").await.wrong_fields(422), ["key"]);
    cloud.stop().await;
}

#[tokio::test]
async fn comments_require_a_note_and_a_session_and_are_read_only() {
    let (cloud, ada) = with_comments(1).await;
    ada.comments("b", "").await.problem(404);
    Client::guest(&cloud).comments("a", "").await.problem(401);
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let response = Response::to(ada.request(method, "/api/boards/team/notes/a/comments")).await;
        response.problem(405);
        assert_eq!(response.header("allow"), "GET,HEAD,OPTIONS");
    }
    ada.destroy("a", ("if-match", "\"1\"")).await.empty(204);
    ada.comments("a", "").await.problem(404);
    cloud.stop().await;
}
