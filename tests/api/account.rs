//! The account of the signed-in user: its sessions, a new password, its deletion.

use serde_json::{Value, json};

use crate::support::TestCloud;
use crate::support::client::{ABSENT, Client, PASSWORD, credentials, draft};

const NEW: &str = "battery staple";

/// Signs Ada in and returns the new session.
async fn signed_in(cloud: &TestCloud, agent: &str) -> Client {
    let guest = Client::guest(cloud);
    let request = guest.request(reqwest::Method::POST, "/api/session").header("user-agent", agent);
    let response = crate::support::Response::to(request.json(&credentials("ada", PASSWORD))).await;
    response.json(200);
    guest.with_cookie(response.cookie())
}

fn ids(sessions: &Value) -> Vec<&str> {
    sessions["sessions"].as_array().unwrap().iter().map(|session| session["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn sessions_are_listed_with_times_address_and_agent() {
    let cloud = TestCloud::start().await;
    let laptop = Client::signed_up(&cloud, "ada").await;
    let phone = signed_in(&cloud, "A phone").await;
    Client::signed_up(&cloud, "bob").await;
    let sessions = phone.sessions().await.json(200);
    let [first, second] = sessions["sessions"].as_array().unwrap().as_slice() else { panic!("{sessions}") };
    assert_eq!((&first["agent"], &first["current"]), (&json!("A phone"), &json!(true)));
    assert_eq!(second["current"], json!(false));
    for session in [first, second] {
        let mut members: Vec<&String> = session.as_object().unwrap().keys().collect();
        members.sort();
        assert_eq!(members, ["address", "agent", "created", "current", "expires", "id", "lastSeen"]);
        let time = |name: &str| session[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        assert!(time("created") <= time("lastSeen") && time("lastSeen") < time("expires"));
        let address = session["address"].as_str().unwrap();
        assert!(["127.0.0.1", "::1"].contains(&address), "{session}");
    }
    assert!(!laptop.cookie().contains(second["id"].as_str().unwrap()), "an id is not a token");
    cloud.stop().await;
}

#[tokio::test]
async fn a_user_can_end_only_their_own_sessions() {
    let cloud = TestCloud::start().await;
    let laptop = Client::signed_up(&cloud, "ada").await;
    let phone = signed_in(&cloud, "A phone").await;
    let bob = Client::signed_up(&cloud, "bob").await;
    let sessions = laptop.sessions().await.json(200);
    let phones = ids(&sessions)[0];
    bob.end_session(phones).await.problem(404);
    phone.who_am_i().await.json(200);
    for unknown in ["a", "%00", &"A".repeat(43)] {
        laptop.end_session(unknown).await.problem(404);
    }
    let ended = laptop.end_session(phones).await;
    ended.empty(204);
    assert_eq!(ended.header("set-cookie"), "");
    phone.who_am_i().await.problem(401);
    laptop.end_session(phones).await.problem(404);

    let own = ids(&laptop.sessions().await.json(200))[0].to_owned();
    let ended = laptop.end_session(&own).await;
    ended.empty(204);
    assert!(ended.header("set-cookie").ends_with("Max-Age=0"), "{ended:?}");
    laptop.who_am_i().await.problem(401);
    cloud.stop().await;
}

#[tokio::test]
async fn ending_the_other_sessions_closes_their_sockets() {
    let cloud = TestCloud::start().await;
    let laptop = Client::signed_up(&cloud, "ada").await;
    let phone = signed_in(&cloud, "A phone").await;
    let tablet = signed_in(&cloud, "A tablet").await;
    let mut sockets = Vec::new();
    for client in [&phone, &tablet, &laptop] {
        let mut socket = crate::support::Socket::open(&cloud.address(), Some(client.cookie())).await.unwrap();
        socket.join_home().await;
        sockets.push(socket);
    }
    laptop.end_other_sessions().await.empty(204);
    for ended in [&phone, &tablet] {
        ended.who_am_i().await.problem(401);
    }
    let mut own = sockets.pop().unwrap();
    for mut socket in sockets {
        socket.closed().await;
    }
    // The session of the request and its socket remain.
    laptop.write("a", ABSENT, draft("A", "")).await.json(201);
    own.notetitles_until(|list| list["notelist"][0]["title"] == "A").await;
    cloud.stop().await;
}

#[tokio::test]
async fn changing_the_password_requires_the_old_one_and_leaves_one_session() {
    let cloud = TestCloud::start().await;
    let laptop = Client::signed_up(&cloud, "ada").await;
    let phone = signed_in(&cloud, "A phone").await;
    assert_eq!(laptop.change_password("a wrong one", NEW).await.wrong_fields(403), ["password"]);
    phone.who_am_i().await.json(200);

    let changed = laptop.change_password(PASSWORD, NEW).await;
    assert_eq!(changed.json(200)["username"], "ada");
    assert_ne!(changed.cookie(), laptop.cookie(), "the session has a new id");
    laptop.who_am_i().await.problem(401);
    phone.who_am_i().await.problem(401);
    let laptop = laptop.with_cookie(changed.cookie());
    assert_eq!(ids(&laptop.sessions().await.json(200)).len(), 1);
    let guest = Client::guest(&cloud);
    guest.sign_in(credentials("ada", PASSWORD)).await.problem(401);
    guest.sign_in(credentials("ada", NEW)).await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn changing_the_password_closes_the_sockets_of_all_earlier_sessions() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    socket.join_home().await;
    Client::guest(&cloud).with_cookie(ada.cookie()).change_password(PASSWORD, NEW).await.json(200);
    socket.closed().await;
    cloud.stop().await;
}

#[tokio::test]
async fn deleting_an_account_keeps_its_notes() {
    let cloud = TestCloud::start().await;
    Client::found(&cloud).await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let phone = signed_in(&cloud, "A phone").await;
    let bob = Client::signed_up(&cloud, "bob").await;
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    assert_eq!(bob.person("ada").await.json(200), json!({ "username": "ada", "displayName": "ada" }));
    let mut socket = crate::support::Socket::open(&cloud.address(), Some(phone.cookie())).await.unwrap();
    socket.join_home().await;

    assert_eq!(ada.delete_account("a wrong one").await.wrong_fields(403), ["password"]);
    let deleted = ada.delete_account(PASSWORD).await;
    deleted.empty(204);
    assert!(deleted.header("set-cookie").ends_with("Max-Age=0"), "{deleted:?}");
    for ended in [&ada, &phone] {
        ended.who_am_i().await.problem(401);
    }
    socket.closed().await;
    assert_eq!(bob.read("a").await.json(200)["author"], "ada");
    assert_eq!(bob.person("ada").await.json(200), json!({ "username": "ada", "gone": true }));
    for nobody in ["nobody", "a%20b", "%00"] {
        bob.person(nobody).await.problem(404);
    }
    let guest = Client::guest(&cloud);
    guest.sign_in(credentials("ada", PASSWORD)).await.problem(401);
    // The username cannot be used again, or another user would become the author of those notes.
    assert_eq!(guest.sign_up(credentials("ada", NEW)).await.wrong_fields(409), ["username"]);
    cloud.stop().await;
}

#[tokio::test]
async fn every_account_route_requires_a_session() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    for response in [
        guest.sessions().await,
        guest.end_session("a").await,
        guest.end_other_sessions().await,
        guest.change_password(PASSWORD, NEW).await,
        guest.delete_account(PASSWORD).await,
        guest.person("ada").await,
    ] {
        response.problem(401);
    }
    cloud.stop().await;
}

/// Inserts sessions of Ada's into the table, beyond the maximum that the API allows.
async fn insert_sessions(cloud: &TestCloud, count: usize) {
    use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};

    let mut row = cloud.rows("Sessions").await.remove(0);
    let ids: Vec<String> = (0..count).map(|number| format!("{number:042}A")).collect();
    for batch in ids.chunks(25) {
        let puts = batch.iter().map(|id| {
            row.insert("id".into(), AttributeValue::S(id.clone()));
            let put = PutRequest::builder().set_item(Some(row.clone())).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        });
        let write = cloud.dynamodb().batch_write_item().request_items("Sessions", puts.collect());
        assert!(write.send().await.unwrap().unprocessed_items.unwrap_or_default().is_empty());
    }
}

#[tokio::test]
async fn thousands_of_sessions_end_at_once() {
    let cloud = TestCloud::start().await;
    Client::found(&cloud).await;
    let ada = Client::signed_up(&cloud, "ada").await;
    insert_sessions(&cloud, 2_000).await;
    assert!(ids(&ada.sessions().await.json(200)).len() <= 50);
    cloud.forget_calls().await;

    let changed = ada.change_password(PASSWORD, NEW).await;
    changed.json(200);
    assert_eq!(cloud.rows("Sessions").await.len(), 1);
    let calls = cloud.calls();
    let requests = calls.iter().filter(|call| call.caller == "Http" && call.resource.contains("Sessions"));
    assert!(requests.count() < 30, "one transaction ends up to 100 sessions");
    ada.who_am_i().await.problem(401);
    let guest = Client::guest(&cloud);
    guest.sign_in(credentials("ada", PASSWORD)).await.problem(401);
    let ada = ada.with_cookie(changed.cookie());

    insert_sessions(&cloud, 2_000).await;
    ada.end_other_sessions().await.empty(204);
    assert_eq!(cloud.rows("Sessions").await.len(), 1);
    insert_sessions(&cloud, 200).await;
    ada.delete_account(NEW).await.empty(204);
    assert!(cloud.rows("Sessions").await.is_empty());
    cloud.stop().await;
}

#[tokio::test]
async fn the_oldest_session_ends_when_a_user_has_too_many() {
    let cloud = TestCloud::start().await;
    let first = Client::signed_up(&cloud, "ada").await;
    let second = signed_in(&cloud, "second").await;
    let mut newest = second.clone();
    for _ in 2..50 {
        newest = signed_in(&cloud, "another").await;
    }
    first.who_am_i().await.json(200);
    assert_eq!(cloud.rows("Sessions").await.len(), 50);

    let one_more = signed_in(&cloud, "one more").await;
    first.who_am_i().await.problem(401);
    for session in [&second, &newest, &one_more] {
        session.who_am_i().await.json(200);
    }
    assert_eq!(cloud.rows("Sessions").await.len(), 50);
    // Bob's sessions do not count.
    Client::signed_up(&cloud, "bob").await;
    second.who_am_i().await.json(200);
    cloud.stop().await;
}
