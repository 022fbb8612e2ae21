//! Comments over the socket: creation, refusal, deletion, and the deletion of their note.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::{CONNECT_ERROR, CONNECT_UNKNOWN, Reader, TestCloud, TestUser};

/// Starts a cloud with ada's note `shopping`, and with ada and bob reading it.
async fn with_two_readers() -> (TestCloud, TestUser, [Reader; 2]) {
    let cloud = TestCloud::start().await;
    let (ada, bob) = (cloud.sign_up("ada").await, cloud.sign_up("bob").await);
    ada.create("shopping", "Shopping").await;
    let readers =
        [Reader::join(&cloud, &ada, "shopping").await, Reader::join(&cloud, &bob, "shopping").await];
    (cloud, ada, readers)
}

/// Counts the stored comments.
async fn stored(cloud: &TestCloud) -> usize {
    let is_comment = |row: &&_| row_text(row, "board").starts_with("comments#");
    cloud.rows("Notes").await.iter().filter(is_comment).count()
}

fn row_text<'a>(row: &'a std::collections::HashMap<String, AttributeValue>, name: &str) -> &'a str {
    row[name].as_s().unwrap()
}

#[tokio::test]
async fn a_comment_is_acknowledged_stored_and_pushed_with_the_sessions_user_as_its_author() {
    let (cloud, ada, [mut hers, mut his]) = with_two_readers().await;
    let claim = json!({ "message": " Milk,\n<b>oat</b>? ", "author": "ada", "id": "1", "key": "other" });
    let ack = his.ask("create-message", claim).await;
    let comment = &ack["comment"];
    let (id, created) = (comment["id"].as_str().unwrap(), comment["created"].as_str().unwrap());
    let whole = json!({
        "id": id,
        "key": "shopping",
        "author": "bob",
        "message": "Milk,\n<b>oat</b>?",
        "created": created,
    });
    assert_eq!(ack, json!({ "comment": whole }));
    assert_eq!((id.len(), &id[14..15], created.len()), (36, "7", 24));
    for reader in [&mut hers, &mut his] {
        assert_eq!(reader.event("newmessage").await, json!({ "board": "team", "message": whole }));
    }
    let joined_later = Reader::join(&cloud, &ada, "shopping").await;
    assert_eq!(joined_later.messages, json!({ "board": "team", "key": "shopping", "messages": [whole] }));
    cloud.stop().await;
}

#[tokio::test]
async fn a_writer_beyond_the_quota_is_told_when_to_try_again_and_stays_connected() {
    let cloud =
        TestCloud::with(|options| drop(options.parameters.insert("WritesPerMinute".into(), "5".into())))
            .await;
    let (ada, bob) = (cloud.sign_up("ada").await, cloud.sign_up("bob").await);
    ada.create("shopping", "Shopping").await;
    let mut his = Reader::join(&cloud, &bob, "shopping").await;
    let mut written = 0;
    // The quota may hold twice, if the clock's minute ends meanwhile.
    let refusal = loop {
        let ack = his.ask("create-message", json!({ "message": "Milk" })).await;
        if ack.get("comment").is_none() {
            break ack;
        }
        written += 1;
        assert!(written <= 10, "never refused");
    };
    assert!(written >= 5, "{written}");
    assert_eq!(refusal["error"]["code"], "quota-reached");
    let message = refusal["error"]["message"].as_str().unwrap();
    assert!(message.contains("Try again in ") && message.ends_with(" seconds."), "{message}");
    assert_eq!(stored(&cloud).await, written);
    let delete = his.ask("delete-message", json!({ "id": his.messages["messages"][0]["id"] })).await;
    assert_eq!(delete, json!({ "error": { "code": "not-found", "message": "There is no such comment." } }));
    let mut hers = Reader::join(&cloud, &ada, "shopping").await;
    assert!(hers.ask("create-message", json!({ "message": "Eggs" })).await.get("comment").is_some());
    cloud.stop().await;
}

