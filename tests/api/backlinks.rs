//! Links by title, from the side of the note that they lead to.

use serde_json::{Value, json};

use crate::support::client::{ABSENT, Client, draft, typed};
use crate::support::{TestCloud, until};

/// Waits until a note is linked to by the notes with these keys and titles.
async fn linked_by(client: &Client, key: &str, notes: &[(&str, &str)]) {
    let expected: Vec<_> = notes.iter().map(|(key, title)| json!({ "key": key, "title": title })).collect();
    let expected = json!({ "notes": expected });
    let list = async || client.backlinks(key, "").await.json(200);
    until("the note has the links", async || list().await == expected).await;
}

#[tokio::test]
async fn a_note_lists_the_notes_that_link_to_its_title() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("target", ABSENT, draft("Shopping", "")).await.json(201);
    ada.write("a", ABSENT, draft("A", "See [[ shopping ]], [[Shopping]] and itself, [[A]].")).await.json(201);
    ada.write("b", ABSENT, draft("B", "[[Shopping]] and [[A]]")).await.json(201);
    linked_by(&ada, "target", &[("a", "A"), ("b", "B")]).await;
    linked_by(&ada, "a", &[("b", "B")]).await;
    let first = ada.backlinks("target", "limit=1").await.json(200);
    assert_eq!(first, json!({ "notes": [{ "key": "a", "title": "A" }], "cursor": "a" }));
    let second = ada.backlinks("target", "limit=1&cursor=a").await.json(200);
    assert_eq!(second, json!({ "notes": [{ "key": "b", "title": "B" }] }));
    for query in ["limit=0", "limit=101", "cursor=%20", "page=2"] {
        ada.backlinks("target", query).await.problem(422);
    }
    ada.backlinks("nothing", "").await.problem(404);
    cloud.stop().await;
}

#[tokio::test]
async fn backlinks_follow_edits_new_titles_deletions_and_restored_notes() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("target", ABSENT, draft("Shopping", "")).await.json(201);
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    let document = ada.document("a", "").await.json(200);
    ada.edit("a", &document["document"], &typed("ada", "", "[[Shopping]]")).await.empty(204);
    linked_by(&ada, "target", &[("a", "A")]).await;

    ada.rename("a", "A new title").await.json(200);
    linked_by(&ada, "target", &[("a", "A new title")]).await;
    ada.rename("target", "Groceries").await.json(200);
    assert_eq!(ada.backlinks("target", "").await.json(200), json!({ "notes": [] }));
    ada.rename("target", "SHOPPING").await.json(200);
    linked_by(&ada, "target", &[("a", "A new title")]).await;

    ada.destroy("a", ("if-match", "*")).await.empty(204);
    linked_by(&ada, "target", &[]).await;
    let trash: Value = ada.trash("").await.json(200);
    ada.restore(trash["notes"][0]["id"].as_str().unwrap()).await.json(200);
    linked_by(&ada, "target", &[("a", "A new title")]).await;
    ada.write("a", ("if-match", "*"), draft("A", "no more")).await.json(200);
    linked_by(&ada, "target", &[]).await;
    cloud.stop().await;
}

#[tokio::test]
async fn links_stay_within_their_board() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("target", ABSENT, draft("Shopping", "")).await.json(201);
    ada.write("a", ABSENT, draft("A", "[[Shopping]]")).await.json(201);
    linked_by(&ada, "target", &[("a", "A")]).await;
    let board = ada.create_board("Private").await;
    let private = ada.on(&board);
    private.write("target", ABSENT, draft("Shopping", "")).await.json(201);
    private.write("b", ABSENT, draft("B", "[[Shopping]]")).await.json(201);
    linked_by(&private, "target", &[("b", "B")]).await;
    linked_by(&ada, "target", &[("a", "A")]).await;
    cloud.stop().await;
}
