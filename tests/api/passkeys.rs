//! Passkeys: adding, listing and removing them, and signing in with them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{Client, PASSWORD, credentials};
use crate::support::{Authenticator, Logs, Response, TestCloud};

/// Adds a passkey to the account of a client, and returns it.
async fn add(client: &Client, authenticator: &mut Authenticator) -> Value {
    let options = client.ask_for_passkey(PASSWORD).await.json(200);
    client.add_passkey("Phone", authenticator.create(&options)).await.json(201)
}

/// A user with a passkey.
async fn with_passkey(cloud: &TestCloud, username: &str) -> (Client, Authenticator, Value) {
    let client = Client::signed_up(cloud, username).await;
    let mut authenticator = Authenticator::new(&cloud.address());
    let passkey = add(&client, &mut authenticator).await;
    (client, authenticator, passkey)
}

async fn sign_in(guest: &Client, authenticator: &mut Authenticator) -> Response {
    let options = guest.ask_for_passkey_sign_in().await.json(200);
    guest.sign_in_with_passkey(authenticator.get(&options)).await
}

#[track_caller]
fn refused(response: &Response) {
    assert_eq!(response.problem(401)["type"], "/api/problems/wrong-passkey");
    assert_eq!(response.header("www-authenticate"), "Cookie");
    assert_eq!(response.header("set-cookie"), "");
}

#[track_caller]
fn not_added(response: &Response) {
    assert_eq!(response.problem(422)["type"], "/api/problems/invalid-passkey");
}

/// Changes a row of the table of accounts whose name begins with a text.
async fn set(cloud: &TestCloud, row: &str, attribute: &str, value: AttributeValue) {
    let rows = cloud.rows("Users").await;
    let is_it = |found: &&HashMap<String, AttributeValue>| found["username"].as_s().unwrap().starts_with(row);
    let found = rows.iter().find(is_it).unwrap();
    let update =
        cloud.dynamodb().update_item().table_name("Users").key("username", found["username"].clone());
    let update = update.update_expression("SET #attribute = :value");
    let update = update.expression_attribute_names("#attribute", attribute);
    update.expression_attribute_values(":value", value).send().await.unwrap();
}

#[tokio::test]
async fn a_passkey_signs_in_without_a_username_and_says_when_it_was_used() {
    let cloud = TestCloud::start().await;
    let (ada, mut authenticator, passkey) = with_passkey(&cloud, "ada").await;
    assert_eq!(passkey["name"], "Phone");
    assert_eq!(ada.passkeys().await.json(200), json!({ "passkeys": [passkey] }));

    let guest = Client::guest(&cloud);
    let signed_in = sign_in(&guest, &mut authenticator).await;
    assert_eq!(signed_in.json(200)["username"], "ada");
    assert!(!signed_in.device_cookie().is_empty());
    let again = guest.with_cookie(signed_in.cookie());
    assert_eq!(again.who_am_i().await.json(200)["username"], "ada");
    let listed = ada.passkeys().await.json(200);
    assert!(listed["passkeys"][0]["lastUsed"].as_str() >= passkey["created"].as_str(), "{listed}");

    // A sign-in ends the session of the request.
    sign_in(&again, &mut authenticator).await.json(200);
    again.who_am_i().await.problem(401);
    cloud.stop().await;
}

#[tokio::test]
async fn the_browser_is_asked_for_a_verified_user_and_a_passkey_that_names_its_user() {
    let cloud = TestCloud::start().await;
    let (ada, _, _) = with_passkey(&cloud, "ada").await;
    let asked = ada.ask_for_passkey(PASSWORD).await.json(200);
    let options = &asked["publicKey"];
    assert_eq!(options["rp"]["id"], "localhost");
    assert_eq!(options["user"]["name"], "ada");
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 1);
    // With this extension, authenticators that do not have it would refuse.
    assert_eq!(options["extensions"].get("enforceCredentialProtectionPolicy"), None);
    // 128 bits and 256 bits in base64url. The handle is not the username.
    assert_eq!(options["challenge"].as_str().unwrap().len(), 22);
    assert_eq!(options["user"]["id"].as_str().unwrap().len(), 43);

    let asked = Client::guest(&cloud).ask_for_passkey_sign_in().await.json(200);
    assert_eq!(asked["publicKey"]["userVerification"], "required");
    assert_eq!(asked["publicKey"]["allowCredentials"], json!([]), "nobody learns which passkeys exist");
    cloud.stop().await;
}

