//! The history of a note: earlier texts are listed, and read.

use serde_json::{Value, json};

use crate::support::client::{ABSENT, Client, draft, typed};
use crate::support::{TestCloud, until};

/// Returns the first page of a note's history, once it has this many versions.
async fn versions(client: &Client, key: &str, count: usize) -> Vec<Value> {
    let list = async || client.versions(key, "").await.json(200)["versions"].as_array().unwrap().clone();
    until("the history has the versions", async || list().await.len() == count).await;
    list().await
}

#[tokio::test]
async fn a_text_that_somebody_removes_is_in_the_history_and_can_be_written_again() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let bob = Client::signed_up(&cloud, "bob").await;
    let first = ada.write("a", ABSENT, draft("A", "Milk, bread")).await.json(201);
    assert_eq!(ada.versions("a", "").await.json(200), json!({ "versions": [] }));
    bob.write("a", ("if-match", "\"1\""), draft("Empty", "")).await.json(200);

    let [version] = &versions(&ada, "a", 1).await[..] else { panic!("one version") };
    assert_eq!(version, &json!({ "version": 1, "title": "A", "editor": "ada", "updated": first["updated"] }));
    let past = ada.version("a", "1").await.json(200);
    assert_eq!(
        past,
        json!({
            "version": 1, "title": "A", "body": "Milk, bread", "editor": "ada", "updated": first["updated"],
        })
    );
    let restored = draft(past["title"].as_str().unwrap(), past["body"].as_str().unwrap());
    let restored = ada.write("a", ("if-match", "\"2\""), restored).await.json(200);
    assert_eq!((&restored["title"], &restored["body"]), (&first["title"], &first["body"]));
    cloud.stop().await;
}

#[tokio::test]
async fn edits_leave_the_text_that_they_replace() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "Milk, bread")).await.json(201);
    let document = ada.document("a", "").await.json(200);
    ada.edit("a", &document["document"], &typed("ada", "Milk, bread", "M")).await.empty(204);
    versions(&ada, "a", 1).await;
    assert_eq!(ada.version("a", "1").await.json(200)["body"], "Milk, bread");
    cloud.stop().await;
}

#[tokio::test]
async fn a_version_that_is_not_kept_is_404() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "Milk")).await.json(201);
    for version in ["1", "2", "0", "01", "-1", "x", "18446744073709551616"] {
        let problem = ada.version("a", version).await.problem(404);
        assert_eq!(problem["type"], "/api/problems/no-such-version", "{version}");
    }
    for note in ["b", "."] {
        assert_ne!(ada.versions(note, "").await.status, 200, "{note}");
    }
    for query in ["limit=0", "limit=101", "cursor=0", "cursor=x", "page=2"] {
        ada.versions("a", query).await.problem(422);
    }
    assert_eq!(ada.versions("a", "limit=1&cursor=1").await.json(200), json!({ "versions": [] }));
    cloud.stop().await;
}

#[tokio::test]
async fn a_history_stays_with_a_note_that_is_deleted_and_restored() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "Milk, bread")).await.json(201);
    ada.write("a", ("if-match", "\"1\""), draft("A", "")).await.json(200);
    let before = versions(&ada, "a", 1).await;
    ada.destroy("a", ("if-match", "*")).await.empty(204);
    ada.versions("a", "").await.problem(404);
    let id = ada.trash("").await.json(200)["notes"][0]["id"].as_str().unwrap().to_owned();
    ada.restore(&id).await.json(200);
    assert_eq!(versions(&ada, "a", 1).await, before);
    cloud.stop().await;
}
