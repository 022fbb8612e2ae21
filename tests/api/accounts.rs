//! Creating an account.

use serde_json::json;

use crate::support::TestCloud;
use crate::support::client::{Client, PASSWORD, credentials};

#[tokio::test]
async fn signing_up_signs_in() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    let request = json!({ "username": "Ada", "password": PASSWORD, "displayName": " Ada Lovelace " });
    let response = guest.sign_up(request).await;
    let account = response.json(201);
    assert_eq!((&account["username"], &account["displayName"]), (&json!("ada"), &json!("Ada Lovelace")));
    assert_eq!(guest.with_cookie(response.cookie()).who_am_i().await.json(200), account);
    cloud.stop().await;
}

#[tokio::test]
async fn the_display_name_defaults_to_the_username() {
    let cloud = TestCloud::start().await;
    let account = Client::guest(&cloud).sign_up(credentials("Ada", PASSWORD)).await.json(201);
    assert_eq!(account["displayName"], "ada");
    cloud.stop().await;
}

#[tokio::test]
async fn a_taken_username_is_refused_without_a_session() {
    let cloud = TestCloud::start().await;
    Client::signed_up(&cloud, "ada").await;
    let again = Client::guest(&cloud).sign_up(credentials("ADA", "another password")).await;
    assert_eq!(again.wrong_fields(409), ["username"]);
    assert_eq!(again.header("set-cookie"), "");
    assert_eq!(cloud.rows("Sessions").await.len(), 1);
    cloud.stop().await;
}

#[tokio::test]
async fn an_account_is_accepted_within_its_limits_and_refused_beyond() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    let ok = [
        credentials("abc", PASSWORD),
        credentials(&"a".repeat(32), PASSWORD),
        credentials("a_-9", "x7-9!kQz"),
        credentials("longest-password", &format!("x7-9!kQz{}", "ä".repeat(120))),
        json!({ "username": "shortest-name", "password": PASSWORD, "displayName": "Ä" }),
        json!({ "username": "longest-name", "password": PASSWORD, "displayName": "Ä".repeat(64) }),
    ];
    for request in ok {
        guest.sign_up(request).await.json(201);
    }
    let wrong = [
        ("username", credentials("ab", PASSWORD)),
        ("username", credentials(&"a".repeat(33), PASSWORD)),
        ("username", credentials("a b c", PASSWORD)),
        ("username", credentials("ädä", PASSWORD)),
        ("password", credentials("short-password", &"p".repeat(7))),
        ("password", credentials("long-password", &"p".repeat(129))),
        ("displayName", json!({ "username": "no-name", "password": PASSWORD, "displayName": " " })),
        (
            "displayName",
            json!({ "username": "no-name", "password": PASSWORD, "displayName": "Ä".repeat(65) }),
        ),
        ("displayName", json!({ "username": "no-name", "password": PASSWORD, "displayName": "a\nb" })),
        ("displayName", json!({ "username": "no-name", "password": PASSWORD, "displayName": null })),
        ("admin", json!({ "username": "no-name", "password": PASSWORD, "admin": true })),
        ("username", json!({ "username": 3, "password": PASSWORD })),
        ("password", json!({ "username": "no-name" })),
    ];
    for (field, request) in wrong {
        assert_eq!(guest.sign_up(request.clone()).await.wrong_fields(422), [field], "{request}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn all_invalid_fields_are_reported_at_once() {
    let cloud = TestCloud::start().await;
    let request = json!({ "username": "a", "password": "p", "displayName": "", "admin": true });
    let response = Client::guest(&cloud).sign_up(request).await;
    assert_eq!(response.wrong_fields(422), ["admin", "displayName", "password", "username"]);
    cloud.stop().await;
}

#[tokio::test]
async fn no_response_contains_a_password_or_its_hash() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    for response in [
        guest.sign_up(credentials("ada", PASSWORD)).await,
        guest.sign_up(credentials("ada", PASSWORD)).await,
        guest.sign_in(credentials("ada", PASSWORD)).await,
        guest.sign_in(credentials("bob", PASSWORD)).await,
    ] {
        assert!(!response.body.contains(PASSWORD) && !response.body.contains("argon2"), "{response:?}");
    }
    cloud.stop().await;
}