#[tokio::test]
async fn a_wrong_password_adds_no_passkey_and_is_counted() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for _ in 0..5 {
        assert_eq!(ada.ask_for_passkey("battery staple").await.wrong_fields(403), ["password"]);
    }
    let waiting = ada.ask_for_passkey(PASSWORD).await;
    assert_eq!(waiting.problem(429)["type"], "/api/problems/too-many-attempts");
    assert_ne!(waiting.header("retry-after"), "");
    cloud.stop().await;
}

#[tokio::test]
async fn a_new_passkey_of_another_origin_or_site_or_without_verification_is_refused() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let wrong: [fn(&mut Authenticator); 3] = [
        |it| it.origin = "https://evil.example".into(),
        |it| it.rp_id = "evil.example".into(),
        |it| it.verified = false,
    ];
    for change in wrong {
        let mut authenticator = Authenticator::new(&cloud.address());
        change(&mut authenticator);
        let options = ada.ask_for_passkey(PASSWORD).await.json(200);
        not_added(&ada.add_passkey("Phone", authenticator.create(&options)).await);
    }
    // A signature for a sign-in is no new passkey.
    let mut authenticator = Authenticator::new(&cloud.address());
    let options = ada.ask_for_passkey(PASSWORD).await.json(200);
    let assertion = authenticator.get(&options);
    assert_eq!(ada.add_passkey("Phone", assertion).await.wrong_fields(422), ["credential"]);
    assert_eq!(ada.passkeys().await.json(200), json!({ "passkeys": [] }));
    cloud.stop().await;
}

#[tokio::test]
async fn a_challenge_for_a_new_passkey_is_valid_once_and_in_its_session_only() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let bob = Client::signed_up(&cloud, "bob").await;
    let mut authenticator = Authenticator::new(&cloud.address());
    let options = ada.ask_for_passkey(PASSWORD).await.json(200);
    let credential = authenticator.create(&options);
    not_added(&bob.add_passkey("Phone", credential.clone()).await);
    ada.add_passkey("Phone", credential.clone()).await.json(201);
    not_added(&ada.add_passkey("Phone", credential).await);
    // A challenge for a sign-in is for nothing else.
    let options = Client::guest(&cloud).ask_for_passkey_sign_in().await.json(200);
    let mut options = options;
    options["publicKey"]["user"] = json!({ "id": "" });
    not_added(&ada.add_passkey("Phone", authenticator.another().create(&options)).await);
    // An account has it.
    let options = bob.ask_for_passkey(PASSWORD).await.json(200);
    not_added(&bob.add_passkey("Phone", authenticator.create(&options)).await);
    assert_eq!(bob.passkeys().await.json(200), json!({ "passkeys": [] }));
    cloud.stop().await;
}

