//! Comments over the socket: written, refused, deleted, and gone with their note.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::{ANSWER, QUESTION, Reader, TestCloud, Visitor, until};

/// A cloud with a note of ada's, `shopping`, and bob, who reads it as she does.
async fn with_two_readers() -> (TestCloud, Visitor, [Reader; 2]) {
    let cloud = TestCloud::start().await;
    let (ada, bob) = (cloud.sign_up("ada").await, cloud.sign_up("bob").await);
    ada.create("shopping", "Shopping").await;
    let readers =
        [Reader::join(&cloud, &ada, "shopping").await, Reader::join(&cloud, &bob, "shopping").await];
    (cloud, ada, readers)
}

/// How many comments are stored.
async fn stored(cloud: &TestCloud) -> usize {
    let is_comment = |row: &&_| row_text(row, "board").starts_with("comments#");
    cloud.rows("Notes").await.iter().filter(is_comment).count()
}

fn row_text<'a>(row: &'a std::collections::HashMap<String, AttributeValue>, name: &str) -> &'a str {
    row[name].as_s().unwrap()
}

#[tokio::test]
async fn a_comment_is_acknowledged_stored_and_pushed_and_its_author_is_whose_session_it_is() {
    let (cloud, ada, [mut hers, mut his]) = with_two_readers().await;
    let claim = json!({ "message": " Milk,\n<b>oat</b>? ", "author": "ada", "id": "1", "key": "other" });
    let answer = his.ask("create-message", claim).await;
    let comment = &answer["comment"];
    let (id, created) = (comment["id"].as_str().unwrap(), comment["created"].as_str().unwrap());
    let whole = json!({
        "id": id,
        "key": "shopping",
        "author": "bob",
        "message": "Milk,\n<b>oat</b>?",
        "created": created,
    });
    assert_eq!(answer, json!({ "comment": whole }));
    assert_eq!((id.len(), &id[14..15], created.len()), (36, "7", 24));
    for reader in [&mut hers, &mut his] {
        assert_eq!(reader.event("newmessage").await, json!({ "message": whole }));
    }
    let newcomer = Reader::join(&cloud, &ada, "shopping").await;
    assert_eq!(newcomer.messages, json!({ "messages": [whole] }));
    cloud.stop().await;
}

