//! The quota of changes per person and minute.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{ABSENT, Client, PASSWORD, credentials, draft};
use crate::support::{Response, TestCloud};

async fn start_with(parameter: &str, value: &str) -> TestCloud {
    TestCloud::with(|options| drop(options.parameters.insert(parameter.into(), value.into()))).await
}

/// Asserts that a response is 429 and says when to try again.
#[track_caller]
fn assert_refused(response: &Response) {
    let problem = response.problem(429);
    assert_eq!(problem["type"], "/api/problems/quota-reached");
    let wait: u64 = response.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(problem["detail"].as_str().unwrap().contains(" second"), "{problem}");
}

/// Repeats a request until it is refused, and returns how often it was not. The count may hold for two minutes, if the
/// clock's minute ends meanwhile.
async fn repeat_until_refused(most: usize, request: impl AsyncFn() -> Response) -> usize {
    for times in 0..=2 * most {
        let response = request().await;
        if response.status == 429 {
            assert_refused(&response);
            return times;
        }
        assert!(response.status < 300 || response.status == 404, "{response:?}");
    }
    panic!("never refused")
}

#[tokio::test]
async fn a_user_may_make_as_many_changes_as_the_quota_and_others_are_not_affected() {
    let cloud = start_with("WritesPerMinute", "5").await;
    let (ada, bob) = (Client::signed_up(&cloud, "ada").await, Client::signed_up(&cloud, "bob").await);
    let times = repeat_until_refused(5, async || ada.create(draft("A", "")).await).await;
    assert!(times >= 5, "{times}");
    let written = ada.list("").await.json(200)["notelist"].as_array().unwrap().len();
    assert_eq!(written, times, "a refused write changes nothing");

    let kitchen = async || ada.boards(Method::POST, "", None, json!({ "name": "Kitchen" })).await;
    repeat_until_refused(5, kitchen).await;
    bob.create(draft("B", "")).await.json(201);
    ada.list("").await.json(200);
    // A session can be ended at any time.
    ada.end_other_sessions().await.empty(204);
    ada.sign_out().await.empty(204);
    cloud.stop().await;
}

#[tokio::test]
async fn restoring_and_deleting_for_good_count_as_changes() {
    let cloud = start_with("WritesPerMinute", "5").await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let id = "a@2026-11-23T20:15:00.000Z";
    let times = repeat_until_refused(5, async || ada.delete_for_good(id).await).await;
    assert!(times >= 5, "{times}");
    repeat_until_refused(5, async || ada.restore(id).await).await;
    ada.trash("").await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn another_session_has_no_quota_of_its_own() {
    let cloud = start_with("WritesPerMinute", "5").await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let again = Client::guest(&cloud);
    let signed_in = again.sign_in(credentials("ada", PASSWORD)).await;
    let again = again.with_cookie(signed_in.cookie());
    let both = [&ada, &again];
    let turn = std::cell::Cell::new(0);
    let times = repeat_until_refused(5, async || {
        turn.set(turn.get() + 1);
        both[turn.get() % 2].create(draft("A", "")).await
    })
    .await;
    assert!(times >= 5, "{times}");
    cloud.stop().await;
}

#[tokio::test]
async fn the_bytes_that_a_user_writes_and_imports_are_limited() {
    let cloud = start_with("MegabytesPerMinute", "1").await;
    let (ada, bob) = (Client::signed_up(&cloud, "ada").await, Client::signed_up(&cloud, "bob").await);
    // Four notes of 240 KB fit into a megabyte, five do not.
    let body = "a".repeat(240_000);
    let times = repeat_until_refused(4, async || bob.create(draft("A", &body)).await).await;
    assert!(times >= 4, "{times}");

    // A line counts as 1 KB at least. Ada, who was first, owns the board of the team.
    let time = bob.list("").await.json(200)["notelist"][0]["updated"].clone();
    let line = |number: usize| json!({ "note": note(&format!("n{number}"), &time) }).to_string() + "\n";
    let lines: String = (0..400).map(line).collect();
    assert!(lines.len() < 80_000, "{} bytes", lines.len());
    let times = repeat_until_refused(2, async || ada.import(lines.clone()).await).await;
    assert!((2..=4).contains(&times), "{times}");
    cloud.stop().await;
}

fn note(key: &str, time: &Value) -> Value {
    json!({
        "key": key, "title": "A", "body": "", "author": "ada", "editor": "ada", "version": 1, "created": time, "updated": time,
    })
}

#[tokio::test]
async fn exports_and_counts_are_limited_more_generously() {
    let cloud = start_with("MegabytesPerMinute", "1").await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    let times = repeat_until_refused(2, async || ada.export("").await).await;
    assert!(times >= 2, "{times}");
    let times = repeat_until_refused(2, async || ada.list("select=count").await).await;
    assert!(times <= 4, "{times}");
    ada.read("a").await.json(200);
    cloud.stop().await;
}