#[tokio::test]
async fn acknowledgements_have_exact_bytes() {
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
    let gone =
        format!(r#"42/notes,["destroymessage",{{"board":"team","key":"shopping","id":{}}}]"#, comment["id"]);
    assert_eq!(frames, [gone.as_str(), "43/notes,3[{}]"]);
    cloud.stop().await;
}

/// Returns an id that a client generated this number of milliseconds ago.
fn id_generated(milliseconds_ago: i64) -> String {
    let time = format!("{:012x}", jiff::Timestamp::now().as_millisecond() - milliseconds_ago);
    format!("{}-{}-7b7d-9d52-3f1c0e6a7b88", &time[..8], &time[8..])
}

#[tokio::test]
async fn a_comment_that_is_repeated_with_its_idempotency_key_is_written_and_pushed_once() {
    let (cloud, _, [mut hers, mut his]) = with_two_readers().await;
    let id = id_generated(0);
    let request = json!({ "message": "Milk?", "idempotencyKey": id });
    let first = his.ask("create-message", request.clone()).await;
    assert_eq!(first["comment"]["id"], id);
    for _ in 0..3 {
        assert_eq!(his.ask("create-message", request.clone()).await, first);
    }
    assert_eq!(stored(&cloud).await, 1);
    assert_eq!(hers.event("newmessage").await["message"], first["comment"]);
    // Another author or another text is not a repetition.
    let taken = json!({ "errors": { "idempotencyKey": "is another comment's" } });
    assert_eq!(hers.ask("create-message", request).await, taken);
    assert_eq!(his.ask("create-message", json!({ "message": "Cream?", "idempotencyKey": id })).await, taken);
    assert_eq!(hers.comment("The next.").await["message"], "The next.");
    assert_eq!(stored(&cloud).await, 2);
    cloud.stop().await;
}

#[tokio::test]
async fn an_idempotency_key_that_is_invalid_or_of_another_time_is_refused_and_nothing_is_written() {
    let (cloud, _, [mut hers, _]) = with_two_readers().await;
    let ask = async |hers: &mut Reader, id: Value| {
        hers.ask("create-message", json!({ "message": "Milk?", "idempotencyKey": id })).await
    };
    let invalid = json!({ "errors": { "idempotencyKey": "must be a UUIDv7" } });
    for id in [
        json!(""),
        json!("1"),
        json!(7),
        json!([]),
        json!(id_generated(0).to_uppercase()),
        json!(id_generated(0).replace("-7", "-4")),
    ] {
        assert_eq!(ask(&mut hers, id.clone()).await, invalid, "{id}");
    }
    let forged = "ffffffff-ffff-7fff-bfff-ffffffffffff".to_owned();
    for id in [forged, id_generated(-120_000), id_generated(2 * 24 * 60 * 60 * 1000)] {
        let ack = ask(&mut hers, json!(id)).await;
        assert_eq!(ack, json!({ "errors": { "idempotencyKey": "must be made just now" } }));
    }
    assert_eq!(stored(&cloud).await, 0);
    for id in [id_generated(-30_000), id_generated(60 * 60 * 1000)] {
        assert_eq!(ask(&mut hers, json!(id)).await["comment"]["id"], id);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_message_with_half_a_character_or_of_another_type_is_acknowledged_and_the_connection_stays() {
    let (cloud, _, [mut hers, _]) = with_two_readers().await;
    hers.send(r#"42/notes,7["create-message",{"message":"cut \ud83d"}]"#).await;
    assert_eq!(hers.acknowledged().await["comment"]["message"], "cut \u{fffd}");
    for levels in [1, 126] {
        let nested = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        hers.send(&format!(r#"42/notes,7["create-message",{{"message":{nested}}}]"#)).await;
        assert_eq!(hers.acknowledged().await, json!({ "errors": { "message": "must be a string" } }));
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
async fn a_message_is_1_to_1024_characters_and_the_connection_stays_after_invalid_ones() {
    let (cloud, _, [mut hers, _]) = with_two_readers().await;
    for (payload, error) in [
        (json!({ "message": "" }), "must be 1 to 1024 characters"),
        (json!({ "message": " \n " }), "must be 1 to 1024 characters"),
        (json!({ "message": "🦀".repeat(1025) }), "must be 1 to 1024 characters"),
        (json!({ "message": 7 }), "must be a string"),
        (json!({ "message": ["Milk?"] }), "must be a string"),
        (json!({ "message": null }), "is missing"),
        (json!({}), "is missing"),
        (json!("Milk?"), "is missing"),
        (json!(null), "is missing"),
    ] {
        let ack = hers.ask("create-message", payload.clone()).await;
        assert_eq!(ack, json!({ "errors": { "message": error } }), "{payload}");
    }
    hers.send(r#"42/notes,7["create-message"]"#).await;
    assert_eq!(hers.acknowledged().await, json!({ "errors": { "message": "is missing" } }));
    assert_eq!(stored(&cloud).await, 0);
    for longest in ["a".to_owned(), "🦀".repeat(1024)] {
        assert_eq!(hers.comment(&longest).await["message"], longest);
    }
    // A comment without an acknowledgement is written too.
    hers.send(r#"42/notes,["create-message",{"message":"No acknowledgement, please"}]"#).await;
    assert_eq!(hers.event("newmessage").await["message"]["message"], "No acknowledgement, please");
    cloud.stop().await;
}

#[tokio::test]
async fn only_the_authors_of_a_comment_and_of_its_note_may_delete_it() {
    let (cloud, _, [mut hers, mut his]) = with_two_readers().await;
    let carol = cloud.sign_up("carol").await;
    let mut carols = Reader::join(&cloud, &carol, "shopping").await;
    let (a, b, c) =
        (hers.comment("ada's").await, his.comment("bob's").await, carols.comment("carol's").await);
    let forbidden = json!({ "error": {
        "code": "forbidden",
        "message": "Only the author of the comment or of the note may delete it.",
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
        assert_eq!(
            gone,
            format!(
                r#"42/notes,["destroymessage",{{"board":"team","key":"shopping","id":{}}}]"#,
                comment["id"]
            )
        );
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_comment_of_another_note_is_not_found() {
    let (cloud, _, [_, mut his]) = with_two_readers().await;
    let bob = cloud.sign_up("bobby").await;
    bob.create("other", "Other").await;
    let mut other = Reader::join(&cloud, &bob, "other").await;
    let comment = other.comment("External").await;
    assert_eq!(his.delete(&comment).await["error"]["code"], "not-found");
    assert_eq!(stored(&cloud).await, 1);
    cloud.stop().await;
}

#[tokio::test]
async fn an_ended_session_cannot_comment() {
    let (cloud, _, [mut hers, _]) = with_two_readers().await;
    let comment = hers.comment("Milk?").await;
    // The session expires, but its socket stays open.
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
async fn a_new_note_under_the_key_of_a_deleted_one_has_no_comments() {
    let (cloud, ada, [mut hers, mut his]) = with_two_readers().await;
    let comment = hers.comment("On the old").await;
    ada.destroy("shopping", 1).await;

    let gone = json!({ "error": { "code": "not-found", "message": "There is no such note." } });
    assert_eq!(his.ask("create-message", json!({ "message": "Too late" })).await, gone);
    ada.create("shopping", "Shopping, again").await;
    // A reader of the old note cannot comment on the new one.
    assert_eq!(his.ask("create-message", json!({ "message": "Too late" })).await, gone);
    let mut joined_later = Reader::join(&cloud, &ada, "shopping").await;
    assert_eq!(joined_later.messages, json!({ "board": "team", "key": "shopping", "messages": [] }));
    joined_later.comment("On the new").await;
    // Authors may delete their comments, also while the note is in the trash.
    assert_eq!(hers.delete(&comment).await, json!({}));
    cloud.stop().await;
}

#[tokio::test]
async fn joining_sends_the_newest_20_comments_and_http_returns_older_ones() {
    let (cloud, ada, [mut hers, _]) = with_two_readers().await;
    let client = Client::of(&cloud.address()).with_cookie(ada.cookie());
    let mut written = Vec::new();
    for number in 0..20 {
        written.push(hers.comment(&number.to_string()).await);
    }
    written.reverse();
    let messages = Reader::join(&cloud, &ada, "shopping").await.messages;
    assert_eq!(
        messages,
        json!({ "board": "team", "key": "shopping", "messages": written }),
        "all 20 are sent"
    );

    written.insert(0, hers.comment("20").await);
    let messages = Reader::join(&cloud, &ada, "shopping").await.messages;
    assert_eq!(messages["messages"], Value::from(written[..20].to_vec()));
    let older =
        client.comments("shopping", &format!("cursor={}", messages["cursor"].as_str().unwrap())).await;
    assert_eq!(older.json(200), json!({ "comments": written[20..] }));
    cloud.stop().await;
}

#[tokio::test]
async fn joining_sends_as_many_long_comments_as_fit_into_a_frame_and_http_returns_the_rest() {
    let (cloud, ada, [mut hers, _]) = with_two_readers().await;
    let client = Client::of(&cloud.address()).with_cookie(ada.cookie());
    let mut written = Vec::new();
    for _ in 0..10 {
        written.insert(0, hers.comment(&"🦀".repeat(1024)).await);
    }
    let messages = Reader::join(&cloud, &ada, "shopping").await.messages;
    let sent = messages["messages"].as_array().unwrap();
    assert_eq!(sent[..], written[..sent.len()]);
    assert_eq!(sent.len(), 7, "this many fit into 32 KiB");
    let older =
        client.comments("shopping", &format!("cursor={}", messages["cursor"].as_str().unwrap())).await;
    assert_eq!(older.json(200), json!({ "comments": written[7..] }));
    cloud.stop().await;
}

#[tokio::test]
async fn creating_a_comment_takes_three_requests_and_deleting_one_takes_three_or_five() {
    let (cloud, _, [mut hers, mut his]) = with_two_readers().await;
    let costs = async |reader: &mut Reader, name: &str, payload: Value| {
        cloud.forget_calls().await;
        let ack = reader.ask(name, payload).await;
        let requests = cloud
            .calls()
            .into_iter()
            .filter(|call| call.caller == "WebSocket" && call.action.starts_with("dynamodb:"));
        (requests.map(|call| call.action.replace("dynamodb:", "")).collect::<Vec<_>>(), ack)
    };
    let (requests, mine) = costs(&mut his, "create-message", json!({ "message": "Mine" })).await;
    assert_eq!(requests, ["GetItem", "BatchGetItem", "TransactWriteItems"]);
    let (_, other) = costs(&mut his, "create-message", json!({ "message": "Other" })).await;
    let id = |ack: &Value| json!({ "id": ack["comment"]["id"] });
    let (requests, _) = costs(&mut his, "delete-message", id(&mine)).await;
    assert_eq!(requests, ["GetItem", "BatchGetItem", "DeleteItem"]);
    let (requests, _) = costs(&mut hers, "delete-message", id(&other)).await;
    assert_eq!(requests, ["GetItem", "BatchGetItem", "DeleteItem", "GetItem", "DeleteItem"]);
    cloud.stop().await;
}

#[tokio::test]
async fn a_servers_event_that_a_client_sends_is_ignored() {
    let (cloud, _, [mut hers, mut his]) = with_two_readers().await;
    hers.send(r#"42/notes,["newmessage",{"message":{"message":"forged"}}]"#).await;
    for reader in [&mut hers, &mut his] {
        reader.send(CONNECT_UNKNOWN).await;
        assert_eq!(reader.next().await.text(), CONNECT_ERROR);
    }
    cloud.stop().await;
}
