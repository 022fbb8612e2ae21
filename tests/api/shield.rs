//! What stands before and behind every handler.

use reqwest::Method;
use serde_json::json;

use crate::support::Answer;
use crate::support::TestCloud;
use crate::support::client::PASSWORD;
use crate::support::client::{ABSENT, Client, credentials, draft};

#[tokio::test]
async fn a_change_that_another_sites_page_sends_is_403() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    let own = cloud.address();
    let other_port = format!("{own}0");
    let other_scheme = own.replace("http:", "https:");
    for origin in ["https://evil.example", "null", "http://localhost", "", &other_port, &other_scheme] {
        for (method, path, body) in [
            (Method::POST, "/api/users", credentials("bob", PASSWORD)),
            (Method::POST, "/api/session", credentials("ada", PASSWORD)),
            (Method::DELETE, "/api/session", json!(null)),
            (Method::POST, "/api/notes", draft("B", "")),
            (Method::PUT, "/api/notes/b", draft("B", "")),
            (Method::DELETE, "/api/notes/a", json!(null)),
        ] {
            let request =
                ada.request(method, path).header("origin", origin).header("if-match", "\"1\"").json(&body);
            let answer = Answer::to(request).await;
            answer.problem(403);
            assert_eq!(answer.header("set-cookie"), "");
        }
    }
    let users = cloud.rows("Users").await;
    assert_eq!(users.iter().filter(|row| row.contains_key("passwordHash")).count(), 1);
    assert_eq!(cloud.rows("Sessions").await.len(), 1);
    assert_eq!(ada.list("select=count").await.json(200)["count"], 1);
    cloud.stop().await;
}

#[tokio::test]
async fn our_own_page_may_change_and_anybody_may_ask() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let own = ada.request(Method::POST, "/api/notes").header("origin", cloud.address()).json(&draft("A", ""));
    Answer::to(own).await.json(201);
    let foreign = ada.request(Method::GET, "/api/notes").header("origin", "https://evil.example");
    let answer = Answer::to(foreign).await;
    answer.json(200);
    // Nothing lets that page read the answer, though.
    assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control-")), "{answer:?}");
    cloud.stop().await;
}

#[tokio::test]
async fn every_answer_binds_the_browser() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let guest = Client::guest(&cloud);
    let page = Answer::to(guest.request(Method::GET, "/")).await;
    assert_eq!(page.status, 200);
    let answers = [
        page,
        ada.list("").await,
        ada.write("a", ABSENT, draft("A", "")).await,
        ada.read_if("a", ("if-none-match", "*")).await,
        ada.read("b").await,
        guest.who_am_i().await,
        Answer::to(guest.request(Method::GET, "/nothing")).await,
        Answer::to(guest.request(Method::PATCH, "/api/notes")).await,
        Answer::to(guest.request(Method::POST, "/api/notes").header("origin", "https://evil.example")).await,
        ada.sign_out().await,
    ];
    for answer in answers {
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{answer:?}");
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn answers_of_the_api_are_not_kept() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for answer in [ada.list("").await, ada.who_am_i().await, ada.read("a").await, ada.sign_out().await] {
        assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn text_of_users_comes_back_as_json_and_as_nothing_else() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let html = "<script>alert(1)</script>";
    let note = ada.write("a", ABSENT, draft(html, html)).await.json(201);
    assert_eq!((&note["title"], &note["body"]), (&json!(html), &json!(html)));
    assert_eq!(ada.list("").await.json(200)["notelist"][0]["title"], html);
    cloud.stop().await;
}