#[tokio::test]
async fn an_acknowledgement_is_exactly_what_the_client_waits_for() {
    let (cloud, _, [mut hers, _]) = with_two_readers().await;
    hers.send(r#"42/notes,0["create-message",{"message":""}]"#).await;
    assert_eq!(
        hers.next().await.text(),
        r#"43/notes,0[{"errors":{"message":"must be 1 to 1024 characters"}}]"#
    );
    hers.send(r#"42/notes,12["delete-message",{"id":"019ab2b5-8e30-7c4b-9d52-3f1c0e6a7b88"}]"#).await;
    assert_eq!(
        hers.next().await.text(),
        r#"43/notes,12[{"error":{"code":"not-found","message":"There is no such comment."}}]"#
    );
    let comment = hers.comment("Milk?").await;
    hers.send(&format!(r#"42/notes,3["delete-message",{{"id":{}}}]"#, comment["id"])).await;
    let mut frames = [hers.next().await.text(), hers.next().await.text()];
    frames.sort();
    let gone = format!(r#"42/notes,["destroymessage",{{"id":{}}}]"#, comment["id"]);
    assert_eq!(frames, [gone.as_str(), "43/notes,3[{}]"]);
    cloud.stop().await;
}

/// An id that a client made so many milliseconds ago.
fn made(milliseconds_ago: i64) -> String {
    let made = format!("{:012x}", jiff::Timestamp::now().as_millisecond() - milliseconds_ago);
    format!("{}-{}-7b7d-9d52-3f1c0e6a7b88", &made[..8], &made[8..])
}

#[tokio::test]
async fn a_comment_that_is_sent_again_with_its_key_is_written_and_pushed_once() {
    let (cloud, _, [mut hers, mut his]) = with_two_readers().await;
    let id = made(0);
    let ask = json!({ "message": "Milk?", "idempotencyKey": id });
    let first = his.ask("create-message", ask.clone()).await;
    assert_eq!(first["comment"]["id"], id);
    for _ in 0..3 {
        assert_eq!(his.ask("create-message", ask.clone()).await, first);
    }
    assert_eq!(stored(&cloud).await, 1);
    assert_eq!(hers.event("newmessage").await["message"], first["comment"]);
    // Nobody else's, and no other text, is taken for it.
    let taken = json!({ "errors": { "idempotencyKey": "is another comment's" } });
    assert_eq!(hers.ask("create-message", ask).await, taken);
    assert_eq!(his.ask("create-message", json!({ "message": "Cream?", "idempotencyKey": id })).await, taken);
    assert_eq!(hers.comment("The next.").await["message"], "The next.");
    assert_eq!(stored(&cloud).await, 2);
    cloud.stop().await;
}

#[tokio::test]
async fn a_key_that_is_none_or_of_another_time_is_refused_and_nothing_is_written() {
    let (cloud, _, [mut hers, _]) = with_two_readers().await;
    let ask = async |hers: &mut Reader, id: Value| {
        hers.ask("create-message", json!({ "message": "Milk?", "idempotencyKey": id })).await
    };
    let none = json!({ "errors": { "idempotencyKey": "must be a UUIDv7" } });
    for id in [
        json!(""),
        json!("1"),
        json!(7),
        json!([]),
        json!(made(0).to_uppercase()),
        json!(made(0).replace("-7", "-4")),
    ] {
        assert_eq!(ask(&mut hers, id.clone()).await, none, "{id}");
    }
    let forged = "ffffffff-ffff-7fff-bfff-ffffffffffff".to_owned();
    for id in [forged, made(-120_000), made(2 * 24 * 60 * 60 * 1000)] {
        let answer = ask(&mut hers, json!(id)).await;
        assert_eq!(answer, json!({ "errors": { "idempotencyKey": "must be made just now" } }));
    }
    assert_eq!(stored(&cloud).await, 0);
    for id in [made(-30_000), made(60 * 60 * 1000)] {
        assert_eq!(ask(&mut hers, json!(id)).await["comment"]["id"], id);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_message_with_half_a_character_or_that_is_no_message_is_acknowledged_and_closes_nothing() {
    let (cloud, _, [mut hers, _]) = with_two_readers().await;
    hers.send(r#"42/notes,7["create-message",{"message":"cut \ud83d"}]"#).await;
    assert_eq!(hers.acknowledged().await["comment"]["message"], "cut \u{fffd}");
    for levels in [1, 126] {
        let nested = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        hers.send(&format!(r#"42/notes,7["create-message",{{"message":{nested}}}]"#)).await;
        assert_eq!(hers.acknowledged().await, json!({ "errors": { "message": "must be a text" } }));
    }
    hers.send(r#"42/notes,7["create-message",{"message":1e400}]"#).await;
    assert_eq!(hers.acknowledged().await, json!({ "errors": { "message": "is missing" } }));
    let nested = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    hers.send(&format!(r#"42/notes,7["create-message",{{"message":{nested}}}]"#)).await;
    assert_eq!(hers.acknowledged().await["error"]["code"], "too-deep");
    assert_eq!(stored(&cloud).await, 1);
    hers.comment("Still here.").await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_message_is_1_to_1024_characters_and_wrong_values_close_nothing() {
    let (cloud, _, [mut hers, _]) = with_two_readers().await;
    for (payload, error) in [
        (json!({ "message": "" }), "must be 1 to 1024 characters"),
        (json!({ "message": " \n " }), "must be 1 to 1024 characters"),
        (json!({ "message": "🦀".repeat(1025) }), "must be 1 to 1024 characters"),
        (json!({ "message": 7 }), "must be a text"),
        (json!({ "message": ["Milk?"] }), "must be a text"),
        (json!({ "message": null }), "is missing"),
        (json!({}), "is missing"),
        (json!("Milk?"), "is missing"),
        (json!(null), "is missing"),
    ] {
        let answer = hers.ask("create-message", payload.clone()).await;
        assert_eq!(answer, json!({ "errors": { "message": error } }), "{payload}");
    }
    hers.send(r#"42/notes,7["create-message"]"#).await;
    assert_eq!(hers.acknowledged().await, json!({ "errors": { "message": "is missing" } }));
    assert_eq!(stored(&cloud).await, 0);
    for longest in ["a".to_owned(), "🦀".repeat(1024)] {
        assert_eq!(hers.comment(&longest).await["message"], longest);
    }
    // One that nobody waits for is written all the same.
    hers.send(r#"42/notes,["create-message",{"message":"No answer, please"}]"#).await;
    assert_eq!(hers.event("newmessage").await["message"]["message"], "No answer, please");
    cloud.stop().await;
}

#[tokio::test]
async fn a_comment_is_deleted_by_its_author_and_by_the_notes_author_and_by_nobody_else() {
    let (cloud, _, [mut hers, mut his]) = with_two_readers().await;
    let carol = cloud.sign_up("carol").await;
    let mut carols = Reader::join(&cloud, &carol, "shopping").await;
    let (a, b, c) =
        (hers.comment("ada's").await, his.comment("bob's").await, carols.comment("carol's").await);
    let forbidden = json!({ "error": {
        "code": "forbidden",
        "message": "Only who wrote the comment or the note may delete it.",
    } });
    assert_eq!(his.delete(&a).await, forbidden);
    assert_eq!(his.delete(&c).await, forbidden);
    assert_eq!(stored(&cloud).await, 3);
    assert_eq!(his.delete(&b).await, json!({}));
    assert_eq!(hers.delete(&c).await, json!({}));
    assert_eq!(hers.delete(&a).await, json!({}));
    let not_found = json!({ "error": { "code": "not-found", "message": "There is no such comment." } });
    assert_eq!(his.delete(&b).await, not_found);
    for id in [json!(null), json!(7), json!(""), json!("shopping"), json!({ "S": "x" })] {
        assert_eq!(his.delete(&json!({ "id": id })).await, not_found);
    }
    assert_eq!(stored(&cloud).await, 0);
    for comment in [&b, &c, &a] {
        let gone = loop {
            let text = carols.pushed().await;
            if text.starts_with(r#"42/notes,["destroymessage","#) {
                break text;
            }
        };
        assert_eq!(gone, format!(r#"42/notes,["destroymessage",{{"id":{}}}]"#, comment["id"]));
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_comment_of_another_note_is_not_found_from_here() {
    let (cloud, _, [_, mut his]) = with_two_readers().await;
    let bob = cloud.sign_up("bobby").await;
    bob.create("other", "Other").await;
    let mut there = Reader::join(&cloud, &bob, "other").await;
    let comment = there.comment("External").await;
    assert_eq!(his.delete(&comment).await["error"]["code"], "not-found");
    assert_eq!(stored(&cloud).await, 1);
    cloud.stop().await;
}

#[tokio::test]
async fn a_session_that_ended_comments_no_more() {
    let (cloud, _, [mut hers, _]) = with_two_readers().await;
    let comment = hers.comment("Milk?").await;
    // Its time is over, and nothing closes the socket.
    cloud.keep_expired_items();
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    for row in cloud.rows("Sessions").await {
        let update = cloud.dynamodb().update_item().table_name("Sessions");
        let update = update.key("username", row["username"].clone()).key("id", row["id"].clone());
        let update = update.update_expression("SET expires = :now");
        update.expression_attribute_values(":now", AttributeValue::N(now.to_string())).send().await.unwrap();
    }
    let refused = json!({ "error": { "code": "unauthenticated", "message": "Sign in first." } });
    assert_eq!(hers.ask("create-message", json!({ "message": "Still here?" })).await, refused);
    assert_eq!(hers.delete(&comment).await, refused);
    assert_eq!(stored(&cloud).await, 1);
    cloud.stop().await;
}

#[tokio::test]
async fn comments_are_gone_with_their_note_and_a_note_of_its_key_begins_without() {
    let (cloud, ada, [mut hers, mut his]) = with_two_readers().await;
    let comment = hers.comment("On the old").await;
    for number in 0..30 {
        his.ask("create-message", json!({ "message": number.to_string() })).await;
    }
    ada.destroy("shopping", 1).await;
    until("no comments are left", async || stored(&cloud).await == 0).await;

    let gone = json!({ "error": { "code": "not-found", "message": "There is no such note." } });
    assert_eq!(his.ask("create-message", json!({ "message": "Too late" })).await, gone);
    ada.create("shopping", "Shopping, again").await;
    // Who joined the old one is not let to say of the new what they meant for the old.
    assert_eq!(his.ask("create-message", json!({ "message": "Too late" })).await, gone);
    assert_eq!(hers.delete(&comment).await["error"]["code"], "not-found");
    let mut newcomer = Reader::join(&cloud, &ada, "shopping").await;
    assert_eq!(newcomer.messages, json!({ "messages": [] }));
    newcomer.comment("On the new").await;
    cloud.stop().await;
}

#[tokio::test]
async fn on_joining_the_newest_20_are_sent_and_the_older_ones_are_read_over_http() {
    let (cloud, ada, [mut hers, _]) = with_two_readers().await;
    let client = Client::of(&cloud.address()).with_cookie(ada.cookie());
    let mut written = Vec::new();
    for number in 0..20 {
        written.push(hers.comment(&number.to_string()).await);
    }
    written.reverse();
    let messages = Reader::join(&cloud, &ada, "shopping").await.messages;
    assert_eq!(messages, json!({ "messages": written }), "20 are all");

    written.insert(0, hers.comment("20").await);
    let messages = Reader::join(&cloud, &ada, "shopping").await.messages;
    assert_eq!(messages["messages"], Value::from(written[..20].to_vec()));
    let older =
        client.comments("shopping", &format!("cursor={}", messages["cursor"].as_str().unwrap())).await;
    assert_eq!(older.json(200), json!({ "comments": written[20..] }));
    cloud.stop().await;
}

#[tokio::test]
async fn long_comments_are_sent_as_far_as_a_frame_goes_and_nobody_is_left_out() {
    let (cloud, ada, [mut hers, _]) = with_two_readers().await;
    let client = Client::of(&cloud.address()).with_cookie(ada.cookie());
    let mut written = Vec::new();
    for _ in 0..10 {
        written.insert(0, hers.comment(&"🦀".repeat(1024)).await);
    }
    let messages = Reader::join(&cloud, &ada, "shopping").await.messages;
    let sent = messages["messages"].as_array().unwrap();
    assert_eq!(sent[..], written[..sent.len()]);
    assert_eq!(sent.len(), 7, "as many as fit into 32 KiB");
    let older =
        client.comments("shopping", &format!("cursor={}", messages["cursor"].as_str().unwrap())).await;
    assert_eq!(older.json(200), json!({ "comments": written[7..] }));
    cloud.stop().await;
}

#[tokio::test]
async fn a_comment_takes_three_requests_and_a_deletion_three_or_five() {
    let (cloud, _, [mut hers, mut his]) = with_two_readers().await;
    let costs = async |reader: &mut Reader, name: &str, payload: Value| {
        cloud.forget_calls().await;
        let answer = reader.ask(name, payload).await;
        let requests = cloud
            .calls()
            .into_iter()
            .filter(|call| call.caller == "WebSocket" && call.action.starts_with("dynamodb:"));
        (requests.map(|call| call.action.replace("dynamodb:", "")).collect::<Vec<_>>(), answer)
    };
    let (requests, mine) = costs(&mut his, "create-message", json!({ "message": "Mine" })).await;
    assert_eq!(requests, ["GetItem", "GetItem", "TransactWriteItems"]);
    let (_, other) = costs(&mut his, "create-message", json!({ "message": "Other" })).await;
    let id = |answer: &Value| json!({ "id": answer["comment"]["id"] });
    let (requests, _) = costs(&mut his, "delete-message", id(&mine)).await;
    assert_eq!(requests, ["GetItem", "GetItem", "DeleteItem"]);
    let (requests, _) = costs(&mut hers, "delete-message", id(&other)).await;
    assert_eq!(requests, ["GetItem", "GetItem", "DeleteItem", "GetItem", "DeleteItem"]);
    cloud.stop().await;
}

#[tokio::test]
async fn a_client_that_names_an_event_of_the_server_is_ignored() {
    let (cloud, _, [mut hers, mut his]) = with_two_readers().await;
    hers.send(r#"42/notes,["newmessage",{"message":{"message":"forged"}}]"#).await;
    for reader in [&mut hers, &mut his] {
        reader.send(QUESTION).await;
        assert_eq!(reader.next().await.text(), ANSWER);
    }
    cloud.stop().await;
}
