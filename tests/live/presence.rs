//! Presence: each reader of a note receives the list of its readers, after every way to come or go.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use futures_util::future::join_all;
use local_service::faults::{Fault, Rule};
use serde_json::{Value, json};

use crate::support::{Client, Reader, TestCloud, TestUser, until};

/// Starts a cloud with ada's note `shopping`, and rooms of this number of partitions.
async fn with_a_note(shards: &str) -> (TestCloud, TestUser) {
    let cloud = TestCloud::with(|options| {
        options.parameters.insert("RoomShards".into(), shards.into());
    })
    .await;
    let ada = cloud.sign_up("ada").await;
    ada.create("shopping", "Shopping").await;
    (cloud, ada)
}

#[tokio::test]
async fn a_new_reader_and_the_earlier_ones_receive_the_list_of_readers() {
    let (cloud, ada) = with_a_note("1").await;
    let named = json!({ "displayName": "Bob the Builder", "username": "bob", "password": "correct horse" });
    let guest = Client::guest(&cloud);
    let response = guest.sign_up(named).await;
    response.json(201);
    let bob = TestUser::returning(&cloud.address(), response.cookie());

    let mut hers = Reader::join(&cloud, &ada, "shopping").await;
    hers.sees_people(&["ada"]).await;
    let alone = hers.presence.clone();
    let revision = alone["revision"].as_u64().unwrap();
    assert_eq!(
        alone,
        json!({
            "board": "team",
            "key": "shopping",
            "revision": revision,
            "people": [{ "username": "ada", "displayName": "ada" }],
            "more": 0,
        })
    );
    let mut his = Reader::join(&cloud, &bob, "shopping").await;
    for reader in [&mut hers, &mut his] {
        reader.sees_people(&["ada", "bob"]).await;
        assert_eq!(
            reader.presence["people"][1],
            json!({ "username": "bob", "displayName": "Bob the Builder" })
        );
        assert!(reader.presence["revision"].as_u64() > Some(revision), "{}", reader.presence);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_reader_with_a_changed_name_is_listed_by_it_after_joining_again() {
    let (cloud, ada) = with_a_note("1").await;
    let mut hers = Reader::join(&cloud, &ada, "shopping").await;
    let bob = cloud.sign_up("bob").await;
    let his = Reader::join(&cloud, &bob, "shopping").await;
    hers.sees_people(&["ada", "bob"]).await;
    bob.client().change_display_name("Bob the Builder").await.json(200);
    his.leave().await;
    hers.sees_people(&["ada"]).await;
    let _again = Reader::join(&cloud, &bob, "shopping").await;
    hers.sees_people(&["ada", "bob"]).await;
    assert_eq!(hers.presence["people"][1]["displayName"], "Bob the Builder");
    cloud.stop().await;
}

#[tokio::test]
async fn readers_of_another_note_or_of_the_list_are_not_in_the_list_of_readers() {
    let (cloud, ada) = with_a_note("1").await;
    ada.create("other", "Other").await;
    let [bob, carol] = [cloud.sign_up("bob").await, cloud.sign_up("carol").await];
    let mut home = cloud.socket(&carol).await;
    home.join_home().await;
    let mut hers = Reader::join(&cloud, &ada, "shopping").await;
    let mut his = Reader::join(&cloud, &bob, "other").await;
    hers.sees_people(&["ada"]).await;
    his.sees_people(&["bob"]).await;
    assert_eq!((&hers.presence["key"], &his.presence["key"]), (&json!("shopping"), &json!("other")));
    home.was_sent_nothing().await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_reader_that_closes_the_page_leaves_the_namespace_or_changes_the_note_is_removed() {
    let (cloud, ada) = with_a_note("1").await;
    ada.create("other", "Other").await;
    let [bob, carol, dave] =
        [cloud.sign_up("bob").await, cloud.sign_up("carol").await, cloud.sign_up("dave").await];
    let mut hers = Reader::join(&cloud, &ada, "shopping").await;
    let closes = Reader::join(&cloud, &bob, "shopping").await;
    let mut leaves = Reader::join(&cloud, &carol, "shopping").await;
    let mut goes_on = Reader::join(&cloud, &dave, "shopping").await;
    hers.sees_people(&["ada", "bob", "carol", "dave"]).await;

    closes.leave().await;
    hers.sees_people(&["ada", "carol", "dave"]).await;
    leaves.send("41/notes,").await;
    hers.sees_people(&["ada", "dave"]).await;
    // A page that goes from note to note leaves and joins at once.
    goes_on.send("41/notes,").await;
    goes_on.send(r#"40/notes,{"board":"team","key":"other"}"#).await;
    hers.sees_people(&["ada"]).await;
    goes_on.sees_people(&["dave"]).await;
    assert_eq!(goes_on.presence["key"], "other");
    cloud.stop().await;
}

#[tokio::test]
async fn a_user_with_two_pages_is_listed_once_until_the_last_is_closed() {
    let (cloud, ada) = with_a_note("1").await;
    let bob = cloud.sign_up("bob").await;
    let other_session = TestUser::sign_in(&cloud.address(), "bob").await;
    let mut hers = Reader::join(&cloud, &ada, "shopping").await;
    let first = Reader::join(&cloud, &bob, "shopping").await;
    let mut second = Reader::join(&cloud, &other_session, "shopping").await;
    second.sees_people(&["ada", "bob"]).await;

    let before = second.presence["revision"].clone();
    first.leave().await;
    second.sees(|presence| presence["revision"].as_u64() > before.as_u64()).await;
    second.sees_people(&["ada", "bob"]).await;
    second.leave().await;
    hers.sees_people(&["ada"]).await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_user_who_signs_out_is_removed() {
    let (cloud, ada) = with_a_note("1").await;
    let bob = cloud.sign_up("bob").await;
    let mut hers = Reader::join(&cloud, &ada, "shopping").await;
    let _his = Reader::join(&cloud, &bob, "shopping").await;
    hers.sees_people(&["ada", "bob"]).await;
    bob.sign_out().await;
    hers.sees_people(&["ada"]).await;
    cloud.stop().await;
}

/// Writes a row of a connection that the gateway does not know, as after a lost `$disconnect`. Its display name has a
/// character that no new name may have.
async fn put_stale_row(cloud: &TestCloud, expires: &str) {
    let text = |text: &str| AttributeValue::S(text.into());
    let data = [("username", "zoe"), ("displayName", "Zoe\u{202e}")];
    let data = data.map(|(name, value)| (name.to_owned(), text(value))).into();
    let put = cloud
        .dynamodb()
        .put_item()
        .table_name("Connections")
        .item("room", text("/notes,team/shopping#0"))
        .item("connectionId", text("gone="))
        .item("socket", text("AA9AAA0AAzAAAAHs"))
        .item("data", AttributeValue::M(data))
        .item("expires", AttributeValue::N(expires.into()));
    put.send().await.unwrap();
}

#[tokio::test]
async fn a_connection_without_a_disconnect_is_removed_by_the_push_that_lists_it() {
    let (cloud, ada) = with_a_note("1").await;
    let mut hers = Reader::join(&cloud, &ada, "shopping").await;
    put_stale_row(&cloud, "4102444800").await;
    hers.sees_people(&["ada", "zoe"]).await;
    assert_eq!(hers.presence["people"][1]["displayName"], "Zoe");
    hers.sees_people(&["ada"]).await;
    cloud.stop().await;
}

#[tokio::test]
async fn an_expired_reader_is_not_listed() {
    let (cloud, ada) = with_a_note("1").await;
    let mut hers = Reader::join(&cloud, &ada, "shopping").await;
    hers.sees_people(&["ada"]).await;
    let before = hers.presence["revision"].clone();
    put_stale_row(&cloud, "1").await;
    hers.sees(|presence| presence["revision"].as_u64() > before.as_u64()).await;
    hers.sees_people(&["ada"]).await;
    until("the row is deleted", async || cloud.socket_rows().await == 4).await;
    cloud.stop().await;
}

/// Joins and leaves concurrently under faults, then asserts that the remaining readers see exactly each other.
async fn all_end_with_the_current_list(shards: &str, rules: Vec<Rule>) {
    let (cloud, ada) = with_a_note(shards).await;
    let mut first = Reader::join(&cloud, &ada, "shopping").await;
    let names: Vec<_> = (0..12).map(|n| format!("reader-{n:02}")).collect();
    let opened = names.iter().map(async |name| {
        let mut socket = cloud.socket(&cloud.sign_up(name).await).await;
        socket.expect("0").await;
        socket
    });
    let sockets = join_all(opened).await;
    cloud.faults().set(1, rules);
    // Every second reader leaves as soon as it has joined.
    let come_and_go = sockets.into_iter().enumerate().map(async |(n, socket)| {
        let reader = Reader::join_on(socket, "shopping").await;
        if n % 2 == 0 {
            return Some(reader);
        }
        reader.leave().await;
        None
    });
    let mut stayed: Vec<_> = join_all(come_and_go).await.into_iter().flatten().collect();
    // The next push of any kind finds connections without a disconnect.
    ada.rename("shopping", 1, "Shopping for many").await;
    let names = names.iter().step_by(2).map(String::as_str);
    let truth: Vec<&str> = std::iter::once("ada").chain(names).collect();
    for reader in std::iter::once(&mut first).chain(&mut stayed) {
        reader.sees_people(&truth).await;
    }
    let plan = cloud.faults().plan();
    assert!(
        plan.rules.iter().all(|counted| Some(counted.injected) >= counted.rule.times),
        "some faults were not injected: {plan:#?}"
    );
    cloud.stop().await;
}

#[tokio::test]
async fn all_readers_end_with_the_current_list_after_concurrent_joins_and_leaves() {
    all_end_with_the_current_list("1", Vec::new()).await;
}

#[tokio::test]
async fn all_readers_end_with_the_current_list_in_a_room_of_eight_partitions() {
    all_end_with_the_current_list("8", Vec::new()).await;
}

#[tokio::test]
async fn all_readers_end_with_the_current_list_despite_killed_functions_and_repeated_or_late_records() {
    let stream = |fault| Rule::new(fault).function("Stream");
    all_end_with_the_current_list(
        "4",
        vec![
            stream(Fault::FunctionKilledBefore).times(1),
            stream(Fault::FunctionKilledDuring).times(1).delay_ms(10),
            stream(Fault::FunctionKilledAfter).times(1),
            Rule::new(Fault::RecordsTwice).rate(0.3),
            Rule::new(Fault::RecordsLate).rate(0.3).delay_ms(100),
            Rule::new(Fault::RecordsReordered).rate(0.3),
            Rule::new(Fault::DisconnectUnsent).times(2),
        ],
    )
    .await;
}

#[tokio::test]
async fn fifty_readers_are_listed_and_the_fifty_first_is_counted() {
    let (cloud, ada) = with_a_note("1").await;
    let mut hers = Reader::join(&cloud, &ada, "shopping").await;
    let text = |text: &str| AttributeValue::S(text.into());
    // Fifty rows of closed connections. A push lists them before it finds that they are gone. Until all rows are written,
    // the function is killed whenever it receives records, and the records are retried.
    cloud.faults().set(1, vec![Rule::new(Fault::FunctionKilledBefore).function("Stream")]);
    for half in [0..25, 25..50] {
        let put = |n: usize| {
            let (id, name) = (format!("c{n:02}="), format!("crowd-{n:02}"));
            let data = [("username", text(&name)), ("displayName", text(&name))];
            let row = [
                ("room", text("/notes,team/shopping#0")),
                ("connectionId", text(&id)),
                ("socket", text("AA9AAA0AAzAAAAHs")),
                ("data", AttributeValue::M(data.map(|(name, value)| (name.to_owned(), value)).into())),
                ("expires", AttributeValue::N("4102444800".into())),
            ];
            let row = row.map(|(name, value)| (name.to_owned(), value)).into();
            WriteRequest::builder()
                .put_request(PutRequest::builder().set_item(Some(row)).build().unwrap())
                .build()
        };
        let write = cloud.dynamodb().batch_write_item();
        write.request_items("Connections", half.map(put).collect()).send().await.unwrap();
    }
    cloud.faults().clear();
    hers.sees(|presence| presence["more"] == 1).await;
    let listed: BTreeSet<_> =
        hers.presence["people"].as_array().unwrap().iter().map(Value::to_string).collect();
    assert_eq!(listed.len(), 50);
    cloud.stop().await;
}

#[tokio::test]
async fn a_batch_of_many_joins_makes_one_post_per_reader() {
    let (cloud, ada) = with_a_note("1").await;
    let mut hers = Reader::join(&cloud, &ada, "shopping").await;
    cloud.forget_calls().await;
    let sample = include_str!("../../events/stream-reader-joined.json");
    let mut batch: Value = serde_json::from_str(sample).unwrap();
    let before = hers.presence["revision"].clone();
    batch["Records"] = std::iter::repeat_n(batch["Records"][0].clone(), 50).collect();
    let result = cloud.invoke("Stream", &batch.to_string()).await;
    assert_eq!(result["batchItemFailures"], json!([]));
    hers.sees(|presence| presence["revision"].as_u64() > before.as_u64()).await;
    let calls = cloud.calls();
    assert_eq!(cloud.count("Stream", "dynamodb:UpdateItem", "Connections"), 1, "one revision");
    assert_eq!(cloud.count("Stream", "dynamodb:Query", "Connections"), 1, "one query of the room");
    assert_eq!(cloud.count("Stream", "execute-api:POST", ""), 1, "one post per reader");
    assert_eq!(calls.len(), 3, "{calls:#?}");
    cloud.stop().await;
}