#[tokio::test]
async fn an_expired_challenge_is_refused() {
    let cloud = TestCloud::start().await;
    cloud.keep_expired_items();
    let (ada, mut authenticator, _) = with_passkey(&cloud, "ada").await;
    let past = || AttributeValue::N((jiff::Timestamp::now().as_second() - 1).to_string());

    let options = ada.ask_for_passkey(PASSWORD).await.json(200);
    set(&cloud, "challenge#passkey#", "expires", past()).await;
    not_added(&ada.add_passkey("Key", authenticator.another().create(&options)).await);

    let guest = Client::guest(&cloud);
    let options = guest.ask_for_passkey_sign_in().await.json(200);
    set(&cloud, "challenge#sign-in#", "expires", past()).await;
    refused(&guest.sign_in_with_passkey(authenticator.get(&options)).await);
    sign_in(&guest, &mut authenticator).await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn a_sign_in_of_another_origin_or_site_or_user_or_without_verification_is_refused() {
    let cloud = TestCloud::start().await;
    let (_, authenticator, _) = with_passkey(&cloud, "ada").await;
    let (_, bobs, _) = with_passkey(&cloud, "bob").await;
    let guest = Client::guest(&cloud);
    let wrong: [fn(&mut Authenticator, &Authenticator); 5] = [
        |it, _| it.origin = "https://evil.example".into(),
        |it, _| it.origin = it.origin.replace("localhost", "sub.localhost"),
        |it, _| it.rp_id = "evil.example".into(),
        |it, _| it.verified = false,
        // The passkey of one account does not open another one.
        |it, bobs| it.user_handle.clone_from(&bobs.user_handle),
    ];
    for change in wrong {
        let mut authenticator = authenticator.clone();
        change(&mut authenticator, &bobs);
        refused(&sign_in(&guest, &mut authenticator).await);
    }
    // Another key signs under the name of a known passkey.
    let options = guest.ask_for_passkey_sign_in().await.json(200);
    let mut forged = bobs.clone().get(&options);
    let own = authenticator.clone().get(&options);
    for member in ["id", "rawId"] {
        forged[member] = own[member].clone();
    }
    forged["response"]["userHandle"] = own["response"]["userHandle"].clone();
    refused(&guest.sign_in_with_passkey(forged).await);
    cloud.stop().await;
}

#[tokio::test]
async fn an_unknown_passkey_is_refused_exactly_as_a_wrong_one_is() {
    let cloud = TestCloud::start().await;
    let (ada, mut authenticator, passkey) = with_passkey(&cloud, "ada").await;
    let guest = Client::guest(&cloud);
    let mut stranger = authenticator.another();
    stranger.user_handle.clone_from(&authenticator.user_handle);
    let unknown = sign_in(&guest, &mut stranger).await;
    refused(&unknown);
    let mut unverified = authenticator.clone();
    unverified.verified = false;
    let wrong = sign_in(&guest, &mut unverified).await;
    ada.remove_passkey(passkey["id"].as_str().unwrap()).await.empty(204);
    let removed = sign_in(&guest, &mut authenticator).await;
    for other in [wrong, removed] {
        let (one, other) = (unknown.problem(401), other.problem(401));
        for member in ["type", "title", "detail", "errors"] {
            assert_eq!(one.get(member), other.get(member));
        }
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_signature_is_accepted_once() {
    let cloud = TestCloud::start().await;
    let (ada, mut authenticator, _) = with_passkey(&cloud, "ada").await;
    let guest = Client::guest(&cloud);
    let options = guest.ask_for_passkey_sign_in().await.json(200);
    let signed = authenticator.get(&options);
    guest.sign_in_with_passkey(signed.clone()).await.json(200);
    refused(&guest.sign_in_with_passkey(signed).await);
    // The challenge of a new passkey is for nothing else.
    let options = ada.ask_for_passkey(PASSWORD).await.json(200);
    refused(&guest.sign_in_with_passkey(authenticator.get(&options)).await);
    cloud.stop().await;
}

#[tokio::test]
async fn a_counter_that_goes_back_is_refused_and_logged() {
    let (cloud, logs) = Logs::of_a_cloud("INFO").await;
    let (_, mut authenticator, passkey) = with_passkey(&cloud, "ada").await;
    let guest = Client::guest(&cloud);
    let mut copy = authenticator.clone();
    for _ in 0..2 {
        sign_in(&guest, &mut authenticator).await.json(200);
    }
    refused(&sign_in(&guest, &mut copy).await);
    let line = logs.lines(1, "Http", |line| line["passkey"].is_string()).await.remove(0);
    assert_eq!(line["passkey"], passkey["id"]);
    assert!(line["message"].as_str().unwrap().contains("went back"), "{line}");
    let failed = logs.lines(1, "Http", |line| line["reason"] == "wrong passkey").await.remove(0);
    assert_ne!(failed["account"], "");
    assert_ne!(failed["account"], "ada");
    cloud.stop().await;
}

#[tokio::test]
async fn the_eleventh_passkey_is_refused_until_one_is_removed() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let mut authenticator = Authenticator::new(&cloud.address());
    let ahead = ada.ask_for_passkey(PASSWORD).await.json(200);
    let ids: Vec<Value> = {
        let mut ids = Vec::new();
        for _ in 0..10 {
            ids.push(add(&ada, &mut authenticator.another()).await["id"].clone());
        }
        ids
    };
    let asked = ada.ask_for_passkey(PASSWORD).await;
    assert_eq!(asked.problem(409)["type"], "/api/problems/too-many-passkeys");
    let added = ada.add_passkey("Phone", authenticator.create(&ahead)).await;
    assert_eq!(added.problem(409)["type"], "/api/problems/too-many-passkeys");
    ada.remove_passkey(ids[3].as_str().unwrap()).await.empty(204);
    add(&ada, &mut authenticator.another()).await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_passkey_is_removed_by_its_owner_only() {
    let cloud = TestCloud::start().await;
    let (ada, mut authenticator, passkey) = with_passkey(&cloud, "ada").await;
    let bob = Client::signed_up(&cloud, "bob").await;
    let id = passkey["id"].as_str().unwrap();
    for id in [id, "nothing"] {
        assert_eq!(bob.remove_passkey(id).await.problem(404)["type"], "/api/problems/no-such-passkey");
    }
    sign_in(&Client::guest(&cloud), &mut authenticator).await.json(200);
    ada.remove_passkey(id).await.empty(204);
    ada.remove_passkey(id).await.problem(404);
    refused(&sign_in(&Client::guest(&cloud), &mut authenticator).await);
    cloud.stop().await;
}

#[tokio::test]
async fn a_disabled_account_a_deleted_one_and_a_new_password_by_link_refuse_passkeys() {
    let cloud = TestCloud::start().await;
    let administrator = Client::signed_up(&cloud, "administrator").await;
    let (_, mut authenticator, _) = with_passkey(&cloud, "ada").await;
    let guest = Client::guest(&cloud);
    let act = |action: &'static str| {
        let path = format!("/api/admin/users/ada/{action}");
        Response::to(administrator.request(Method::POST, &path))
    };
    act("disable").await.empty(204);
    let disabled = sign_in(&guest, &mut authenticator).await;
    assert_eq!(disabled.problem(403)["type"], "/api/problems/account-disabled");
    act("enable").await.empty(204);
    sign_in(&guest, &mut authenticator).await.json(200);

    let token = act("password-link").await.json(201)["token"].clone();
    let new = json!({ "token": token, "newPassword": "battery staple" });
    let set = Response::to(guest.request(Method::POST, "/api/account/new-password").json(&new)).await;
    set.json(200);
    let ada = guest.with_cookie(set.cookie());
    assert_eq!(ada.passkeys().await.json(200), json!({ "passkeys": [] }));
    refused(&sign_in(&guest, &mut authenticator).await);

    let options = ada.ask_for_passkey("battery staple").await.json(200);
    ada.add_passkey("Phone", authenticator.create(&options)).await.json(201);
    ada.delete_account("battery staple").await.empty(204);
    refused(&sign_in(&guest, &mut authenticator).await);
    cloud.stop().await;
}

#[tokio::test]
async fn malformed_credentials_are_named() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let mut authenticator = Authenticator::new(&cloud.address());
    let options = ada.ask_for_passkey(PASSWORD).await.json(200);
    let credential = authenticator.create(&options);
    for wrong in [json!(null), json!("text"), json!([]), json!({}), json!({ "response": {} })] {
        assert_eq!(
            ada.add_passkey("Phone", wrong.clone()).await.wrong_fields(422),
            ["credential"],
            "{wrong}"
        );
        assert_eq!(
            ada.sign_in_with_passkey(wrong.clone()).await.wrong_fields(422),
            ["credential"],
            "{wrong}"
        );
    }
    let nameless = ada.add_passkey(" ", credential).await;
    assert_eq!(nameless.wrong_fields(422), ["name"]);
    // The password still works, and a session of a passkey has all rights.
    Client::guest(&cloud).sign_in(credentials("ada", PASSWORD)).await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn a_sign_in_with_a_passkey_takes_four_requests() {
    let cloud = TestCloud::start().await;
    let (_, mut authenticator, _) = with_passkey(&cloud, "ada").await;
    let guest = Client::guest(&cloud);
    guest.ask_for_passkey_sign_in().await.json(200);
    cloud.forget_calls().await;
    let options = guest.ask_for_passkey_sign_in().await.json(200);
    cloud.rests().await;
    assert_eq!(cloud.calls().len(), 3, "a count that exists takes a second attempt: {:?}", cloud.calls());
    cloud.forget_calls().await;
    guest.sign_in_with_passkey(authenticator.get(&options)).await.json(200);
    cloud.rests().await;
    let calls = cloud.calls().into_iter().map(|call| format!("{} {}", call.action, call.resource));
    assert_eq!(
        calls.collect::<Vec<_>>(),
        [
            "dynamodb:DeleteItem Users",
            "dynamodb:GetItem Users",
            "dynamodb:GetItem Users",
            "dynamodb:TransactWriteItems Sessions, Users"
        ]
    );
    cloud.stop().await;
}
