//! The namespace of notes: authorization, the state sent on joining, and pushes.

use serde_json::{Value, json};

use crate::support::client::{Client, draft};
use crate::support::{
    CONNECT_ERROR, CONNECT_UNKNOWN, Frame, Reader, Socket, TestCloud, TestUser, sample_events, until,
};

/// Starts a cloud with ada's note `shopping`, and waits until its push is done.
async fn with_a_note() -> (TestCloud, TestUser) {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    ada.create("shopping", "Shopping").await;
    let pushed = async || cloud.count("Stream", "dynamodb:UpdateItem", "Connections") == 1;
    until("the list is pushed", pushed).await;
    cloud.forget_calls().await;
    (cloud, ada)
}

#[tokio::test]
async fn readers_receive_the_note_each_change_and_its_deletion() {
    let (cloud, ada) = with_a_note().await;
    let bob = cloud.sign_up("bob").await;
    let mut readers =
        [Reader::join(&cloud, &ada, "shopping").await, Reader::join(&cloud, &bob, "shopping").await];
    let note = Client::of(&cloud.address()).with_cookie(bob.cookie()).read("shopping").await.json(200);
    for reader in &readers {
        assert_eq!(
            (&reader.note, &reader.messages),
            (&note, &json!({ "board": "team", "key": "shopping", "messages": [] }))
        );
    }

    let note = bob.rename("shopping", 1, "Shopping for two").await;
    for reader in &mut readers {
        assert_eq!(reader.event("noteupdated").await, json!({ "board": "team", "note": note }));
    }
    ada.destroy("shopping", 2).await;
    for reader in &mut readers {
        assert_eq!(reader.pushed().await, r#"42/notes,["notedestroyed",{"board":"team","key":"shopping"}]"#);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_room_receives_changes_of_its_note_only_and_a_reader_that_left_receives_none() {
    let (cloud, ada) = with_a_note().await;
    ada.create("shopping-list", "Another").await;
    let mut reader = Reader::join(&cloud, &ada, "shopping").await;
    let mut leaver = Reader::join(&cloud, &ada, "shopping").await;
    leaver.send("41/notes,").await;
    until("the rows of the reader that left are deleted", async || cloud.socket_rows().await == 5).await;

    ada.rename("shopping-list", 1, "Changed").await;
    ada.rename("shopping", 1, "Changed").await;
    assert_eq!(reader.event("noteupdated").await["note"]["key"], "shopping");
    // The reader that left received no push: the response to this packet comes next.
    leaver.send(CONNECT_UNKNOWN).await;
    assert_eq!(leaver.pushed().await, CONNECT_ERROR);
    cloud.stop().await;
}

#[tokio::test]
async fn one_connection_receives_the_list_and_a_note() {
    let (cloud, ada) = with_a_note().await;
    let mut socket = cloud.socket(&ada).await;
    socket.join_home().await;
    let mut reader = Reader::join_on(socket, "shopping").await;
    ada.rename("shopping", 1, "Changed").await;
    let mut pushed = [reader.pushed().await, reader.pushed().await];
    pushed.sort();
    assert!(pushed[0].starts_with(r#"42/home,["notetitles","#), "{pushed:?}");
    assert!(pushed[1].starts_with(r#"42/notes,["noteupdated","#), "{pushed:?}");
    cloud.stop().await;
}

async fn refused(socket: &mut Socket, auth: &str) -> String {
    socket.send(&format!("40/notes,{auth}")).await;
    socket.next().await.text()
}

#[tokio::test]
async fn an_invalid_key_and_a_missing_note_are_refused_and_the_connection_stays() {
    let (cloud, ada) = with_a_note().await;
    let mut socket = cloud.socket(&ada).await;
    socket.expect("0").await;
    let longest = "k".repeat(128);
    for auth in
        ["", "{}", r#"{"key":""}"#, r#"{"key":7}"#, r#"{"key":"a/b"}"#, &format!(r#"{{"key":"{longest}k"}}"#)]
    {
        assert_eq!(
            refused(&mut socket, auth).await,
            r#"44/notes,{"message":"Name the note: {auth: {board, key}}.","data":{"code":"invalid-key"}}"#,
            "{auth}"
        );
    }
    for key in ["nowhere", &longest, "comments"] {
        assert_eq!(
            refused(&mut socket, &json!({ "board": "team", "key": key }).to_string()).await,
            r#"44/notes,{"message":"There is no such note.","data":{"code":"no-such-note"}}"#
        );
    }
    Reader::join_on(socket, "shopping").await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_guest_is_refused_without_learning_whether_the_note_exists() {
    let (cloud, _) = with_a_note().await;
    for key in ["shopping", "nowhere"] {
        let mut guest = Socket::open(&cloud.address(), None).await.unwrap();
        guest.expect("0").await;
        assert_eq!(
            refused(&mut guest, &json!({ "board": "team", "key": key }).to_string()).await,
            r#"44/notes,{"message":"Sign in first.","data":{"code":"unauthenticated"}}"#
        );
        assert!(matches!(guest.next().await, Frame::Closed(_)));
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_note_that_is_too_large_for_a_frame_is_pushed_without_its_body() {
    let (cloud, ada) = with_a_note().await;
    let client = Client::of(&cloud.address()).with_cookie(ada.cookie());
    let mut reader = Reader::join(&cloud, &ada, "shopping").await;
    let envelope = |note: &Value| {
        format!("42/notes,{}", json!(["noteupdated", { "board": "team", "note": note }])).len()
    };
    // The largest body that fits, to the byte, and one byte more.
    let small = client.write("shopping", ("if-match", "\"1\""), draft("A", "")).await.json(200);
    reader.event("noteupdated").await;
    let fits = 32 * 1024 - envelope(&small);
    let whole =
        client.write("shopping", ("if-match", "\"2\""), draft("A", &"x".repeat(fits))).await.json(200);
    let pushed = reader.pushed().await;
    assert_eq!(pushed.len(), 32 * 1024);
    assert!(pushed.contains("\"body\":\"xxx"));
    assert_eq!(envelope(&whole), 32 * 1024);

    let mut cut =
        client.write("shopping", ("if-match", "\"3\""), draft("A", &"x".repeat(fits + 1))).await.json(200);
    cut.as_object_mut().unwrap().remove("body");
    assert_eq!(reader.event("noteupdated").await, json!({ "board": "team", "note": cut }));
    assert_eq!(Reader::join(&cloud, &ada, "shopping").await.note, cut, "and on joining");

    // Even the largest of all.
    let largest = draft(&"\u{1F5D2}".repeat(200), &"\u{1}".repeat(256 * 1024));
    client.write("shopping", ("if-match", "\"4\""), largest).await.json(200);
    let note = reader.event("noteupdated").await["note"].take();
    assert_eq!((note["version"].as_u64(), note.get("body")), (Some(5), None));
    cloud.stop().await;
}

#[tokio::test]
async fn the_room_converges_on_the_last_of_many_changes() {
    let (cloud, ada) = with_a_note().await;
    let mut reader = Reader::join(&cloud, &ada, "shopping").await;
    for version in 1..=20 {
        ada.rename("shopping", version, &format!("Version {}", version + 1)).await;
    }
    // Versions in between may be skipped. None is older than the one before.
    let mut shown = 1;
    while shown < 21 {
        let note = reader.event("noteupdated").await["note"].take();
        let version = note["version"].as_u64().unwrap();
        assert!(version > shown);
        assert_eq!(note["title"], format!("Version {version}"));
        shown = version;
    }
    cloud.stop().await;
}

/// Makes a batch of records of one note from the sample events.
fn batch(samples: &[&str]) -> String {
    let events = sample_events();
    let records: Vec<Value> = samples
        .iter()
        .map(|name| {
            let event: Value = serde_json::from_str(&events[*name]).unwrap();
            event["Records"][0].clone()
        })
        .collect();
    json!({ "Records": records }).to_string()
}

#[tokio::test]
async fn a_batch_makes_one_push_per_note_and_one_per_remaining_comment() {
    let (cloud, ada) = with_a_note().await;
    let mut reader = Reader::join(&cloud, &ada, "shopping").await;
    cloud.silence_activity().await;
    cloud.forget_calls().await;
    let result = cloud
        .invoke(
            "Stream",
            &batch(&[
                "stream-note-created",
                "stream-comment-created",
                "stream-note-updated",
                "stream-note-updated",
                "stream-comment-created",
            ]),
        )
        .await;
    assert_eq!(result["batchItemFailures"], json!([]));
    let mut pushed = [reader.pushed().await, reader.pushed().await];
    pushed.sort();
    assert!(pushed[0].starts_with(r#"42/notes,["newmessage",{"board":"team","message":{"#), "{pushed:?}");
    assert!(pushed[1].contains(r#""version":2"#), "{pushed:?}");
    assert_eq!(cloud.count("Stream", "dynamodb:Query", "Connections"), 3, "home, the note, the comment");
    assert_eq!(cloud.count("Stream", "execute-api:POST", ""), 2, "{:#?}", cloud.calls());
    cloud.stop().await;
}

#[tokio::test]
async fn a_batch_of_comments_pushes_no_list() {
    let (cloud, ada) = with_a_note().await;
    let mut home = cloud.socket(&ada).await;
    home.join_home().await;
    let mut reader = Reader::join(&cloud, &ada, "shopping").await;
    cloud.forget_calls().await;
    let comment = reader.comment("Milk?").await;
    assert_eq!(reader.delete(&comment).await, json!({}));
    assert_eq!(
        reader.event("destroymessage").await,
        json!({ "board": "team", "key": "shopping", "id": comment["id"] })
    );
    assert_eq!(cloud.count("Stream", "dynamodb:Query", "Notes/index/by-listed"), 0);
    home.was_sent_nothing().await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_new_note_under_a_key_is_pushed_after_the_deletion_of_the_old_one() {
    let (cloud, ada) = with_a_note().await;
    let mut reader = Reader::join(&cloud, &ada, "shopping").await;
    reader.comment("On the old").await;
    cloud.invoke("Stream", &batch(&["stream-note-destroyed", "stream-note-updated"])).await;
    assert_eq!(reader.pushed().await, r#"42/notes,["notedestroyed",{"board":"team","key":"shopping"}]"#);
    assert_eq!(reader.event("noteupdated").await["note"]["version"], 2);
    // The deletion was of another note with this key, so the comments on this one remain.
    assert_eq!(Reader::join(&cloud, &ada, "shopping").await.messages["messages"][0]["message"], "On the old");
    cloud.stop().await;
}

#[tokio::test]
async fn a_poison_record_of_a_comment_fails_alone_and_pushes_no_list() {
    let (cloud, ada) = with_a_note().await;
    let mut reader = Reader::join(&cloud, &ada, "shopping").await;
    cloud.forget_calls().await;
    let mut events: Value =
        serde_json::from_str(&batch(&["stream-comment-created", "stream-comment-created"])).unwrap();
    events["Records"][0]["dynamodb"]["NewImage"]["author"] = json!({ "N": "1" });
    events["Records"][0]["dynamodb"]["SequenceNumber"] = json!("666");
    let result = cloud.invoke("Stream", &events.to_string()).await;
    assert_eq!(result["batchItemFailures"], json!([{ "itemIdentifier": "666" }]));
    assert_eq!(reader.event("newmessage").await["message"]["message"], "Milk, or oat milk?");
    assert_eq!(cloud.count("Stream", "dynamodb:Query", "Notes/index/by-listed"), 0);
    cloud.stop().await;
}

#[tokio::test]
async fn joining_a_note_takes_six_requests_and_four_posts_and_its_presence_two_and_one_per_reader() {
    let (cloud, ada) = with_a_note().await;
    let _reader = Reader::join(&cloud, &ada, "shopping").await;
    let mut socket = cloud.socket(&ada).await;
    socket.expect("0").await;
    cloud.forget_calls().await;
    Reader::join_on(socket, "shopping").await;
    let costs = |function: &str| {
        let calls: Vec<_> = cloud.calls().into_iter().filter(|call| call.caller == function).collect();
        let posts = calls.iter().filter(|call| call.action.starts_with("execute-api:")).count();
        (calls.len() - posts, posts)
    };
    assert_eq!(costs("WebSocket"), (6, 4), "{:#?}", cloud.calls());
    until("both readers receive the presence", async || costs("Stream") == (2, 2)).await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_reader_that_leaves_has_no_rows() {
    let (cloud, ada) = with_a_note().await;
    ada.create("other", "Other").await;
    let reader = Reader::join(&cloud, &ada, "shopping").await;
    assert_eq!(cloud.socket_rows().await, 4, "the connection, the namespace, the note, the board");
    reader.leave().await;
    until("all rows are deleted", async || cloud.socket_rows().await == 0).await;
    cloud.stop().await;
}
