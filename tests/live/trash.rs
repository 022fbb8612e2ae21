//! What becomes of the comments and the text of a note in the trash.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;

use crate::support::client::typed;
use crate::support::{Reader, TestCloud, TestUser, until};

/// Starts a cloud with ada's note `shopping`, on which she has written 30 comments. She types a text into it, and deletes it at
/// once, before the edit is merged. Returns its id in the trash.
async fn with_a_note_in_the_trash() -> (TestCloud, TestUser, Reader, String) {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let note = ada.create("shopping", "Shopping").await;
    let mut hers = Reader::join(&cloud, &ada, "shopping").await;
    for number in 0..30 {
        hers.comment(&number.to_string()).await;
    }
    let document = hers.document["document"].clone();
    ada.client().edit("shopping", &document, &typed("ada", "", "Milk")).await.empty(204);
    ada.client().destroy("shopping", ("if-match", "*")).await.empty(204);
    hers.event("notedestroyed").await;
    cloud.rests().await;
    assert_eq!(comments(&cloud).await, 30, "they stay while the note is in the trash");
    assert_eq!(cloud.rows("Edits").await.len(), 1, "the edit is merged into a state");
    let id = format!("shopping@{}", note["created"].as_str().unwrap());
    (cloud, ada, hers, id)
}

/// Counts the stored comments.
async fn comments(cloud: &TestCloud) -> usize {
    let rows = cloud.rows("Notes").await;
    rows.iter().filter(|row| row["board"].as_s().unwrap().starts_with("comments#")).count()
}

#[tokio::test]
async fn a_restored_note_appears_at_its_readers_and_has_its_comments() {
    let (cloud, ada, mut hers, id) = with_a_note_in_the_trash().await;
    let gone = json!({ "error": { "code": "not-found", "message": "There is no such note." } });
    assert_eq!(hers.ask("create-message", json!({ "message": "Too early" })).await, gone);
    let restored = ada.client().restore(&id).await.json(200);
    assert_eq!(restored["body"], "Milk");
    assert_eq!(hers.event("noteupdated").await, json!({ "board": "team", "note": restored }));
    cloud.rests().await;
    assert_eq!(comments(&cloud).await, 30);
    hers.comment("One more").await;
    let again = Reader::join(&cloud, &ada, "shopping").await;
    assert_eq!(again.messages["messages"][1]["message"], "29");
    cloud.stop().await;
}

#[tokio::test]
async fn a_list_is_pushed_when_a_note_is_deleted_or_restored_but_not_when_it_is_gone_for_good() {
    let (cloud, ada, _, id) = with_a_note_in_the_trash().await;
    let mut home = cloud.socket(&ada).await;
    home.join_home().await;
    ada.client().restore(&id).await.json(200);
    assert_eq!(home.notetitles().await["notelist"][0]["title"], "Shopping");
    ada.client().destroy("shopping", ("if-match", "*")).await.empty(204);
    assert_eq!(home.notetitles().await["notelist"], json!([]));
    ada.client().delete_for_good(&id).await.empty(204);
    cloud.rests().await;
    home.was_sent_nothing().await;
    assert_eq!(cloud.given_up("Notes"), [""; 0]);
    cloud.stop().await;
}

#[tokio::test]
async fn the_comments_of_a_note_that_is_deleted_for_good_are_deleted() {
    let (cloud, ada, _, id) = with_a_note_in_the_trash().await;
    ada.client().delete_for_good(&id).await.empty(204);
    until("all comments are deleted", async || comments(&cloud).await == 0).await;
    cloud.rests().await;
    let left = [cloud.rows("Notes").await, cloud.rows("Edits").await].concat();
    assert_eq!(left.len(), 1, "the tombstone: {left:?}");
    cloud.stop().await;
}

#[tokio::test]
async fn a_note_in_the_trash_expires_with_its_comments() {
    let (cloud, ada, _, id) = with_a_note_in_the_trash().await;
    let past = jiff::Timestamp::now().as_second() - 1;
    let expire = cloud
        .dynamodb()
        .update_item()
        .table_name("Notes")
        .key("board", AttributeValue::S("trash#team".into()))
        .key("key", AttributeValue::S(id.clone()))
        .update_expression("SET expires = :past")
        .condition_expression("attribute_exists(expires)")
        .expression_attribute_values(":past", AttributeValue::N(past.to_string()));
    expire.send().await.unwrap();
    assert_eq!(ada.client().trash("").await.json(200), json!({ "notes": [] }));
    ada.client().restore(&id).await.problem(404);
    until("all comments are deleted", async || comments(&cloud).await == 0).await;
    cloud.rests().await;
    let left = [cloud.rows("Notes").await, cloud.rows("Edits").await].concat();
    assert_eq!(left.len(), 1, "the tombstone: {left:?}");
    cloud.stop().await;
}

#[tokio::test]
async fn a_note_that_lives_again_under_its_key_keeps_its_comments_when_its_row_in_the_trash_goes() {
    let (cloud, ada, _, id) = with_a_note_in_the_trash().await;
    // An import of an earlier export brings the note back, beside the one in the trash.
    let created = id.split_once('@').unwrap().1;
    let line = json!({ "note": {
        "key": "shopping", "title": "Shopping", "body": "", "author": "ada", "editor": "ada", "version": 1,
        "created": created, "updated": created,
    } });
    let imported = ada.client().import(format!("{line}\n")).await.lines();
    assert_eq!(imported[0]["outcome"], "created");
    ada.client().delete_for_good(&id).await.empty(204);
    cloud.rests().await;
    assert_eq!(comments(&cloud).await, 30);
    assert_eq!(cloud.rows("Edits").await, [], "the text is another document now");
    assert_eq!(ada.client().read("shopping").await.json(200)["body"], "");
    cloud.stop().await;
}
