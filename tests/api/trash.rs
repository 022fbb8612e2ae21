//! The trash: deleted notes are listed, restored, and deleted for good.

use serde_json::{Value, json};

use crate::support::TestCloud;
use crate::support::client::{ABSENT, Client, draft};

const FIRST: (&str, &str) = ("if-match", "\"1\"");

/// Creates and deletes a note. Returns it, and its id in the trash.
async fn deleted(client: &Client, key: &str, title: &str) -> (Value, String) {
    let note = client.write(key, ABSENT, draft(title, "Milk")).await.json(201);
    client.destroy(key, ("if-match", "*")).await.empty(204);
    let id = format!("{key}@{}", note["created"].as_str().unwrap());
    (note, id)
}

/// Returns the titles of a page of the trash.
fn titles(page: &Value) -> Vec<&str> {
    page["notes"].as_array().unwrap().iter().map(|note| note["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_deleted_note_is_in_the_trash_and_can_be_restored_by_another_editor() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let bob = Client::signed_up(&cloud, "bob").await;
    let (note, id) = deleted(&ada, "shopping", "Shopping").await;
    ada.read("shopping").await.problem(404);

    let trash = bob.trash("").await.json(200);
    let moment = trash["notes"][0]["deleted"].as_str().unwrap();
    assert_eq!((moment.len(), moment.ends_with('Z')), (24, true), "{moment}");
    assert_eq!(
        trash,
        json!({ "notes": [{
            "id": id, "key": "shopping", "title": "Shopping", "deleted": moment, "deletedBy": "ada",
        }] })
    );

    let response = bob.restore(&id).await;
    let restored = response.json(200);
    assert_eq!(response.header("etag"), "\"2\"");
    let mut expected = note.clone();
    expected["version"] = json!(2);
    expected["editor"] = json!("bob");
    expected["updated"] = restored["updated"].clone();
    assert_eq!(restored, expected);
    assert_eq!(ada.read("shopping").await.json(200), restored);
    assert_eq!(titles(&ada.trash("").await.json(200)), [""; 0]);
    // A repetition has no effect.
    assert_eq!(bob.restore(&id).await.json(200), restored);
    cloud.stop().await;
}

#[tokio::test]
async fn a_note_is_deleted_for_good_once() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let (_, id) = deleted(&ada, "a", "A").await;
    for _ in ["once", "again"] {
        ada.delete_for_good(&id).await.empty(204);
    }
    assert_eq!(ada.restore(&id).await.problem(404)["type"], "/api/problems/not-in-trash");
    assert_eq!(titles(&ada.trash("").await.json(200)), [""; 0]);
    // A note that is not in the trash is not deleted.
    let note = ada.write("b", ABSENT, draft("B", "")).await.json(201);
    ada.delete_for_good(&format!("b@{}", note["created"].as_str().unwrap())).await.empty(204);
    assert_eq!(ada.read("b").await.json(200), note);
    cloud.stop().await;
}

#[tokio::test]
async fn a_note_is_not_restored_over_another_with_its_key() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let (_, id) = deleted(&ada, "a", "Old").await;
    let new = ada.write("a", ABSENT, draft("New", "")).await.json(201);
    let refused = ada.restore(&id).await;
    let problem = refused.problem(412);
    assert_eq!((&problem["type"], &problem["note"]), (&json!("/api/problems/key-taken"), &new));
    assert_eq!(titles(&ada.trash("").await.json(200)), ["Old"]);
    cloud.stop().await;
}

#[tokio::test]
async fn pages_have_every_note_once_newest_deletion_first() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for title in ["1", "2", "3"] {
        deleted(&ada, title, title).await;
    }
    let first = ada.trash("limit=2").await.json(200);
    assert_eq!(titles(&first), ["3", "2"]);
    let cursor = first["cursor"].as_str().unwrap();
    let last = ada.trash(&format!("limit=2&cursor={cursor}")).await.json(200);
    assert_eq!((titles(&last), last.get("cursor")), (vec!["1"], None));
    for query in ["limit=0", "limit=101", "limit=x"] {
        assert_eq!(ada.trash(query).await.wrong_fields(422), ["limit"], "{query}");
    }
    for query in ["cursor=", "cursor=abc"] {
        assert_eq!(ada.trash(query).await.wrong_fields(422), ["cursor"], "{query}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn an_id_that_cannot_be_is_not_in_the_trash() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let (_, id) = deleted(&ada, "a", "A").await;
    for id in ["a", "a@", "a@today", "b@2026-11-23T20:15:00.000Z"] {
        assert_eq!(ada.restore(id).await.problem(404)["type"], "/api/problems/not-in-trash", "{id}");
    }
    assert_eq!(ada.delete_for_good("a").await.problem(404)["type"], "/api/problems/not-in-trash");
    // Clients may encode the id.
    ada.restore(&id.replace('@', "%40").replace(':', "%3A")).await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn each_board_has_its_own_trash_and_a_moved_note_leaves_none() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let board = ada.create_board("Plans").await;
    let (_, id) = deleted(&ada.on(&board), "a", "A").await;
    assert_eq!(titles(&ada.on(&board).trash("").await.json(200)), ["A"]);
    assert_eq!(titles(&ada.trash("").await.json(200)), [""; 0]);
    ada.restore(&id).await.problem(404);

    ada.write("b", ABSENT, draft("B", "")).await.json(201);
    let path = "/api/boards/team/notes/b/move";
    let request = ada.request(reqwest::Method::POST, path).header(FIRST.0, FIRST.1);
    crate::support::Response::to(request.json(&json!({ "board": board }))).await.json(200);
    assert_eq!(titles(&ada.trash("").await.json(200)), [""; 0]);
    cloud.stop().await;
}

#[tokio::test]
async fn an_export_leaves_the_trash_out() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    deleted(&ada, "a", "A").await;
    assert_eq!(ada.export("").await.body, "");
    cloud.stop().await;
}
